import type { Verdict } from "../../apply/judge-approvals.ts";
import { type ApprovalNeeds, type ApprovalRules, listHeld } from "../../model/approval-rules.ts";
import type { ChangeId, Step } from "../../model/change.ts";
import type { Plan } from "../../model/plan.ts";
import { harmless } from "./harmless.ts";
import type { HeldView } from "./plan-view.ts";

const MOST_NAMED = 5;

/** How many must approve a held change, and who: `needs 2 approvals by a@x, b@x; signed; not by its author`. */
export function describeNeed(id: ChangeId, { rules, needed, change }: ApprovalNeeds): string {
  const count = needed[id] ?? 1;
  const all = change === undefined ? [rules] : [rules, change.before];
  const words = [...new Set(all.map(describeWho))].join("; and by the rules so far: ");
  return `needs ${count} approval${count === 1 ? "" : "s"}${words}`;
}

/** What the approvals of a plan need, alike ones once, and what only the command line can give; nothing where there are no rules. */
export function listNeeds({ steps, approvals }: Plan): readonly string[] {
  if (approvals === undefined) return [];
  const { rules, change } = approvals;
  const idsOf = new Map<string, ChangeId[]>();
  for (const { id, gate } of steps) {
    if (gate.state !== "held") continue;
    const need = describeNeed(id, approvals);
    idsOf.set(need, [...(idsOf.get(need) ?? []), id]);
  }
  const isSigned = rules.signed || change?.before.signed === true;
  return [
    ...[...idsOf].map(([need, ids]) => `Each of ${ids.join(", ")} ${need}.`),
    ...(isSigned
      ? ["What is approved here is not signed, and does not count: axcess approve PLAN --sign KEYFILE"]
      : []),
    ...(change === undefined
      ? []
      : [
          `The rules become weaker, which is approved at the command line only: axcess approve PLAN --only ${change.id}`,
        ]),
  ];
}

/** What whoever approves a plan must know where its approvals are bound to no ledger; nothing where they are, or nothing is held. */
export function listUnbound({ basis: { ledger }, steps, approvals }: Plan): readonly string[] {
  const waits = approvals?.change !== undefined || steps.some(({ gate }) => gate.state === "held");
  if (!waits || (ledger !== undefined && ledger.seq > 0)) return [];
  const why = ledger === undefined ? "There was no ledger" : "The ledger was empty";
  return [
    `${why} when the plan was made, so that its approvals count for any, also for a copy that does not know that they were used. Where there is one, name it with --ledger and plan again.`,
  ];
}

/** Rules in one line: `1 (irreversible: 2) by a@x; signed`. */
export function describeRules(rules: ApprovalRules): string {
  const special = listHeld(rules).map((code) => `${code}: ${rules.needed[code]}`);
  const numbers = `${rules.needed.default ?? 1}${special.length === 0 ? "" : ` (${special.join(", ")})`}`;
  return `${numbers}${describeWho(rules)}`;
}

function describeWho({ by, notBy, signed }: ApprovalRules): string {
  const named = by?.slice(0, MOST_NAMED).map(harmless).join(", ") ?? "";
  const rest = (by?.length ?? 0) > MOST_NAMED ? ` and ${(by?.length ?? 0) - MOST_NAMED} more` : "";
  return [
    by === undefined ? "" : ` by ${named}${rest}`,
    ...(signed ? ["signed"] : []),
    ...notBy.map((who) => (who === "author" ? "not by its author" : "not by who gains by it")),
  ].join("; ");
}

/** Which approvals are there: who approved, and why others do not count. */
export function describeThere({ needed, people, counted, refused }: Verdict): readonly string[] {
  const who = [...new Set(counted.map(({ by }) => harmless(by)))].join(", ");
  return [
    `${people} of ${needed} there${who === "" ? "" : `: ${who}`}`,
    ...refused.map(({ because }) => harmless(because)),
  ];
}

/** The same of one change of a plan: what its rules ask for and what is there; without rules, who approved it. */
export function describeStandingOf(
  step: Pick<Step, "id">,
  { approvals, standing }: Pick<HeldView, "approvals" | "standing">,
): readonly string[] {
  const verdict = standing?.get(step.id);
  const there =
    verdict === undefined ? [] : approvals === undefined ? describeApprovers(verdict) : describeThere(verdict);
  return [...(approvals === undefined ? [] : [describeNeed(step.id, approvals)]), ...there];
}

/** True where approvals that lie beside the manifest release a change already. */
export function isApproved({ id }: Pick<Step, "id">, { standing }: Pick<HeldView, "standing">): boolean {
  return standing?.get(id)?.isEnough === true;
}

function describeApprovers({ counted }: Verdict): readonly string[] {
  return counted.map(({ by, expires, reason }) => `by ${harmless(by)} until ${expires}: ${harmless(reason)}`);
}
