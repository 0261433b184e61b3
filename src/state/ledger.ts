import type { Diagnostic } from "../model/diagnostic.ts";
import { DiagnosedError, Impossible } from "../model/errors.ts";
import type { LedgerEntry, LedgerLine } from "../model/ledger.ts";
import type { Appender, Clock, Files } from "../model/ports.ts";
import { FIRST_PREV, sealLine } from "./chain.ts";
import { ledgerPath } from "./ledger-location.ts";
import { formatLines, parseLedger } from "./ledger-text.ts";

/** A ledger as it was read. */
export interface LedgerReading {
  readonly lines: readonly LedgerLine[];
  readonly notes: readonly Diagnostic[];
}

/** A ledger that can grow. */
export interface Ledger {
  /** All lines that are surely on the disk. */
  lines(): readonly LedgerLine[];
  /** What was noticed on opening. */
  readonly notes: readonly Diagnostic[];
  /**
   * Resolves once the entries are on the disk, side by side and in order. Appends that meet share one write. After a write
   * has failed nobody knows what the file ends with: that append and every later one reject with the cause.
   */
  append(entries: readonly LedgerEntry[]): Promise<void>;
  /** Waits for what is being written. Appending afterwards is a fault. */
  close(): Promise<void>;
}

export interface LedgerPlace {
  /** A path or a `file:` URL. */
  readonly location: string;
  readonly files: Files;
}

/** Reads a ledger and checks its chain, without writing anything: where there is no file there are no lines. */
export async function readLedger(place: LedgerPlace): Promise<LedgerReading> {
  const { lines, notes } = await loadLedger(place.files, ledgerPath(place.location));
  return { lines, notes };
}

/**
 * Opens a ledger for writing. Nothing is written before the first append, which mends a torn end and makes the file if there
 * is none. Whoever opens it holds the lock; a file that changed between opening and the first append is refused all the same.
 */
export async function openLedger(place: LedgerPlace & { readonly clock: Clock }): Promise<Ledger> {
  const path = ledgerPath(place.location);
  const loaded = await loadLedger(place.files, path);
  const lines = [...loaded.lines];
  const queue: Ticket[] = [];
  let appender: Appender | undefined;
  let failure: { readonly cause: unknown } | undefined;
  let closed = false;
  let drained: Promise<void> | undefined;

  const write = async (entries: readonly LedgerEntry[]): Promise<void> => {
    if (failure !== undefined) throw failure.cause;
    try {
      appender ??= await openEnd(place.files, path, loaded);
      const added = chainEntries(entries, lines.at(-1), place.clock.now().toISOString());
      await appender.append(formatLines(added));
      lines.push(...added);
    } catch (cause) {
      failure = { cause };
      throw cause;
    }
  };
  const drain = async (): Promise<void> => {
    // All that waits goes as one. The queue is seen empty and the drain ended in one turn, so that no append falls between.
    while (queue.length > 0) await writeBatch(queue.splice(0), write);
    drained = undefined;
  };

  return {
    lines: () => lines,
    notes: loaded.notes,
    append: (entries) => {
      if (closed) return Promise.reject(new Impossible("a closed ledger was written to"));
      return new Promise((resolve, reject) => {
        queue.push({ entries, resolve, reject });
        drained ??= Promise.resolve().then(drain);
      });
    },
    close: async () => {
      closed = true;
      await drained;
      await appender?.close();
      appender = undefined;
    },
  };
}

async function writeBatch(
  batch: readonly Ticket[],
  write: (entries: readonly LedgerEntry[]) => Promise<void>,
): Promise<void> {
  try {
    await write(batch.flatMap((ticket) => ticket.entries));
    for (const ticket of batch) ticket.resolve();
  } catch (cause) {
    for (const ticket of batch) ticket.reject(cause);
  }
}

interface Ticket {
  readonly entries: readonly LedgerEntry[];
  readonly resolve: () => void;
  readonly reject: (cause: unknown) => void;
}

interface LoadedLedger extends LedgerReading {
  readonly whole: boolean;
  /** Bytes in the file; undefined when there is none. */
  readonly size: number | undefined;
}

async function loadLedger(files: Files, path: string): Promise<LoadedLedger> {
  if ((await files.size(path)) === undefined) return { lines: [], notes: [], whole: true, size: undefined };
  const bytes = await files.read(path);
  return { ...parseLedger(bytes, path), size: bytes.length };
}

/** Opens the end of the file, mended where a crash tore it. The mending replaces the file as one: a second crash cannot tear it more. */
async function openEnd(files: Files, path: string, loaded: LoadedLedger): Promise<Appender> {
  if ((await files.size(path)) !== loaded.size) throw describeGrowth(path);
  if (!loaded.whole) await files.replace(path, formatLines(loaded.lines));
  return files.openAppender(path);
}

function chainEntries(entries: readonly LedgerEntry[], last: LedgerLine | undefined, at: string): LedgerLine[] {
  const added: LedgerLine[] = [];
  for (const entry of entries) {
    const before = added.at(-1) ?? last;
    added.push(sealLine({ format: 1, seq: (before?.seq ?? 0) + 1, at, prev: before?.digest ?? FIRST_PREV, entry }));
  }
  return added;
}

function describeGrowth(path: string): DiagnosedError {
  return new DiagnosedError([
    {
      code: "AX504",
      severity: "error",
      summary: "The ledger changed since it was read",
      detail: `Somebody else wrote to ${path} after this run had read it. Nothing was added to it.`,
      fix: "Run again.",
    },
  ]);
}
