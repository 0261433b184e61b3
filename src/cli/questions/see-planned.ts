import { listPlannedPlaces, predictPlanned, requirePlansAccount } from "../../engine/predict-planned.ts";
import type { Address } from "../../model/address.ts";
import type { World } from "../../model/resource.ts";
import { loadSavedPlan } from "../plans/saved-plan.ts";
import { renderDiagnostics } from "../render/diagnostics-text.ts";
import type { Session } from "../session.ts";
import { listUnread, readAround } from "./read-around.ts";
import { findDeclared, type SeenWorld } from "./see-world.ts";

/**
 * The world once a saved plan is done on the account as it is now, read as far as one place, or the whole account, needs.
 * Tells where the account no longer fits the plan. Throws UsageError when the plan is for another account.
 */
export async function seePlanned(
  session: Session,
  file: string,
  place: Address | undefined,
): Promise<SeenWorld & { readonly before: World; readonly unread: readonly string[] }> {
  const plan = await loadSavedPlan(session, file);
  const declared = await findDeclared(session);
  const places = place && listPlannedPlaces(place, plan);
  const observation = await readAround(session, { places }, (accountUrl) => requirePlansAccount(plan, accountUrl));
  const { movement, sourceOf, ...predicted } = predictPlanned(observation, plan);
  session.tell(renderDiagnostics(movement, session.errorPaint));
  return {
    ...predicted,
    sourceOf: (grant) => sourceOf(grant) ?? declared.sourceOf(grant),
    settings: declared.settings,
    unread: listUnread(observation),
    diagnostics: [...observation.notes, ...movement],
  };
}
