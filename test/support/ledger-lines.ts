import type { LedgerEntry, LedgerLine } from "../../src/model/ledger.ts";
import { SOME_DIGEST } from "./toy-plan.ts";

/** Ledger lines of these entries, a minute between each and the next; unsealed, for whoever does not check the chain. */
export function makeLines(entries: readonly LedgerEntry[]): readonly LedgerLine[] {
  return entries.map((entry, index) => ({
    format: 1,
    seq: index + 1,
    at: `2026-06-01T00:${String(index).padStart(2, "0")}:00Z`,
    prev: SOME_DIGEST,
    entry,
    digest: SOME_DIGEST,
  }));
}
