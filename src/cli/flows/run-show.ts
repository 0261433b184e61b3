import { EXIT } from "../exit.ts";
import type { PlanFormat } from "../flags/plan-formats.ts";
import { loadSavedPlan } from "../plans/saved-plan.ts";
import { writePlan } from "../plans/write-plan.ts";
import type { Outcome, Session } from "../session.ts";

/** Shows a saved plan again. */
export async function runShow(session: Session, file: string, formats: readonly PlanFormat[]): Promise<Outcome> {
  const plan = await loadSavedPlan(session, file);
  await writePlan(session, plan, { formats, planFile: file });
  return { exit: EXIT.done, diagnostics: [], document: { plan } };
}
