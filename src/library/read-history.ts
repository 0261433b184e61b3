import type { Diagnostic } from "../model/diagnostic.ts";
import { UsageError } from "../model/errors.ts";
import { harmless } from "../model/harmless.ts";
import type { RunRecord } from "../model/history.ts";
import type { LedgerLine } from "../model/ledger.ts";
import { listRuns } from "../state/history.ts";
import { showLocation } from "../state/ledger-location.ts";
import { readLedger } from "../state/read-ledger.ts";
import { verifyLedger } from "../state/verify-ledger.ts";
import { connectStore } from "../stores/connect-store.ts";
import { openWorkplace } from "./open-workplace.ts";
import type { LedgerOptions } from "./options.ts";

/** A ledger whose chain is whole: line by line, and run by run. */
export interface LedgerHistory {
  readonly lines: readonly LedgerLine[];
  readonly runs: readonly RunRecord[];
  /** What was noticed, such as a last line that a crash tore. */
  readonly notes: readonly Diagnostic[];
}

/** How a ledger ends, which is worth keeping elsewhere: whoever knows it notices when lines are taken off the end. */
export interface LedgerEnd {
  readonly lines: number;
  /** Undefined for an empty ledger. */
  readonly last: LedgerLine["digest"] | undefined;
}

/** Reads a ledger, without writing anything: where there is none there are no lines. */
export async function readHistory(options: LedgerOptions): Promise<LedgerHistory> {
  const { files } = openWorkplace(options);
  const { lines, notes } = await readLedger({ location: options.ledger, files, connect: connectStore });
  return { lines, runs: listRuns(lines), notes };
}

/** Checks every line of a ledger that must be there. */
export async function verifyHistory(options: LedgerOptions): Promise<LedgerEnd> {
  const { files } = openWorkplace(options);
  const { exists, lines, last } = await verifyLedger({ location: options.ledger, files, connect: connectStore });
  if (!exists) {
    throw new UsageError(`There is no ledger at ${harmless(showLocation(options.ledger))}: nothing could be checked.`);
  }
  return { lines, last };
}
