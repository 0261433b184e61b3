import type { Diagnostic } from "../model/diagnostic.ts";
import { headOf, type LedgerHead, type LedgerLine } from "../model/ledger.ts";
import type { LedgerEnd, LedgerPosition, LedgerStore } from "../model/ledger-store.ts";
import type { PartName } from "../model/shard.ts";
import { recallFromCheckpoint } from "./checkpoint.ts";
import { type CheckpointSearch, searchCheckpoint } from "./find-checkpoint.ts";
import { followParts } from "./follow-parts.ts";
import { listShards, locatePart, mergeLines } from "./ledger-parts.ts";
import { type LedgerReader, type LedgerText, makeLedgerReader } from "./ledger-text.ts";
import { describeGrowth } from "./lock-texts.ts";
import { type Recalling, type Recollection, startRecalling } from "./memory.ts";
import { type LedgerPlace, openStore } from "./open-store.ts";

/** A ledger as it was read. */
export interface LedgerReading {
  readonly lines: readonly LedgerLine[];
  readonly notes: readonly Diagnostic[];
  /** False where there is no ledger yet. */
  readonly exists: boolean;
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
  return whileOpen(place, part, async (store) => {
    const lines: LedgerLine[] = [];
    const { notes, end } = await followStore(store, (line) => lines.push(line));
    return { lines, notes, exists: end !== undefined };
  });
}

/** What a ledger remembers, and what was noticed on reading it. */
export interface LedgerMemory extends Omit<LedgerReading, "lines"> {
  readonly memory: Recollection;
}

/**
 * What a ledger with all its parts remembers, without keeping its lines. Reading begins with the last checkpoint; what is before
 * it is looked at as a whole, so that a line that was changed is found as `readLedger` finds it.
 */
export async function readMemory(place: LedgerPlace): Promise<LedgerMemory> {
  const divisions: LedgerLine[] = [];
  const base = await whileOpen(place, "account", (store) =>
    recallStore(store, (line) => {
      if (line.entry.type === "shards") divisions.push(line);
    }),
  );
  if (divisions.length === 0) {
    return { notes: base.notes, exists: base.end !== undefined, memory: base.recalling.recall() };
  }
  const { recalling, notes } = await recallParts(place, listShards(divisions));
  return { exists: true, notes, memory: recalling.recall() };
}

/** What the account part and some shards remember. What several parts say counts in the order of its times. */
export async function recallParts(
  place: LedgerPlace,
  shards: readonly number[],
): Promise<{ readonly recalling: Recalling; readonly notes: readonly Diagnostic[] }> {
  const recalling = startRecalling();
  return { recalling, notes: await followParts(place, ["account", ...shards], recalling.take) };
}

/**
 * Lines of a ledger with all its parts: all, or where a line is given, at least those from there on. Where it is after the last
 * checkpoint, no more are held.
 */
export async function readSince(place: LedgerPlace, since: LedgerHead | undefined): Promise<readonly LedgerLine[]> {
  const lines: LedgerLine[] = [];
  await whileOpen(place, "account", (store) => recallStore(store, (line) => keepRecent(lines, line)));
  const isDivided = lines.some(({ entry }) => entry.type === "shards");
  return !isDivided && isFrom(lines, since) ? lines : (await readLedger(place)).lines;
}

/** Keeps a line that comes, but for those that a checkpoint is made of, where reading begins with one. */
export function keepRecent(lines: LedgerLine[], line: LedgerLine): void {
  if (lines.length > 0 || line.entry.type !== "remembered") lines.push(line);
}

/** Whether lines begin at that line or before it; without one, at the first. */
export function isFrom(lines: readonly LedgerLine[], since: LedgerHead | undefined): boolean {
  const first = lines[0]?.seq ?? 1;
  return first <= Math.max(since?.seq ?? 1, 1);
}

/** The lines that tell how the account is divided. */
export async function readDivisions(place: LedgerPlace): Promise<readonly LedgerLine[]> {
  const divisions: LedgerLine[] = [];
  await whileOpen(place, "account", (store) =>
    followStore(store, (line) => {
      if (line.entry.type === "shards") divisions.push(line);
    }),
  );
  return divisions;
}

/** How one part alone ends. */
export async function readHead(place: LedgerPlace, part: PartName): Promise<LedgerHead> {
  let head = headOf([]);
  await whileOpen(place, part, (store) =>
    followStore(store, (line) => {
      head = headOf([line]);
    }),
  );
  return head;
}

/** Works with the store of one part, and closes it. */
export async function whileOpen<T>(
  place: LedgerPlace,
  part: PartName,
  work: (store: LedgerStore) => Promise<T>,
): Promise<T> {
  const store = await openStore({ ...place, location: locatePart(place.location, part) });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** How a ledger ends, that was followed line by line. */
export interface FollowedEnd extends Omit<LedgerText, "lines"> {
  readonly end: LedgerEnd;
}

/** Reads every line of a store, and checks the chain. */
export async function followStore(store: LedgerStore, take: (line: LedgerLine) => void): Promise<FollowedEnd> {
  const reader = makeLedgerReader(store.shown, take);
  const end = await store.readInPieces(reader.add);
  return { ...reader.end(), end };
}

/** What a store remembers, and what must be known to go on writing. */
export interface RecalledStore extends FollowedEnd, Pick<ReturnType<CheckpointSearch["end"]>, "digest" | "bytes"> {
  readonly recalling: Recalling;
}

/** What became shorter meanwhile, as a pipe does that was read once, is another ledger. */
async function readAgain(
  store: LedgerStore,
  reader: LedgerReader,
  { from, length }: { readonly from: LedgerPosition | undefined; readonly length: number },
): Promise<void> {
  let read = from?.bytes ?? 0;
  await store.readInPieces((piece) => {
    read += piece.length;
    reader.add(piece);
  }, from);
  if (read < length) throw describeGrowth(store.shown);
}

/** What is no longer is held while a checkpoint is looked for, and not asked for again. */
const MOST_HELD_BYTES = 1024 * 1024;

/** Reads a store from its last checkpoint on; what `take` gets are the lines of this checkpoint, and all that follow. */
export async function recallStore(store: LedgerStore, take: (line: LedgerLine) => void): Promise<RecalledStore> {
  const search = searchCheckpoint();
  let held: Uint8Array[] | undefined = [];
  let length = 0;
  const end = await store.readInPieces((piece) => {
    search.add(piece);
    length += piece.length;
    if (length > MOST_HELD_BYTES) held = undefined;
    held?.push(new Uint8Array(piece));
  });
  const { from, digest, bytes, rest } = search.end();
  const recalling = from === undefined ? startRecalling() : recallFromCheckpoint();
  const reader = makeLedgerReader(
    store.shown,
    (line) => {
      recalling.take(line);
      take(line);
    },
    from?.lines,
  );
  if (held !== undefined) reader.add(Buffer.concat(held).subarray(from?.bytes));
  else await readAgain(store, reader, { from, length });
  const ended = reader.end();
  if (ended.mend !== "end") return { ...ended, end, recalling, digest, bytes };
  // The last line gets its line feed before anything is added.
  digest.add(rest);
  digest.add("\n");
  return { ...ended, end, recalling, digest, bytes: bytes + rest.length };
}
