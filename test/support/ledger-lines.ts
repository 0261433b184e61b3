import { headOf, type LedgerEntry, type LedgerLine } from "../../src/model/ledger.ts";
import { sealLine } from "../../src/state/chain.ts";
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

/** A ledger whose chain is whole: the ends of so many runs, and then these entries. */
export function makeChain(runs: number, entries: readonly LedgerEntry[] = []): readonly LedgerLine[] {
  const lines: LedgerLine[] = [];
  const ends = Array.from({ length: runs }, (_, index): LedgerEntry => ({ type: "end", run: `run_${index}`, exit: 0 }));
  for (const entry of [...ends, ...entries]) {
    const { seq, digest } = headOf(lines);
    lines.push(sealLine({ format: 1, seq: seq + 1, at: "2026-06-01T00:00:00Z", prev: digest, entry }));
  }
  return lines;
}
