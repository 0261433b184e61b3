import type { Diagnostic } from "../model/diagnostic.ts";
import type { LedgerLine } from "../model/ledger.ts";
import type { LedgerStore } from "../model/ledger-store.ts";
import { listShards, type PartName } from "../model/shard.ts";
import { findDivision, locatePart, mergeLines } from "./ledger-parts.ts";
import { makeLedgerReader } from "./ledger-text.ts";
import { type LedgerPlace, openStore } from "./open-store.ts";
import type { FollowedEnd } from "./whole-end.ts";

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
  const others = await Promise.all(listShards(findDivision(base.lines)).map((shard) => readPart(place, shard)));
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

/** Reads every line of a store, and checks the chain. */
export async function followStore(store: LedgerStore, take: (line: LedgerLine) => void): Promise<FollowedEnd> {
  const reader = makeLedgerReader(store.shown, take);
  const end = await store.readInPieces(reader.add);
  return { ...reader.end(), end };
}
