import { UsageError } from "../model/errors.ts";
import { harmless } from "../model/harmless.ts";
import type { LedgerLine } from "../model/ledger.ts";
import type { LedgerEnd, LedgerStore, LockClaim } from "../model/ledger-store.ts";
import { formatLines, makeLedgerReader } from "./ledger-text.ts";
import { followStore } from "./read-ledger.ts";

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
  readonly end: LedgerEnd;
}

async function readPart({ from, to }: PartCopy): Promise<ReadyPart> {
  if ((await countLines(from)) === 0) {
    throw new UsageError(`There is no ledger at ${harmless(from.shown)}: nothing was copied.`);
  }
  const end = await to.readInPieces(() => undefined);
  if (end !== undefined) {
    throw new UsageError(
      `There is something at ${harmless(to.shown)} already: nothing was copied.`,
      "Name an empty place.",
    );
  }
  return { from, to, end };
}

/** Never holds more than a piece of what is copied. */
async function copyPart({ from, to, end: seen }: ReadyPart, ensureHeld: () => Promise<void>): Promise<number> {
  const end = await to.openEnd(seen);
  const lines: LedgerLine[] = [];
  const write = async (): Promise<void> => {
    while (lines.length > 0) {
      await ensureHeld();
      await end.append(formatLines(lines.splice(0, BATCH)));
    }
  };
  try {
    const reader = makeLedgerReader(from.shown, (line) => lines.push(line));
    let written = Promise.resolve();
    await from.readInPieces((piece) => {
      reader.add(piece);
      written = written.then(write);
      return written;
    });
    reader.end();
    await written.then(write);
  } finally {
    await end.close();
  }
  return countLines(to);
}

async function countLines(store: LedgerStore): Promise<number> {
  let number = 0;
  await followStore(store, () => {
    number += 1;
  });
  return number;
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
