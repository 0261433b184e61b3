import type { Approval } from "../model/approval.ts";
import type { Step } from "../model/change.ts";

/** Whether a step may have its effect. */
export type Permission =
  | { readonly state: "granted"; readonly by: readonly Approval[] }
  | { readonly state: "held"; readonly because: string }
  | { readonly state: "blocked"; readonly because: string };

/**
 * The last word on whether a step may run. A blocked step never does. A held one, and whatever its gate says every deletion
 * and everything that takes access away, does only with an approval that names its id and has not expired at `now`.
 */
export function mayRun(step: Step, approvals: readonly Approval[], now: Date): Permission {
  if (step.gate.state === "blocked") return { state: "blocked", because: step.gate.release };
  if (!needsApproval(step)) return { state: "granted", by: [] };
  const by = approvals.filter((approval) => approval.changes.includes(step.id) && isValid(approval, now));
  return by.length > 0
    ? { state: "granted", by }
    : { state: "held", because: `It waits for an approval of ${step.id}.` };
}

/** True when a step runs only with an approval. */
export function needsApproval(step: Step): boolean {
  if (step.gate.state === "held" || step.op === "delete") return true;
  return step.hazards.some(({ code }) => code === "removes-access");
}

/** True when an approval has not expired. One whose expiry is no instant is not valid. */
export function isValid(approval: Approval, now: Date): boolean {
  return now.getTime() < Date.parse(approval.expires);
}
