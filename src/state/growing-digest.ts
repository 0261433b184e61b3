import { createHash, type Hash } from "node:crypto";
import type { Digest } from "../model/change.ts";
import { MOST_LINE_BYTES } from "./ledger-text.ts";

/** The digest of a text that grows. */
export interface GrowingDigest {
  add(text: string | Uint8Array): void;
  /** With a text that is not added. */
  after(text: string): Digest;
}

/** A digest of nothing yet. */
export function digestGrowing(): GrowingDigest {
  const hash: Hash = createHash("sha256");
  return {
    add: (text) => void hash.update(text),
    after: (text) => `sha256:${hash.copy().update(text).digest("hex")}`,
  };
}

/** The bytes of a ledger in any pieces, of which none is kept. */
export interface WholeLines {
  add(bytes: Uint8Array): void;
  /** What was begun of a line; nothing where it is longer than any line may be. */
  rest(): Uint8Array;
}

const NEWLINE = 0x0a;

/** Hands on whole lines, some at once. */
export function joinLines(take: (lines: Uint8Array) => void): WholeLines {
  /** What was begun of a line, and how long that is. */
  let begun: Buffer[] = [];
  let left = 0;
  return {
    add: (bytes) => {
      const piece = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
      const first = piece.indexOf(NEWLINE) + 1;
      const end = piece.lastIndexOf(NEWLINE) + 1;
      // Only a line that pieces share is copied, and what may be one: whoever hands over the bytes may put others in their place.
      if (first > 0) take(Buffer.concat([...begun, piece.subarray(0, first)]));
      if (end > first) take(piece.subarray(first, end));
      if (end > 0) begun = [];
      begun.push(Buffer.from(piece.subarray(end)));
      left = (end > 0 ? 0 : left) + piece.length - end;
      // What is no line is told by who reads it.
      if (left > MOST_LINE_BYTES) begun = [];
    },
    rest: () => Buffer.concat(begun),
  };
}

/** What the whole lines of a text come to. */
export interface DigestedLines {
  readonly digest: GrowingDigest;
  /** What they have. */
  readonly bytes: number;
  /** What follows them. */
  readonly rest: Uint8Array;
}

/** The digest of all whole lines. */
export function digestLines(): Pick<WholeLines, "add"> & { readonly end: () => DigestedLines } {
  const digest = digestGrowing();
  let bytes = 0;
  const lines = joinLines((whole) => {
    digest.add(whole);
    bytes += whole.length;
  });
  return { add: lines.add, end: () => ({ digest, bytes, rest: lines.rest() }) };
}
