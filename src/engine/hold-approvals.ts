import { findGains, judgeApprovals, type Voting } from "../apply/judge-approvals.ts";
import type { Approval, HeldApproval } from "../model/approval.ts";
import type { RememberedRules, RulesInForce, SignerList } from "../model/approval-rules.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import { holdsHead, type LedgerLine } from "../model/ledger.ts";
import type { Plan } from "../model/plan.ts";
import type { PlanInput } from "../plan/make-plan.ts";
import type { Ledger } from "../state/ledger.ts";
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

/**
 * The approvals from files, as far as they are of any use to a plan: signatures looked at, those of another ledger and what was
 * used already left out.
 */
export async function holdApprovals(
  place: KeygenPlace,
  holding: {
    readonly plan: Plan;
    readonly approvals: readonly Approval[];
    /** Of the ledger; undefined only where the one that decides is not at hand, and what it would say is told as a doubt. */
    readonly lines: readonly LedgerLine[] | undefined;
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
  if (lines === undefined) return { approvals: [...checked.approvals, ...others], notes: checked.diagnostics };
  const isStrange = (approval: HeldApproval): approval is Strange =>
    approval.ledger !== undefined && !holdsHead(lines, approval.ledger);
  const strange = checked.approvals.filter(isStrange);
  const bound = checked.approvals.filter((approval) => !isStrange(approval));
  const left = dropSpent([...bound, ...others], lines);
  return {
    approvals: left,
    notes: [...checked.diagnostics, ...strange.map(describeStrange), ...describeSpent(bound, left, ids)],
  };
}

/** The lines that tell which of these approvals were used: none was before the line that it is bound to. */
export async function readUses(
  ledger: Pick<Ledger, "history" | "recent">,
  approvals: readonly Approval[],
): Promise<readonly LedgerLine[]> {
  if (approvals.length === 0) return ledger.recent();
  const heads = approvals.flatMap((approval) => approval.ledger ?? []);
  return heads.length < approvals.length ? ledger.history() : ledger.history(heads);
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

/** One that was given on a ledger which this one did not grow out of. */
type Strange = HeldApproval & Required<Pick<HeldApproval, "ledger">>;

function describeStrange({ by, at, changes, ledger }: Strange): Diagnostic {
  return {
    code: "AX404",
    severity: "warning",
    summary: "An approval was given on another ledger",
    detail: `What ${by} approved on ${at} counts only for a ledger with the line ${ledger.seq} (${ledger.digest}), and this one does not hold it: it is another one, or an older copy that does not know what was used since. It counts for nothing: ${changes.join(", ")}.`,
    fix: "Make a new plan, and have it approved anew. Where --ledger names the wrong ledger, name the one the plan was made with.",
  };
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
