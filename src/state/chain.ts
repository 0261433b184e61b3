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
  const at = findPlace(unsealed);
  return { line: { ...unsealed, digest }, text: `${text.slice(0, at)}${spellDigest(digest)}${text.slice(at)}` };
}

/**
 * True when a line is, to the byte, as `sealText` writes it. The digest is one member of that text; cutting it out costs a tenth of
 * writing the line anew. A line without a digest has none.
 */
export function hasItsDigest(text: string, line: { readonly at: string; readonly digest?: unknown }): boolean {
  const { digest } = line;
  if (typeof digest !== "string") return false;
  const at = findPlace(line);
  const member = spellDigest(digest);
  return text.startsWith(member, at) && digestText(text.slice(0, at) + text.slice(at + member.length)) === digest;
}

/** Where the digest stands in the text of a line: its members are sorted. */
function findPlace({ at }: Pick<LedgerLine, "at">): number {
  return `{"at":${JSON.stringify(at)}`.length;
}

function spellDigest(digest: string): string {
  return `,"digest":${JSON.stringify(digest)}`;
}

function digestText(text: string): Digest {
  return `sha256:${hash("sha256", text)}`;
}
