import { createHash } from "node:crypto";
import type { Digest } from "../model/change.ts";
import { canonicalJson } from "../model/json.ts";
import type { LedgerLine } from "../model/ledger.ts";

/** A ledger line that has no digest yet. */
export type UnsealedLine = Omit<LedgerLine, "digest">;

/** What stands for the line before the first one. */
export const FIRST_PREV: Digest = `sha256:${"0".repeat(64)}`;

/** Gives a line its digest: sha256 over the canonical JSON of the line without it. */
export function sealLine(line: UnsealedLine): LedgerLine {
  const digest = createHash("sha256").update(canonicalJson(line)).digest("hex");
  return { ...line, digest: `sha256:${digest}` };
}
