import type { Digest } from "../model/change.ts";
import type { CheckpointEntry } from "../model/ledger.ts";
import type { LedgerPosition } from "../model/ledger-store.ts";
import { parseJson } from "../model/parse-json.ts";
import { isEntry } from "./entry-shape.ts";
import { type DigestedLines, digestGrowing, joinLines, type WholeLines } from "./growing-digest.ts";

/** Before the `remembered` lines of a checkpoint that fits what is before it. */
export interface CheckpointStart extends LedgerPosition {
  /** The number of the line that tells what it is, after those. */
  readonly line: number;
  /** Up to where it knows the parts of a divided account. */
  readonly division: CheckpointEntry["division"];
}

/** Where reading may begin, and what was seen on the way. */
export interface CheckpointSearch extends Pick<WholeLines, "add"> {
  /** What was found, once all bytes were added. */
  end(): DigestedLines & {
    /** The last one that counts; undefined where reading begins at the first line. */
    readonly from: CheckpointStart | undefined;
  };
}

const NEWLINE = 0x0a;

/** Within a text of JSON quotes are escaped: where this stands, it is a member. */
const CHECKPOINT: Buffer = Buffer.from('"type":"checkpoint"');

const DIVISION: Buffer = Buffer.from('"type":"shards"');

/**
 * Looks for the last checkpoint of a ledger that has the digest of the very bytes before it, without reading any other line: so
 * each byte still counts. Lines that are no lines, or a checkpoint that does not fit, are passed over here, and told by whoever
 * reads them.
 *
 * Lines of the parts of a divided account count by their times: one that knows nothing of these parts says nothing there.
 */
export function searchCheckpoint(): CheckpointSearch {
  const digest = digestGrowing();
  let from: CheckpointStart | undefined;
  let isDivided = false;
  let length = 0;
  const lines = joinLines((bytes) => {
    const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    isDivided ||= whole.includes(DIVISION);
    let done = 0;
    for (let at = whole.indexOf(CHECKPOINT); at >= 0; at = whole.indexOf(CHECKPOINT, done + 1)) {
      const start = whole.lastIndexOf(NEWLINE, at) + 1;
      const end = whole.indexOf(NEWLINE, at);
      digest.add(whole.subarray(done, start));
      from = placeOf(whole.toString("utf8", start, end), { start: length + start, before: digest.after("") }) ?? from;
      digest.add(whole.subarray(start, end));
      done = end;
    }
    digest.add(whole.subarray(done));
    length += whole.length;
  });
  return {
    add: lines.add,
    end: () => ({
      from: isDivided && from?.division === undefined ? undefined : from,
      ...{ digest, bytes: length, rest: lines.rest() },
    }),
  };
}

/** Where a checkpoint begins; undefined where a line is none, or not of what is before it. */
function placeOf(
  text: string,
  { start, before }: { readonly start: number; readonly before: Digest },
): CheckpointStart | undefined {
  const line = parseJson(text) as { readonly seq?: unknown; readonly entry?: Partial<CheckpointEntry> } | undefined;
  const entry = line?.entry;
  if (entry?.type !== "checkpoint" || !isEntry(entry) || entry.before !== before) return undefined;
  const { lines, bytes, division } = entry as CheckpointEntry;
  const seq = Number(line?.seq);
  const place = { lines: seq - 1 - lines, bytes: start - bytes, line: seq, division };
  return place.lines >= 0 && place.bytes >= 0 ? place : undefined;
}
