import type { Approval } from "../model/approval.ts";
import type { ChangeId } from "../model/change.ts";
import type { LedgerLine } from "../model/ledger.ts";

/**
 * Approvals without the changes that were done by them already. One approval lets one change happen once: where the state comes
 * back and the same change is wanted again, somebody has to want it again.
 */
export function dropSpent<A extends Approval>(approvals: readonly A[], lines: readonly LedgerLine[]): readonly A[] {
  const used = new Map<ChangeId, Set<string>>();
  const spent = new Set<string>();
  for (const { entry } of lines) {
    if (entry.type === "approval") {
      const keys = used.get(entry.change) ?? new Set<string>();
      used.set(entry.change, keys.add(keyOf(entry.change, entry, entry.given)));
      continue;
    }
    // Stryker disable next-line ConditionalExpression: no other line has a result.
    if (entry.type === "outcome" && DONE.includes(entry.result)) {
      // Stryker disable next-line ArrayDeclaration: no approval has a key that is no JSON.
      for (const key of used.get(entry.change) ?? []) spent.add(key);
    }
  }
  return approvals.flatMap((approval) => {
    const changes = approval.changes.filter(
      (change) => !spent.has(keyOf(change, approval, approval.at)) && !spent.has(keyOf(change, approval, undefined)),
    );
    return changes.length === 0 ? [] : [{ ...approval, changes }];
  });
}

const DONE: readonly string[] = ["done", "absent", "settled-done"];

function keyOf(
  change: ChangeId,
  { by, plan, reason }: Pick<Approval, "by" | "plan" | "reason">,
  given: string | undefined,
): string {
  return JSON.stringify([change, by, plan, reason, given]);
}
