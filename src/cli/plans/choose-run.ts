import type { UndoSource } from "../../engine/aim-undo.ts";
import { findUndone } from "../../engine/find-undone.ts";
import { readLedger } from "../../state/ledger.ts";
import { ledgerPath } from "../../state/ledger-location.ts";
import { findLedger } from "../manifest-home.ts";
import { renderDiagnostics } from "../render/diagnostics-text.ts";
import type { Session } from "../session.ts";

export { describeUnknownRun } from "../../engine/find-undone.ts";

/** The run that an undo is to take back: the one named, else the last that changed something. Throws UsageError. */
export async function chooseRun(session: Session, name: string | undefined): Promise<UndoSource> {
  const location = await findLedger(session);
  const { lines, notes } = await readLedger({ location, files: session.files });
  session.tell(renderDiagnostics(notes, session.errorPaint));
  return findUndone(lines, ledgerPath(location), name);
}
