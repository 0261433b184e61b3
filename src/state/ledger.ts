import type { Diagnostic } from "../model/diagnostic.ts";
import { Impossible } from "../model/errors.ts";
import { headOf, type LedgerEntry, type LedgerHead, type LedgerLine } from "../model/ledger.ts";
import type { LedgerStore, Lock, StoredLedger } from "../model/ledger-store.ts";
import type { Appender, Clock } from "../model/ports.ts";
import type { PartName } from "../model/shard.ts";
import { sealText } from "./chain.ts";
import { listShards, locatePart, mergeLines } from "./ledger-parts.ts";
import { formatLines, makeLedgerReader } from "./ledger-text.ts";
import { watchLock } from "./lock-watch.ts";
import { type Recollection, recallMemory, startRecalling } from "./memory.ts";
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
  /** Rejects where somebody else may write to it by now, for whoever is about to send a change. A moment ago is now. */
  ensureHeld(): Promise<void>;
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
  const lines: LedgerLine[] = [];
  const rest = await followPart(place, part, (line) => lines.push(line));
  return { lines, ...rest };
}

/** What a ledger remembers, and what was noticed on reading it. */
export interface LedgerMemory extends Omit<LedgerReading, "lines"> {
  readonly memory: Recollection;
}

/** What a ledger with all its parts remembers: read and checked as `readLedger` does, but no line is kept that nothing is remembered of. */
export async function readMemory(place: LedgerPlace): Promise<LedgerMemory> {
  const { take, recall } = startRecalling();
  let isDivided = false;
  const base = await followPart(place, "account", (line) => {
    isDivided ||= line.entry.type === "shards";
    take(line);
  });
  if (!isDivided) return { ...base, memory: recall() };
  // What several parts say counts in the order of its times, for which the lines of all of them are needed.
  const { lines, ...all } = await readLedger(place);
  return { ...all, memory: recallMemory(lines) };
}

/** How one part alone ends. */
export async function readHead(place: LedgerPlace, part: PartName): Promise<LedgerHead> {
  let head = headOf([]);
  await followPart(place, part, (line) => {
    head = headOf([line]);
  });
  return head;
}

async function followPart(
  place: LedgerPlace,
  part: PartName,
  take: (line: LedgerLine) => void,
): Promise<Omit<LedgerReading, "lines">> {
  const store = await openStore({ ...place, location: locatePart(place.location, part) });
  try {
    const { notes, end } = await followStore(store, take);
    return { notes, exists: end !== undefined };
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
  const watch = lock && watchLock(lock, clock);
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
      if (!isSure) await watch?.ensureHeld();
      appender ??= await openEnd(store, loaded);
      const added = chainEntries(entries, lines, clock.now().toISOString());
      await appender.append(added.map(({ text }) => `${text}\n`).join(""));
      await watch?.ensureHeld();
      for (const { line } of added) lines.push(line);
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
    ensureHeld: async () => watch?.ensureHeldLately(),
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

interface LoadedLedger {
  readonly lines: readonly LedgerLine[];
  readonly notes: readonly Diagnostic[];
  readonly whole: boolean;
  readonly end: StoredLedger["end"];
}

async function loadLedger(store: LedgerStore): Promise<LoadedLedger> {
  const lines: LedgerLine[] = [];
  const rest = await followStore(store, (line) => lines.push(line));
  return { lines, ...rest };
}

async function followStore(store: LedgerStore, take: (line: LedgerLine) => void): Promise<Omit<LoadedLedger, "lines">> {
  const reader = makeLedgerReader(store.shown, take);
  const end = await store.readInPieces(reader.add);
  return { ...reader.end(), end };
}

/** Opens the end, mended where a crash tore it. */
function openEnd(store: LedgerStore, { lines, whole, end }: LoadedLedger): Promise<Appender> {
  return store.openEnd({ end }, whole ? undefined : formatLines(lines));
}

function chainEntries(
  entries: readonly LedgerEntry[],
  lines: readonly LedgerLine[],
  at: string,
): readonly ReturnType<typeof sealText>[] {
  let head = headOf(lines);
  return entries.map((entry) => {
    const sealed = sealText({ format: 1, seq: head.seq + 1, at, prev: head.digest, entry });
    head = sealed.line;
    return sealed;
  });
}
