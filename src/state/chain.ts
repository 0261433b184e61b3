import { hash } from "node:crypto";
import type { Digest } from "../model/change.ts";
import { canonicalJson } from "../model/json.ts";
import type { LedgerLine } from "../model/ledger.ts";

/** A ledger line that has no digest yet. */
export type UnsealedLine = Omit<LedgerLine, "digest">;

/** Gives a line its digest: sha256 over the canonical JSON of the line without it. */
export function sealLine(line: UnsealedLine): LedgerLine {
  return sealText(line).line;
}

/** The same, with the text of the line as it stands in the file: what its digest was made of, with the digest cut in behind the time. */
export function sealText(unsealed: UnsealedLine): { readonly line: LedgerLine; readonly text: string } {
  const text = canonicalJson(unsealed);
  const digest = digestText(text);
  const at = `{"at":${JSON.stringify(unsealed.at)}`.length;
  return { line: { ...unsealed, digest }, text: `${text.slice(0, at)},"digest":"${digest}"${text.slice(at)}` };
}

/**
 * True when a line, as it stands in the file, has the digest of the text it was made of. The digest is one member of that text;
 * cutting it out costs a tenth of writing the line anew. A line without a digest has none.
 */
export function hasItsDigest(text: string, digest: unknown): boolean {
  if (typeof digest !== "string") return false;
  const member = `,"digest":${JSON.stringify(digest)}`;
  const at = text.indexOf(member);
  return at >= 0 && digestText(text.slice(0, at) + text.slice(at + member.length)) === digest;
}

function digestText(text: string): Digest {
  return `sha256:${hash("sha256", text)}`;
}
