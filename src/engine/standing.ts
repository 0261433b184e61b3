import { isHeldByRules, judgeApprovals, type Verdict, type Voting } from "../apply/judge-approvals.ts";
import { needsApproval } from "../apply/may-run.ts";
import type { HeldApproval } from "../model/approval.ts";
import type { ChangeId } from "../model/change.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { Plan } from "../model/plan.ts";

/** How approved each change is that waits for approvals. */
export type Standing = ReadonlyMap<ChangeId, Verdict>;

/** Counts the approvals of everything in a plan that only runs with some. */
export function findStanding(
  plan: Plan,
  given: ReadonlyMap<ChangeId, readonly HeldApproval[]>,
  judging: { readonly voting: Voting; readonly now: Date },
): Standing {
  const waiting = plan.steps.filter(
    (step) => step.gate.state !== "blocked" && (needsApproval(step) || isHeldByRules(step, judging.voting)),
  );
  return new Map(waiting.map((step) => [step.id, judgeApprovals(step, given.get(step.id) ?? [], judging)]));
}

/** The same for `--json`. */
export function describeStanding(standing: Standing): readonly Readonly<Record<string, unknown>>[] {
  return [...standing].map(([change, { needed, people, isEnough, counted, refused }]) => ({
    ...{ change, needed, people, enough: isEnough },
    counted: counted.map(({ by, at, expires, key }) => ({ by, at, expires, key })),
    refused: refused.map(({ approval, code, because }) => ({ by: approval.by, code, because })),
  }));
}

/** What is to be said where approvals were given and are not enough: each reason once, and how many are missing. */
export function tellShortfalls(standing: Standing): readonly Diagnostic[] {
  const notes = new Map<string, Diagnostic>();
  for (const [id, { isEnough, needed, people, counted, refused }] of standing) {
    for (const { code, because } of refused) {
      notes.set(because, { code, severity: "warning", summary: "An approval does not count", detail: because });
    }
    if (isEnough || counted.length + refused.length === 0) continue;
    const detail = `${id} needs the approvals of ${needed} different people, and has ${people}.`;
    notes.set(detail, { code: "AX361", severity: "warning", summary: "Too few approvals", detail });
  }
  return [...notes.values()];
}
