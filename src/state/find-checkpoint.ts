import { createHash, type Hash } from "node:crypto";
import type { Digest } from "../model/change.ts";
import type { CheckpointEntry } from "../model/ledger.ts";
import type { LedgerPosition } from "../model/ledger-store.ts";
import { parseJson } from "../model/parse-json.ts";
import { isEntry } from "./entry-shape.ts";
import { MOST_LINE_BYTES } from "./ledger-text.ts";

/** The digest of a text that grows. */
export interface GrowingDigest {
  add(text: string | Uint8Array): void;
  /** With a text that is not added. */
  after(text: string): Digest;
}

/** Where reading may begin, and what was seen on the way. */
export interface CheckpointSearch {
  /** The bytes of a ledger in any pieces; none is kept. */
  add(bytes: Uint8Array): void;
  /** What was found, once all bytes were added. */
  end(): {
    /** Before the `remembered` lines of the last checkpoint that fits what is before it; undefined where reading begins at the first line. */
    readonly from: LedgerPosition | undefined;
    /** Of all whole lines. */
    readonly digest: GrowingDigest;
    /** What these have. */
    readonly bytes: number;
    /** What follows them. */
    readonly rest: Uint8Array;
  };
}

const NEWLINE = 0x0a;

/** Within a text of JSON quotes are escaped: where this stands, it is a member. */
const CHECKPOINT: Buffer = Buffer.from('"type":"checkpoint"');

/** A divided account has lines in several ledgers, which count by their times: what one of them comes to says nothing. */
const DIVISION: Buffer = Buffer.from('"type":"shards"');

/**
 * Looks for the last checkpoint of a ledger that has the digest of the very bytes before it, without reading any other line: so
 * each byte still counts. Lines that are no lines, or a checkpoint that does not fit, are passed over here, and told by whoever
 * reads them.
 */
export function searchCheckpoint(): CheckpointSearch {
  const digest = digestGrowing();
  let from: LedgerPosition | undefined;
  let isDivided = false;
  let length = 0;
  /** What was begun of a line, and how long that is. */
  let begun: Buffer[] = [];
  let left = 0;

  const addLines = (lines: Buffer): void => {
    isDivided ||= lines.includes(DIVISION);
    let done = 0;
    for (let at = lines.indexOf(CHECKPOINT); at >= 0; at = lines.indexOf(CHECKPOINT, done + 1)) {
      const start = lines.lastIndexOf(NEWLINE, at) + 1;
      const end = lines.indexOf(NEWLINE, at);
      digest.add(lines.subarray(done, start));
      from = placeOf(lines.toString("utf8", start, end), { start: length + start, before: digest.after("") }) ?? from;
      digest.add(lines.subarray(start, end));
      done = end;
    }
    digest.add(lines.subarray(done));
    length += lines.length;
  };
  return {
    add: (bytes) => {
      const piece = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
      const first = piece.indexOf(NEWLINE) + 1;
      const end = piece.lastIndexOf(NEWLINE) + 1;
      // Only a line that pieces share is copied, and what may be one: whoever hands over the bytes may put others in their place.
      if (first > 0) addLines(Buffer.concat([...begun, piece.subarray(0, first)]));
      if (end > first) addLines(piece.subarray(first, end));
      if (end > 0) begun = [];
      begun.push(Buffer.from(piece.subarray(end)));
      left = (end > 0 ? 0 : left) + piece.length - end;
      // What is no line is told by who reads it.
      if (left > MOST_LINE_BYTES) begun = [];
    },
    end: () => ({ from: isDivided ? undefined : from, digest, bytes: length, rest: Buffer.concat(begun) }),
  };
}

/** Where a checkpoint begins; undefined where a line is none, or not of what is before it. */
function placeOf(
  text: string,
  { start, before }: { readonly start: number; readonly before: Digest },
): LedgerPosition | undefined {
  const line = parseJson(text) as { readonly seq?: unknown; readonly entry?: Partial<CheckpointEntry> } | undefined;
  const entry = line?.entry;
  if (entry?.type !== "checkpoint" || !isEntry(entry) || entry.before !== before) return undefined;
  const { lines, bytes } = entry as CheckpointEntry;
  const place = { lines: Number(line?.seq) - 1 - lines, bytes: start - bytes };
  return place.lines >= 0 && place.bytes >= 0 ? place : undefined;
}

/** A digest of nothing yet. */
export function digestGrowing(): GrowingDigest {
  const hash: Hash = createHash("sha256");
  return {
    add: (text) => void hash.update(text),
    after: (text) => `sha256:${hash.copy().update(text).digest("hex")}`,
  };
}
