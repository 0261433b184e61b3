import { areSameRules, type RememberedRules, type RulesInForce, withoutSigners } from "../../model/approval-rules.ts";
import type { LedgerLine } from "../../model/ledger.ts";
import type { Plan } from "../../model/plan.ts";
import { recallMemory } from "../../state/memory.ts";
import { harmless } from "../render/harmless.ts";

/** The rules that go on until a weakening is approved, and what of them is not known here, a sentence each. */
interface RecalledRules {
  readonly before: RememberedRules | undefined;
  readonly doubts: readonly string[];
}

/**
 * The old rules of a plan that weakens them. Which keys they let sign stands in the ledger only: where it does not tell these
 * rules, today's list is taken, which may let somebody sign who could not, and that is said.
 */
export function recallRules(
  { approvals, digest }: Plan,
  now: RulesInForce | undefined,
  ledger: { readonly location: string; readonly lines: readonly LedgerLine[] },
): RecalledRules {
  const change = approvals?.change;
  if (change === undefined) return { before: undefined, doubts: [] };
  const { rules: known } = recallMemory(ledger.lines);
  if (known !== undefined && areSameRules(withoutSigners(known.rules), change.before)) {
    return { before: known, doubts: [] };
  }
  const before = { rules: { ...change.before, ...(now?.signers !== undefined && { signers: now.signers }) } };
  return { before: { ...before, line: digest }, doubts: change.before.signed ? [describeDoubt(ledger.location)] : [] };
}

function describeDoubt(location: string): string {
  return `The ledger at ${harmless(location)} does not tell which keys may sign by the old rules: today's list was taken, and apply may count fewer. Name the ledger with --ledger.`;
}
