import { judgeParts } from "../engine/judge-parts.ts";
import { UsageError } from "../model/errors.ts";
import type { Summary } from "../model/summary.ts";
import { checkPlan } from "./check-plan.ts";
import type { SummarizeOptions } from "./options.ts";

/** What the whole may set aside: everything else is for the plan of a part. */
const OF_THE_WHOLE: readonly string[] = ["mass-removal", "assertion"];

/** Judges the plans of all parts of an account as one. Asks no account. */
export function summarizePlans({ plans, limits: { allow = [], ...numbers } = {} }: SummarizeOptions): Summary {
  const strange = allow.find((gate) => !OF_THE_WHOLE.includes(gate));
  if (strange !== undefined) {
    throw new UsageError(
      `\`limits.allow\` has "${strange}", which is for the plan of a part.`,
      "The whole has mass-removal and assertion.",
    );
  }
  return judgeParts(plans.map(checkPlan), { ...numbers, allow }).summary;
}
