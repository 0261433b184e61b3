import type { Diagnostic } from "../model/diagnostic.ts";
import { Impossible } from "../model/errors.ts";
import { headOf, type LedgerEntry, type LedgerLine } from "../model/ledger.ts";
import type { LedgerStore, Lock, StoredLedger } from "../model/ledger-store.ts";
import type { Appender, Clock } from "../model/ports.ts";
import type { PartName } from "../model/shard.ts";
import { sealLine } from "./chain.ts";
import { listShards, locatePart, mergeLines } from "./ledger-parts.ts";
import { formatLines, parseLedger } from "./ledger-text.ts";
import { type LedgerPlace, openStore } from "./open-store.ts";

/** A ledger as it was read. */
export interface LedgerReading {
  readonly lines: readonly LedgerLine[];
  readonly notes: readonly Diagnostic[];
  /** False where there is no ledger yet. */
  readonly exists: boolean;
}

/** A ledger that can grow. */
export interface Ledger {
  /** All lines that are surely kept. */
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

/** What a ledger is opened with. */
export interface OpenLedger {
  readonly store: LedgerStore;
  readonly clock: Clock;
  /** Asked around each write; left out where nobody else can write. */
  readonly lock?: Pick<Lock, "ensureHeld">;
}

/** Reads a ledger with all its parts and checks their chains, without writing anything: where there is none there are no lines. */
export async function readLedger(place: LedgerPlace): Promise<LedgerReading> {
  const base = await readPart(place, "account");
  const others = await Promise.all(listShards(base.lines).map((shard) => readPart(place, shard)));
  return {
    lines: mergeLines([base, ...others].map(({ lines }) => lines)),
    notes: [base, ...others].flatMap(({ notes }) => notes),
    exists: base.exists,
  };
}

/** The same of one part alone. */
export async function readPart(place: LedgerPlace, part: PartName): Promise<LedgerReading> {
  const store = await openStore({ ...place, location: locatePart(place.location, part) });
  try {
    const { lines, notes, exists } = await loadLedger(store);
    return { lines, notes, exists };
  } finally {
    await store.close();
  }
}

/**
 * Opens a ledger for writing. Nothing is written before the first append, which mends a torn end and makes the ledger if there
 * is none. Whoever opens it holds the lock; one that changed between opening and the first append is refused all the same.
 *
 * The lock is asked for before a write, and again once it is kept: whoever stood still meanwhile, and lost the lock by that, must
 * not do what the entries announce.
 */
export async function openLedger({ store, clock, lock }: OpenLedger): Promise<Ledger> {
  const loaded = await loadLedger(store);
  const lines = [...loaded.lines];
  const queue: Ticket[] = [];
  let appender: Appender | undefined;
  let failure: { readonly cause: unknown } | undefined;
  let closed = false;
  let drained: Promise<void> | undefined;

  const write = async (entries: readonly LedgerEntry[], isSure: boolean): Promise<void> => {
    if (failure !== undefined) throw failure.cause;
    try {
      if (!isSure) await lock?.ensureHeld();
      appender ??= await openEnd(store, loaded);
      const added = chainEntries(entries, lines, clock.now().toISOString());
      await appender.append(formatLines(added));
      await lock?.ensureHeld();
      lines.push(...added);
    } catch (cause) {
      failure = { cause };
      throw cause;
    }
  };
  const drain = async (): Promise<void> => {
    // All that waits goes as one. The queue is seen empty and the drain ended in one turn, so that no append falls between.
    // Right after a write the lock was just seen: it is not asked for twice in one breath.
    for (let isSure = false; queue.length > 0; isSure = true) {
      await writeBatch(queue.splice(0), (entries) => write(entries, isSure));
    }
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
  readonly seen: StoredLedger;
}

async function loadLedger(store: LedgerStore): Promise<LoadedLedger> {
  const seen = await store.read();
  return { ...parseLedger(seen.bytes, store.shown), exists: seen.end !== undefined, seen };
}

/** Opens the end, mended where a crash tore it. */
function openEnd(store: LedgerStore, { lines, whole, seen }: LoadedLedger): Promise<Appender> {
  return store.openEnd(seen, whole ? undefined : formatLines(lines));
}

function chainEntries(entries: readonly LedgerEntry[], lines: readonly LedgerLine[], at: string): LedgerLine[] {
  const added: LedgerLine[] = [];
  let head = headOf(lines);
  for (const entry of entries) {
    const line = sealLine({ format: 1, seq: head.seq + 1, at, prev: head.digest, entry });
    added.push(line);
    head = line;
  }
  return added;
}
