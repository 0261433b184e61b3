import { UsageError } from "../model/errors.ts";
import { harmless } from "../model/harmless.ts";
import type { LedgerStore, LockClaim } from "../model/ledger-store.ts";
import { formatLines, parseLedger } from "./ledger-text.ts";

/** Lines that are written as one. */
const BATCH = 200;

/**
 * Copies a ledger, line by line as it is, to an empty store, with both locked. Its chain is checked before, and that of the copy
 * after. Resolves to how many lines there are. Throws UsageError where there is nothing to copy, or where something is already.
 */
export async function copyLedger(from: LedgerStore, to: LedgerStore, claim: LockClaim): Promise<number> {
  return whileLocked(from, claim, () =>
    whileLocked(to, claim, async (ensureHeld) => {
      const { lines } = parseLedger((await from.read()).bytes, from.shown);
      if (lines.length === 0)
        throw new UsageError(`There is no ledger at ${harmless(from.shown)}: nothing was copied.`);
      const seen = await to.read();
      if (seen.end !== undefined) {
        throw new UsageError(
          `There is something at ${harmless(to.shown)} already: nothing was copied.`,
          "Name an empty place.",
        );
      }
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
    }),
  );
}

async function whileLocked<T>(
  store: LedgerStore,
  claim: LockClaim,
  work: (ensureHeld: () => Promise<void>) => Promise<T>,
): Promise<T> {
  const lock = await store.takeLock(claim);
  try {
    lock.keep();
    return await work(lock.ensureHeld);
  } finally {
    await lock.release();
  }
}
