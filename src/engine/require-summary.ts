import { DiagnosedError } from "../model/errors.ts";
import type { Plan } from "../model/plan.ts";
import { namePart } from "../model/shard.ts";
import type { Summary } from "../model/summary.ts";

/** What whoever applies a part shows for the whole: its summary, or that it is meant without one. */
export type ShownSummary = Summary | "none";

/** Refuses the plan of a part that no summary lets through. Throws DiagnosedError (AX425). */
export function requireSummary(plan: Plan | undefined, summary: ShownSummary | undefined): void {
  if (summary === "none") return;
  const refused = findRefusal(plan, summary);
  if (refused === undefined) return;
  throw new DiagnosedError([
    {
      ...{ code: "AX425", severity: "error", summary: "No summary lets this part be applied" },
      detail: `${refused} Nothing was changed.`,
      fix: "Plan all parts, axcess summary PLAN... --out summary.json, then apply PLAN --summary summary.json. --no-summary sets this aside for one run.",
    },
  ]);
}

function findRefusal(plan: Plan | undefined, summary: Summary | undefined): string | undefined {
  if (plan?.shard === undefined) return "What is planned only now stands in no summary.";
  if (summary === undefined) return "The plan is of a part of the account, and nobody judged the whole.";
  const { shard } = plan;
  const named = summary.parts.find(({ part }) => part === shard.part);
  if (summary.whole !== shard.whole || named?.digest !== plan.digest)
    return `The summary does not name this plan of ${namePart(shard.part)}: one of them was made anew.`;
  if (summary.blocks.length === 0) return undefined;
  return `The summary is blocked. ${summary.blocks.map(({ detail, release }) => `${detail} (${release})`).join(" ")}`;
}
