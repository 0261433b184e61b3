import { DiagnosedError } from "../model/errors.ts";
import type { Plan } from "../model/plan.ts";
import type { Summary } from "../model/summary.ts";
import { findMisfits, isPartPlan, summarizeParts } from "../plan/summarize-parts.ts";

/** The plans of all parts, judged as one. */
export interface JudgedParts {
  readonly summary: Summary;
  /** The account part first, then the shards by number. */
  readonly plans: readonly [Plan, ...Plan[]];
}

/** Judges the plans of all parts of an account as one. Asks no account. Throws DiagnosedError where they are not those of all parts (AX424). */
export function judgeParts(plans: readonly Plan[], limits: Summary["limits"]): JudgedParts {
  const misfits = findMisfits(plans);
  const [first, ...rest] = plans.filter(isPartPlan);
  if (misfits.length > 0 || first === undefined) throw describeMisfits(misfits);
  const summary = summarizeParts([first, ...rest], limits);
  const inOrder = summary.parts.flatMap(({ digest }) => plans.filter((plan) => plan.digest === digest));
  return { summary, plans: inOrder as [Plan, ...Plan[]] };
}

function describeMisfits(misfits: readonly string[]): DiagnosedError {
  return new DiagnosedError(
    misfits.map((detail) => ({
      ...{ code: "AX424", severity: "error", summary: "The plans are not those of all parts" },
      detail,
      fix: "Plan every part with the same manifest and flags, and give each plan once.",
    })),
  );
}
