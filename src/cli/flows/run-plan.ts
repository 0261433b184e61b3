import type { Limits } from "../../model/policy.ts";
import type { PlanFormat } from "../flags/plan-formats.ts";
import { planAndShow } from "../plans/plan-and-show.ts";
import type { Outcome, Session } from "../session.ts";

/** What `plan` was asked for. */
export interface PlanRequest {
  readonly out: string | undefined;
  readonly formats: readonly PlanFormat[];
  readonly detailedExitcode: boolean;
  readonly limits: Limits;
}

/** Shows what would make the manifest true, and saves it where asked. */
export async function runPlan(session: Session, request: PlanRequest): Promise<Outcome> {
  return planAndShow(session, request);
}
