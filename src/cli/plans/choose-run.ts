import type { UndoSource } from "../../engine/aim-undo.ts";
import { findUndone } from "../../engine/find-undone.ts";
import { showLocation } from "../../state/ledger-location.ts";
import { readLedger } from "../../state/read-ledger.ts";
import { findLedgerPlace } from "../manifest-home.ts";
import { renderDiagnostics } from "../render/diagnostics-text.ts";
import type { Session } from "../session.ts";

export { describeUnknownRun } from "../../engine/find-undone.ts";

/** The run that an undo is to take back: the one named, else the last that changed something. Throws UsageError. */
export async function chooseRun(session: Session, name: string | undefined): Promise<UndoSource> {
  const place = await findLedgerPlace(session);
  const { lines, notes } = await readLedger(place);
  session.tell(renderDiagnostics(notes, session.errorPaint));
  return findUndone(lines, showLocation(place.location), name);
}
