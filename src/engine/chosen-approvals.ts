import { selectApprovals } from "../apply/approvals.ts";
import type { Voting } from "../apply/judge-approvals.ts";
import type { HeldApproval } from "../model/approval.ts";
import type { ChangeId, Step } from "../model/change.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { Plan } from "../model/plan.ts";
import { makeVoting, type Rules } from "./hold-approvals.ts";
import { findStanding, type Standing, tellShortfalls } from "./standing.ts";

/** What one run holds of approvals, and what they come to. */
export interface ChosenApprovals {
  /** All that name a change and have not expired, by change. */
  readonly given: ReadonlyMap<ChangeId, readonly HeldApproval[]>;
  /** Held changes that enough people approved. */
  readonly released: ReadonlySet<ChangeId>;
  readonly voting: Voting;
  /** The rules of the manifest are the rules from now on, by these approvals where they are weaker; undefined: the old ones go on. */
  readonly rulesBy: readonly HeldApproval[] | undefined;
}

/** Whether a step will run, as far as its gate tells; the last word on that has whoever runs it. */
export function isReady(step: Step, { released }: Pick<ChosenApprovals, "released">): boolean {
  return step.gate.state === "open" || (step.gate.state === "held" && released.has(step.id));
}

/** Approvals, counted by the rules of this run, and what is to be said of those that do not count. */
export type CountedApprovals = ChosenApprovals & {
  readonly standing: Standing;
  readonly notes: readonly Diagnostic[];
  readonly shortfalls: readonly Diagnostic[];
};

/** Counts approvals by the rules of a run. */
export function countApprovals(
  counting: { readonly plan: Plan; readonly rules: Rules; readonly authors: readonly string[]; readonly now: Date },
  approvals: readonly HeldApproval[],
): CountedApprovals {
  const { plan, now } = counting;
  const { approvals: given, notes } = selectApprovals(plan, approvals, now);
  const { voting, released: rulesBy } = makeVoting(plan, approvals, counting);
  const standing = findStanding(plan, given, { voting, now });
  const shortfalls = tellShortfalls(standing);
  const released = new Set([...standing].flatMap(([id, { isEnough }]) => (isEnough ? [id] : [])));
  return { given, released, voting, rulesBy, standing, notes: [...notes, ...shortfalls], shortfalls };
}
