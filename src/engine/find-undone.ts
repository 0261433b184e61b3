import { UsageError } from "../model/errors.ts";
import { harmless } from "../model/harmless.ts";
import type { RunRecord } from "../model/history.ts";
import type { LedgerLine } from "../model/ledger.ts";
import { findRun, listChangingRuns, listRuns } from "../state/history.ts";
import type { UndoSource } from "./aim-undo.ts";

/** The run that an undo is to take back: the one named, else the last that changed something. Throws UsageError. */
export function findUndone(lines: readonly LedgerLine[], file: string, name: string | undefined): UndoSource {
  if (name !== undefined) return { run: requireRun(lines, name), lines, file };
  const run = listChangingRuns(listRuns(lines)).at(-1);
  if (run !== undefined) return { run, lines, file };
  throw new UsageError(
    `The ledger at ${harmless(file)} tells of no run that changed anything.`,
    "Name the ledger of the run: --ledger PATH",
  );
}

/** The run of the ledger that a plan takes back. Throws UsageError. */
export function requireRun(lines: readonly LedgerLine[], name: string): RunRecord {
  const run = findRun(listRuns(lines), name);
  if (run === undefined) throw describeUnknownRun(name);
  return run;
}

/** No run of the ledger is called so, or more than one begins so. */
export function describeUnknownRun(name: string): UsageError {
  return new UsageError(
    `The ledger has no run "${harmless(name)}", or more than one whose id begins so.`,
    "See the runs: axcess ledger show",
  );
}
