import { findGains, judgeApprovals, type Voting } from "../apply/judge-approvals.ts";
import type { Approval, HeldApproval } from "../model/approval.ts";
import type { RememberedRules, RulesInForce, SignerList } from "../model/approval-rules.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { LedgerLine } from "../model/ledger.ts";
import type { Plan } from "../model/plan.ts";
import type { PlanInput } from "../plan/make-plan.ts";
import { dropSpent } from "../state/spent-approvals.ts";
import { checkSignatures, type KeygenPlace } from "./run-ssh-keygen.ts";

/** The rules of the manifest and those that the ledger remembers. */
export interface Rules {
  readonly now?: RulesInForce | undefined;
  readonly before?: RememberedRules | undefined;
}

/** The same for planning. */
export function givenRules({ now, before }: Rules): NonNullable<PlanInput["rules"]> {
  return { ...(now !== undefined && { now }), ...(before !== undefined && { before }) };
}

/** The approvals from files, as far as they are of any use to a plan: signatures looked at, what was used already left out. */
export async function holdApprovals(
  place: KeygenPlace,
  holding: {
    readonly plan: Plan;
    readonly approvals: readonly Approval[];
    readonly lines: readonly LedgerLine[];
    readonly rules: Rules;
  },
): Promise<{ readonly approvals: readonly HeldApproval[]; readonly notes: readonly Diagnostic[] }> {
  const { plan, approvals, lines, rules } = holding;
  const ids = new Set([
    ...plan.steps.map(({ id }) => id),
    // Stryker disable next-line ArrayDeclaration: no approval names what is no change id.
    ...(plan.approvals?.change ? [plan.approvals.change.id] : []),
  ]);
  const isOfPlan = ({ changes }: Approval): boolean => changes.some((id) => ids.has(id));
  const lists = [rules.now?.signers, rules.before?.rules.signers].filter(
    (list): list is SignerList => list !== undefined,
  );
  const checked = await checkSignatures(place, approvals.filter(isOfPlan), lists);
  const others = approvals.filter((approval) => !isOfPlan(approval));
  const left = dropSpent([...checked.approvals, ...others], lines);
  return { approvals: left, notes: [...checked.diagnostics, ...describeSpent(checked.approvals, left, ids)] };
}

/** Under which rules approvals count: until a weakening is approved by the old ones, the old ones and the new. */
export function makeVoting(
  plan: Plan,
  approvals: readonly HeldApproval[],
  { rules, authors, now }: { readonly rules: Rules; readonly authors: readonly string[]; readonly now: Date },
): { readonly voting: Voting; readonly released: readonly HeldApproval[] | undefined } {
  const base = { authors, gains: findGains(plan) };
  const current = rules.now === undefined ? [] : [rules.now];
  const change = plan.approvals?.change;
  if (change === undefined || rules.before === undefined) return { voting: { ...base, rules: current }, released: [] };
  const old = { ...base, rules: [rules.before.rules] };
  const verdict = judgeApprovals({ id: change.id }, approvals, { voting: old, now });
  if (verdict.isEnough) return { voting: { ...base, rules: current }, released: verdict.counted };
  return { voting: { ...base, rules: [rules.before.rules, ...current] }, released: undefined };
}

function describeSpent(
  before: readonly HeldApproval[],
  left: readonly HeldApproval[],
  ids: ReadonlySet<string>,
): readonly Diagnostic[] {
  return before.flatMap((approval) => {
    const rest = left.find(
      ({ by, at, plan, reason }) =>
        by === approval.by && at === approval.at && plan === approval.plan && reason === approval.reason,
    );
    const spent = approval.changes.filter((id) => ids.has(id) && rest?.changes.includes(id) !== true);
    if (spent.length === 0) return [];
    return [
      {
        code: "AX371",
        severity: "note",
        summary: "An approval was used already",
        detail: `What ${approval.by} approved on ${approval.at} was done by that approval, and is wanted again: ${spent.join(", ")}.`,
        fix: "Have it approved again.",
      } satisfies Diagnostic,
    ];
  });
}
