import { type Address, compileAddressPattern } from "../../model/address.ts";
import type { RunRecord } from "../../model/history.ts";
import type { LedgerLine } from "../../model/ledger.ts";
import { findRun, listRuns, traceAddresses } from "../../state/history.ts";
import { showLocation } from "../../state/ledger-location.ts";
import { readLedger } from "../../state/read-ledger.ts";
import { verifyLedger } from "../../state/verify-ledger.ts";
import { EXIT } from "../exit.ts";
import { findLedgerPlace } from "../manifest-home.ts";
import { describeUnknownRun } from "../plans/choose-run.ts";
import { renderDiagnostics } from "../render/diagnostics-text.ts";
import { harmless } from "../render/harmless.ts";
import { renderHappenings, renderRuns } from "../render/ledger-text.ts";
import type { Outcome, Session } from "../session.ts";

/** Shows the runs in the ledger and what each did, or as much of them as was asked for. */
export async function showLedger(
  session: Session,
  asked: { readonly run: string | undefined; readonly address: string | undefined },
): Promise<Outcome> {
  const { lines, path } = await openHistory(session);
  if (lines === undefined) return tellNone(session, path, { runs: [] });
  const runs = selectRuns(listRuns(lines), asked);
  session.print(
    runs.length === 0 ? "No run in the ledger did anything of the kind.\n" : renderRuns(runs, session.paint),
  );
  return { exit: EXIT.done, diagnostics: [], document: { ledger: path, runs } };
}

/** Tells what happened to an address, or to whatever fits a pattern. */
export async function traceLedger(session: Session, pattern: string): Promise<Outcome> {
  const { lines, path } = await openHistory(session);
  if (lines === undefined) return tellNone(session, path, { history: [] });
  const history = traceAddresses(listRuns(lines), compileAddressPattern(pattern));
  session.print(
    history.length === 0
      ? `The ledger tells nothing of ${harmless(pattern)}.\n`
      : renderHappenings(history, session.paint),
  );
  return { exit: EXIT.done, diagnostics: [], document: { ledger: path, history } };
}

/** Checks every line of the ledger; one at fault is a DiagnosedError with its number. Where there is none, nothing could be checked. */
export async function checkLedger(session: Session): Promise<Outcome> {
  const place = await findLedgerPlace(session);
  const path = showLocation(place.location);
  const { exists, notes, lines, last } = await verifyLedger(place);
  if (!exists) return { ...tellNone(session, path, { lines: 0 }), exit: EXIT.error };
  session.tell(renderDiagnostics(notes, session.errorPaint));
  const end = last === undefined ? "" : `, the last ${last}`;
  session.print(`The ledger at ${harmless(path)} is unbroken: ${countLines(lines)}${end}.\n`);
  return { exit: EXIT.done, diagnostics: [], document: { ledger: path, lines, last } };
}

function countLines(number: number): string {
  return number === 1 ? "1 line" : `${number} lines`;
}

/** Reads the ledger without writing anything; no lines at all where there is none. */
async function openHistory(
  session: Session,
): Promise<{ readonly path: string; readonly lines: readonly LedgerLine[] | undefined }> {
  const place = await findLedgerPlace(session);
  const path = showLocation(place.location);
  const { lines, notes, exists } = await readLedger(place);
  if (!exists) return { path, lines: undefined };
  session.tell(renderDiagnostics(notes, session.errorPaint));
  return { path, lines };
}

function tellNone(session: Session, path: string, document: Readonly<Record<string, unknown>>): Outcome {
  session.print(`There is no ledger at ${harmless(path)}: nothing has been applied from here.\n`);
  return { exit: EXIT.done, diagnostics: [], document: { ledger: path, ...document } };
}

function selectRuns(
  runs: readonly RunRecord[],
  { run: name, address }: { readonly run: string | undefined; readonly address: string | undefined },
): readonly RunRecord[] {
  const one = name === undefined ? undefined : findRun(runs, name);
  if (name !== undefined && one === undefined) throw describeUnknownRun(name);
  const selected = one === undefined ? runs : [one];
  if (address === undefined) return selected;
  const fits = compileAddressPattern(address);
  return selected
    .map((run) => ({
      ...run,
      changes: run.changes.filter((change) => namesOf(change).some(fits)),
      adoptions: run.adoptions.filter((adoption) => fits(adoption.address)),
    }))
    .filter(({ changes, adoptions }) => changes.length + adoptions.length > 0);
}

function namesOf({ address, renamedFrom, cascade }: RunRecord["changes"][number]): readonly Address[] {
  return [address, ...(renamedFrom === undefined ? [] : [renamedFrom]), ...cascade];
}
