import type { Limits } from "../../model/policy.ts";
import type { PlanFormat } from "../flags/plan-formats.ts";
import { chooseRun } from "../plans/choose-run.ts";
import { planAndShow } from "../plans/plan-and-show.ts";
import type { Outcome, Session } from "../session.ts";

/** What `undo` was asked for. */
export interface UndoRequest {
  /** Id of the run, or its beginning; undefined: the last that changed something. */
  readonly run: string | undefined;
  readonly out: string | undefined;
  readonly formats: readonly PlanFormat[];
  readonly limits: Limits;
}

/** Shows the plan that takes a run back, and saves it where asked. It is only ever handed a reader. */
export async function runUndo(session: Session, request: UndoRequest): Promise<Outcome> {
  const undo = await chooseRun(session, request.run);
  session.tell(`Undoing ${undo.run.run}, an apply of ${undo.run.at}.\n`);
  return planAndShow(session, { ...request, undo, detailedExitcode: false });
}
