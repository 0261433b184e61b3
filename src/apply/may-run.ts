import type { HeldApproval } from "../model/approval.ts";
import type { Step } from "../model/change.ts";
import { hasEnded, isLapseAlone } from "../model/lapsed.ts";
import type { Policy } from "../model/policy.ts";
import { ANYBODY, isHeldByRules, judgeApprovals, type Verdict, type Voting } from "./judge-approvals.ts";

/** Whether a step may have its effect. `lapsed` where its time being over is what lets it, and no approval does. */
export type Permission =
  | { readonly state: "granted"; readonly by: readonly HeldApproval[]; readonly lapsed: boolean }
  | { readonly state: "held"; readonly because: string }
  | { readonly state: "blocked"; readonly because: string };

/** What the run knows by itself, whatever the plan says. */
export interface Moment {
  readonly now: Date;
  /** What the policy of the manifest says of grants whose time is over. */
  readonly expire: Policy["expire"];
  /** Whose approvals count, and how many are needed; left out: one by anybody. */
  readonly voting?: Voting;
}

/**
 * The last word on whether a step may run. A blocked step never does. A held one, and whatever its gate says every deletion
 * and everything that takes access away, does only with approvals that name its id and have not expired at `now`, as many and of
 * whom the rules want. The one exception is a grant whose time is over: there the gate, the step itself, the policy and the clock must all say so.
 */
export function mayRun(step: Step, approvals: readonly HeldApproval[], moment: Moment): Permission {
  if (step.gate.state === "blocked") return { state: "blocked", because: step.gate.release };
  const { now, expire, voting = ANYBODY } = moment;
  const isNamed = isHeldByRules(step, voting);
  const lapses = opensByLapse(step) && !isNamed;
  if (!lapses && !isNamed && !needsApproval(step)) return { state: "granted", by: [], lapsed: false };
  const verdict = judgeApprovals(step, approvals, { voting, now });
  if (verdict.isEnough) return { state: "granted", by: verdict.counted, lapsed: false };
  if (lapses && expire === "automatic" && hasEnded(step.expires, now))
    return { state: "granted", by: [], lapsed: true };
  return { state: "held", because: describeMissing(step, verdict) };
}

/** True when a step runs only with an approval. */
export function needsApproval(step: Step): boolean {
  if (opensByLapse(step)) return false;
  if (step.gate.state === "held" || step.op === "delete") return true;
  return step.hazards.some(({ code }) => code === "removes-access");
}

/** True where the gate says that a grant's time is over, and the step is no more than that. */
function opensByLapse(step: Step): boolean {
  return step.gate.state === "open" && step.gate.by !== undefined && isLapseAlone(step);
}

function describeMissing({ id }: Step, { needed, people, refused }: Verdict): string {
  const waits =
    needed === 1
      ? `It waits for an approval of ${id}.`
      : `It waits for approvals of ${id}: ${people} of ${needed} are there.`;
  // What is wrong with several approvals alike is said once.
  return [...new Set([waits, ...refused.map(({ because }) => because)])].join(" ");
}
