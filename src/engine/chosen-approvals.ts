import type { Approval } from "../model/approval.ts";
import type { ChangeId, Step } from "../model/change.ts";

/** The approvals that count for a plan, by change. */
export type ChosenApprovals = ReadonlyMap<ChangeId, readonly Approval[]>;

/** Whether a step will run, as far as its gate tells; the last word on that has whoever runs it. */
export function isReady(step: Step, approvals: ChosenApprovals): boolean {
  return step.gate.state === "open" || (step.gate.state === "held" && approvals.has(step.id));
}
