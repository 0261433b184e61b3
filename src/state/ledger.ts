import type { Diagnostic } from "../model/diagnostic.ts";
import { Impossible } from "../model/errors.ts";
import { headOf, type LedgerEntry, type LedgerHead, type LedgerLine } from "../model/ledger.ts";
import type { LedgerStore, Lock } from "../model/ledger-store.ts";
import type { Appender, Clock } from "../model/ports.ts";
import { sealText } from "./chain.ts";
import { describeCheckpoint, isCheckpointDue, LEAST_LINES, listRemembered } from "./checkpoint.ts";
import { type Gathered, type LoadedLedger, loadAlone } from "./load-ledger.ts";
import { watchLock } from "./lock-watch.ts";
import type { Recollection } from "./memory.ts";
import { isFrom } from "./recall-parts.ts";
import type { WholeEnd } from "./whole-end.ts";

/** A ledger that can grow. */
export interface Ledger {
  /** What it remembers at this moment, by all lines that are surely kept. */
  memory(): Recollection;
  /** The lines of this part that are surely kept, from the last checkpoint on. */
  recent(): readonly LedgerLine[];
  /** All lines that are surely kept; where some are given, at least those from each of them on. */
  history(since?: readonly LedgerHead[]): Promise<readonly LedgerLine[]>;
  /** What was noticed on opening. */
  readonly notes: readonly Diagnostic[];
  /**
   * Resolves once the entries are on the disk, side by side and in order. Appends that meet share one write. After a write
   * has failed nobody knows what the file ends with: that append and every later one reject with the cause.
   */
  append(entries: readonly LedgerEntry[]): Promise<void>;
  /**
   * Writes down what is remembered where that is worth it, so that whoever reads the ledger next need not read every line: after
   * `least` lines, and as many as things are remembered, of which some are this run's or those of other parts. Only the account part
   * of a divided account may be asked for that. Rejects as `append` does.
   */
  checkpoint(run: string, least?: number): Promise<void>;
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
  /** As it was read; left out: it is read now, as one of one part. */
  readonly loaded?: LoadedLedger;
}

/**
 * Opens a ledger for writing. Nothing is written before the first append, which mends a torn end and makes the ledger if there
 * is none. Whoever opens it holds the lock; one that changed between opening and the first append is refused all the same.
 *
 * The lock is asked for before a write, and again once it is kept: whoever stood still meanwhile, and lost the lock by that, must
 * not do what the entries announce.
 */
export async function openLedger({ store, clock, lock, ...read }: OpenLedger): Promise<Ledger> {
  const watch = lock && watchLock(lock, clock);
  const loaded = read.loaded ?? (await loadAlone(store));
  const { recalling, digest } = loaded;
  let { recent, head, lines } = loaded;
  const queue: Ticket[] = [];
  let appender: Appender | undefined;
  let failure: { readonly cause: unknown } | undefined;
  let closed = false;
  let drained: Promise<void> | undefined;

  const write = async (seal: Seal, isSure: boolean): Promise<readonly LedgerLine[]> => {
    if (failure !== undefined) throw failure.cause;
    try {
      if (!isSure) await watch?.ensureHeld();
      appender ??= await openEnd(store, loaded);
      const added = seal(head, clock.now().toISOString());
      const text = added.map((line) => `${line.text}\n`).join("");
      await appender.append(text);
      await watch?.ensureHeld();
      digest.add(text);
      const written = added.map(({ line }) => line);
      for (const line of written) {
        recalling.take(line);
        head = headOf([line]);
      }
      return written;
    } catch (cause) {
      failure = { cause };
      throw cause;
    }
  };
  let hasGrown = false;
  const writeEntries = async (entries: readonly LedgerEntry[], isSure: boolean): Promise<void> => {
    const added = await write((head, at) => chainEntries(entries, head, at), isSure);
    for (const line of added) recent.push(line);
    lines += added.length;
    hasGrown = true;
  };
  const drain = async (): Promise<void> => {
    // All that waits goes as one. The queue is seen empty and the drain ended in one turn, so that no append falls between.
    // Right after a write the lock was just seen: it is not asked for twice in one breath.
    for (let isSure = false; queue.length > 0; isSure = true) {
      await writeBatch(queue.splice(0), (entries) => writeEntries(entries, isSure));
    }
    drained = undefined;
  };

  return {
    memory: recalling.copy,
    recent: () => recent,
    history: async (since) => (loaded.isAlone && isFrom(recent, since) ? recent : loaded.history(since)),
    notes: loaded.notes,
    append: (entries) => {
      if (closed) return Promise.reject(new Impossible("a closed ledger was written to"));
      return new Promise((resolve, reject) => {
        queue.push({ entries, resolve, reject });
        drained ??= Promise.resolve().then(drain);
      });
    },
    checkpoint: async (run, least = LEAST_LINES) => {
      await drained;
      // Who had nothing to write leaves no trace, unless others had. Where writing failed, that was told, and nothing more may be written.
      if ((loaded.isAlone && !hasGrown) || failure !== undefined) return;
      if (!isCheckpointDue(lines, recalling.recall(), least)) return;
      const gathered = await loaded.gather();
      if (gathered === undefined) return;
      recent = (await write((head, at) => chainCheckpoint({ ...gathered, run, digest }, head, at), false)).slice(-1);
      lines = recent.length;
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

/** Makes the lines that come next. */
type Seal = (head: LedgerHead, at: string) => readonly SealedLine[];
type SealedLine = ReturnType<typeof sealText>;

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

/** Opens the end, mended where a crash tore it. */
function openEnd(store: LedgerStore, { end, mend, bytes }: WholeEnd): Promise<Appender> {
  return store.openEnd(end, mend === "nothing" ? undefined : { bytes, missing: mend === "end" ? "\n" : "" });
}

function chainEntries(entries: readonly LedgerEntry[], before: LedgerHead, at: string): readonly SealedLine[] {
  let head = before;
  return entries.map((entry) => {
    const sealed = sealText({ format: 1, seq: head.seq + 1, at, prev: head.digest, entry });
    head = sealed.line;
    return sealed;
  });
}

function chainCheckpoint(
  { memory, shards, run, digest }: Gathered & { readonly run: string } & Pick<WholeEnd, "digest">,
  before: LedgerHead,
  at: string,
): readonly SealedLine[] {
  const parts = chainEntries(listRemembered(memory, run), before, at);
  const text = parts.map((part) => `${part.text}\n`).join("");
  const entry = describeCheckpoint(memory, {
    ...{ run, lines: parts.length, bytes: Buffer.byteLength(text) },
    ...{ before: digest.after(text), shards },
  });
  return [...parts, ...chainEntries([entry], parts.at(-1)?.line ?? before, at)];
}
