import { UsageError } from "../model/errors.ts";
import { harmless } from "../model/harmless.ts";
import type { LedgerStore, LockClaim, StoredLedger } from "../model/ledger-store.ts";
import { formatLines, parseLedger } from "./ledger-text.ts";

/** Lines that are written as one. */
const BATCH = 200;

/** A part of a ledger, and where it is copied to: an empty place. */
export interface PartCopy {
  readonly from: LedgerStore;
  readonly to: LedgerStore;
}

/**
 * Copies the parts of a ledger in this order, line by line as they are, with all of them and all of the places locked throughout.
 * The chain of each is checked before, and that of the copy after. Nothing is copied where one cannot be locked, or something
 * stands in one of the places. Resolves to how many lines each part has. Throws UsageError where there is nothing to copy, or where
 * something is already.
 */
export async function copyLedger(parts: readonly PartCopy[], claim: LockClaim): Promise<readonly number[]> {
  const stores = parts.flatMap(({ from, to }) => [from, to]);
  return whileLocked(stores, claim, async (ensureHeld) => {
    const ready = await Promise.all(parts.map((part) => readPart(part)));
    const counts: number[] = [];
    for (const part of ready) counts.push(await copyPart(part, ensureHeld));
    return counts;
  });
}

interface ReadyPart extends PartCopy {
  readonly lines: ReturnType<typeof parseLedger>["lines"];
  readonly seen: StoredLedger;
}

async function readPart({ from, to }: PartCopy): Promise<ReadyPart> {
  const { lines } = parseLedger((await from.read()).bytes, from.shown);
  if (lines.length === 0) throw new UsageError(`There is no ledger at ${harmless(from.shown)}: nothing was copied.`);
  const seen = await to.read();
  if (seen.end !== undefined) {
    throw new UsageError(
      `There is something at ${harmless(to.shown)} already: nothing was copied.`,
      "Name an empty place.",
    );
  }
  return { from, to, lines, seen };
}

async function copyPart({ to, lines, seen }: ReadyPart, ensureHeld: () => Promise<void>): Promise<number> {
  const end = await to.openEnd(seen, undefined);
  try {
    for (let first = 0; first < lines.length; first += BATCH) {
      await ensureHeld();
      await end.append(formatLines(lines.slice(first, first + BATCH)));
    }
  } finally {
    await end.close();
  }
  return parseLedger((await to.read()).bytes, to.shown).lines.length;
}

/** Locks one after the other, and gives back what it got. */
async function whileLocked<T>(
  [store, ...others]: readonly LedgerStore[],
  claim: LockClaim,
  work: (ensureHeld: () => Promise<void>) => Promise<T>,
): Promise<T> {
  if (store === undefined) return work(async () => {});
  const lock = await store.takeLock(claim);
  try {
    lock.keep();
    return await whileLocked(others, claim, (ensureOthers) =>
      work(async () => {
        await lock.ensureHeld();
        await ensureOthers();
      }),
    );
  } finally {
    await lock.release();
  }
}
