import { DiagnosedError } from "../model/errors.ts";
import type { Plan } from "../model/plan.ts";
import { readPlan } from "../plan/read-plan.ts";

/** A plan that was changed since it was made is refused, as the file of one is. Throws DiagnosedError. */
export function checkPlan(given: Plan): Plan {
  const { plan, diagnostics } = readPlan(JSON.stringify(given), "plan");
  if (plan === undefined) throw new DiagnosedError(diagnostics);
  return plan;
}
