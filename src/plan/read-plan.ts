import type { Diagnostic } from "../model/diagnostic.ts";
import type { Plan } from "../model/plan.ts";
import { digestPlan } from "./digest.ts";

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
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return refuse("AX330", "Not a saved plan", `The file is not JSON: ${(error as Error).message}`);
  }
  if (!isPlanShaped(value))
    return refuse("AX330", "Not a saved plan", "The file lacks what a saved plan of axcess has.");
  if (value.format !== 1) {
    return refuse(
      "AX331",
      "Unknown plan format",
      `The plan has format ${String(value.format)}; this version reads format 1.`,
    );
  }
  if (digestPlan(value) !== value.digest) {
    return refuse("AX332", "The plan was changed", "Its digest does not fit its content: it is not what axcess wrote.");
  }
  return { plan: value, diagnostics: [] };
}

/** Checks as much as is needed to compute the digest, which then vouches for the rest. */
function isPlanShaped(value: unknown): value is Plan {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return false;
  const lists = ["steps", "unknowns", "withheld", "incomplete", "lapses", "notes", "authoritative", "assertions"];
  const members = value as Readonly<Record<string, unknown>>;
  return (
    lists.every((list) => Array.isArray(members[list])) && typeof members["digest"] === "string" && "access" in value
  );
}
