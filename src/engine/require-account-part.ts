import type { Step } from "../model/change.ts";
import { DiagnosedError } from "../model/errors.ts";
import { isSameJson } from "../model/json.ts";
import type { PlanInput } from "../plan/make-plan.ts";
import { planFrom, type Sight } from "./read-sight.ts";

/** How many changes are named. */
const MOST_NAMED = 5;

/**
 * Refuses to run changes of a shard that rest on what the account part has not done yet: on the account as it is they would be other
 * changes, or judged otherwise. Throws DiagnosedError (AX423).
 */
export function requireAccountPart(
  ready: readonly Step[],
  { sight, ...options }: { readonly sight: Sight } & Pick<PlanInput, "memory" | "limits" | "rules">,
): void {
  if (sight.shard === undefined || sight.shard.part === "account" || ready.length === 0) return;
  const now = new Map(planFrom(sight, { ...options, asItIs: true }).steps.map((step) => [step.address, step] as const));
  const early = ready.filter((step) => !isSameDeed(step, now.get(step.address)));
  if (early.length === 0) return;
  const named = early.slice(0, MOST_NAMED).map(({ op, address }) => `${op} ${address}`);
  const more = early.length > MOST_NAMED ? `, and ${early.length - MOST_NAMED} more` : "";
  throw new DiagnosedError([
    {
      ...{ code: "AX423", severity: "error", summary: "The account part comes first" },
      detail: `It has not done yet what these changes rest on: ${named.join(", ")}${more}. Nothing was changed.`,
      fix: `Apply the account part (--shard account/${sight.shard.of}), and mend what blocks it; or plan without these changes: --exclude.`,
    },
  ]);
}

function isSameDeed(step: Step, other: Step | undefined): boolean {
  return other !== undefined && step.id === other.id && isSameJson(step.gate, other.gate);
}
