import type { Diagnostic } from "../model/diagnostic.ts";
import { parseJson } from "../model/parse-json.ts";
import type { Plan } from "../model/plan.ts";
import { digestPlan } from "./digest.ts";
import { isPlan } from "./plan-shape.ts";

/**
 * Reads a saved plan. A plan whose digest does not fit its content was changed by somebody and is refused; so is one of a format
 * this version does not know.
 */
export function readPlan(
  text: string,
  file: string,
): { readonly plan: Plan | undefined; readonly diagnostics: readonly Diagnostic[] } {
  const at = { file, line: 1, column: 1, length: 1 };
  const refuse = (code: Diagnostic["code"], summary: string, detail: string): ReturnType<typeof readPlan> => ({
    plan: undefined,
    diagnostics: [
      { code, severity: "error", summary, detail, fix: "Make the plan again with `axcess plan --out FILE`.", at },
    ],
  });
  const value: unknown = parseJson(text);
  if (value === undefined) return refuse("AX330", "Not a saved plan", "The file is not JSON that could be a plan.");
  if (!isPlanShaped(value))
    return refuse("AX330", "Not a saved plan", "The file lacks what a saved plan of axcess has.");
  if (value.format !== 1) {
    return refuse(
      "AX331",
      "Unknown plan format",
      `The plan has format ${JSON.stringify(value.format)}; this version reads format 1.`,
    );
  }
  if (digestPlan(value) !== value.digest) {
    return refuse("AX332", "The plan was changed", "Its digest does not fit its content: it is not what axcess wrote.");
  }
  return { plan: value, diagnostics: [] };
}

/** A format of another version may look otherwise; only this one is looked into. */
function isPlanShaped(value: unknown): value is Plan {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return false;
  return ("format" in value && value.format !== 1) || isPlan(value);
}
