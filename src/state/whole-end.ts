import type { LedgerEnd } from "../model/ledger-store.ts";
import type { DigestedLines } from "./growing-digest.ts";
import type { LedgerText } from "./ledger-text.ts";

/** How a ledger ends, that was followed line by line. */
export interface FollowedEnd extends Omit<LedgerText, "lines"> {
  readonly end: LedgerEnd;
}

/** The same with the digest and the length of its lines: what must be known to go on writing. */
export interface WholeEnd extends FollowedEnd, Omit<DigestedLines, "rest"> {}

/** The last line gets its line feed before anything is added. */
export function endWhole(ended: FollowedEnd, { digest, bytes, rest }: DigestedLines): WholeEnd {
  if (ended.mend !== "end") return { ...ended, digest, bytes };
  digest.add(rest);
  digest.add("\n");
  return { ...ended, digest, bytes: bytes + rest.length };
}
