import type { Digest } from "../model/change.ts";
import { headOf, type LedgerHead, type LedgerLine } from "../model/ledger.ts";
import type { LedgerPosition, LedgerStore } from "../model/ledger-store.ts";
import type { PartName } from "../model/shard.ts";
import { type DigestedLines, digestLines } from "./growing-digest.ts";
import { locatePart } from "./ledger-parts.ts";
import { makeLedgerReader } from "./ledger-text.ts";
import { type LedgerPlace, openStore } from "./open-store.ts";
import { endWhole, type WholeEnd } from "./whole-end.ts";

/** A part that is followed. */
export interface FollowingPart {
  readonly part: PartName;
  /** Where it stands; left out: it is opened, and closed again. */
  readonly store?: LedgerStore | undefined;
  /** Where its lines begin; left out: with the first. */
  readonly from?: PartStart | undefined;
}

/** What is passed over of a part. */
export interface PartStart extends LedgerPosition {
  /** sha256 of it, and the digest of its last line; left out where somebody looked at it already. */
  readonly before?: Digest;
  readonly last?: Digest;
}

/** The lines of several parts, side by side. */
export interface SideBySide {
  /**
   * Takes the lines that follow, in the order of `mergeLines`: by the times at which they were written, those of one part in their own.
   * Of each part none with a higher number than `until` has for it; without it, all.
   */
  follow(take: (line: LedgerLine, part: PartName) => void, until?: (part: PartName) => number): Promise<void>;
  /** The last line that was taken of a part, and of nothing yet that before the first one. */
  headOf(part: PartName): LedgerHead;
  /** Where a part is, as people may see it. */
  shownOf(part: PartName): string;
  /** How a part ended, once all of it was taken. Of a part whose beginning somebody looked at already, its bytes are those after that. */
  endOf(part: PartName): Promise<WholeEnd>;
}

/** What a part begins with is not what it is said to begin with. */
export class OtherBeginning extends Error {}

/**
 * Follows the lines of several parts side by side, of each of which a piece is held, and checks every chain. Rejects with
 * OtherBeginning where a part does not begin with what is passed over of it.
 */
export async function followParts<T>(
  place: LedgerPlace,
  parts: readonly FollowingPart[],
  work: (lines: SideBySide) => Promise<T>,
): Promise<T> {
  const opened: LedgerStore[] = [];
  const open = async (part: PartName): Promise<LedgerStore> => {
    const store = await openStore({ ...place, location: locatePart(place.location, part) });
    opened.push(store);
    return store;
  };
  try {
    const ready: [FollowingPart, LedgerStore][] = [];
    for (const each of parts) ready.push([each, each.store ?? (await open(each.part))]);
    const cursors = new Map(ready.map(([{ part, from }, store]) => [part, openCursor(part, store, from)]));
    const cursorOf = (part: PartName): Cursor => cursors.get(part) as Cursor;
    try {
      return await work({
        follow: (take, until = () => Number.POSITIVE_INFINITY) => mergeLinesOf([...cursors.values()], take, until),
        headOf: (part) => cursorOf(part).head,
        shownOf: (part) => cursorOf(part).shown,
        endOf: (part) => cursorOf(part).feed.end,
      });
    } finally {
      // Who waits to hand over more need not.
      for (const { feed } of cursors.values()) await feed.batches.cancel().catch(() => undefined);
    }
  } finally {
    for (const store of opened) await store.close();
  }
}

/** The lines of one part, as they come. */
interface Feed {
  readonly batches: ReadableStreamDefaultReader<readonly LedgerLine[]>;
  /** Once all is read. */
  readonly end: Promise<WholeEnd>;
}

function feedFrom(store: LedgerStore, from: PartStart | undefined): Feed {
  const { readable, writable } = new TransformStream<readonly LedgerLine[], readonly LedgerLine[]>();
  const writer = writable.getWriter();
  const read = async (): Promise<WholeEnd> => {
    const lines: LedgerLine[] = [];
    const reader = makeLedgerReader(store.shown, (line) => lines.push(line), from?.lines);
    const whole = digestLines();
    const passing = passOver(from, whole);
    const seen = from?.before === undefined ? from : undefined;
    // A piece is waited for until its lines were asked for.
    const end = await store.readInPieces(async (piece) => {
      const rest = passing.add(piece);
      whole.add(rest);
      reader.add(rest);
      if (lines.length > 0) await writer.write(lines.splice(0));
    }, seen);
    passing.end();
    const ended = reader.end();
    if (lines.length > 0) await writer.write(lines.splice(0));
    await writer.close();
    return endWhole({ ...ended, end }, whole.end());
  };
  const end = read().catch(async (cause: unknown) => {
    await writer.abort(cause);
    throw cause;
  });
  // Whoever merges is told by the stream as well, and may be gone before this is waited for.
  end.catch(() => undefined);
  return { batches: readable.getReader(), end };
}

/** Passes over what a part begins with, and looks whether it is that. */
function passOver(
  from: PartStart | undefined,
  whole: ReturnType<typeof digestLines>,
): { readonly add: (piece: Uint8Array) => Uint8Array; readonly end: () => void } {
  let left = from?.before === undefined ? 0 : from.bytes;
  const requireFit = ({ digest }: DigestedLines): void => {
    if (digest.after("") !== from?.before) throw new OtherBeginning();
  };
  return {
    add: (piece) => {
      if (left === 0) return piece;
      const passed = piece.subarray(0, left);
      whole.add(passed);
      left -= passed.length;
      if (left === 0) requireFit(whole.end());
      return piece.subarray(passed.length);
    },
    end: () => {
      if (left > 0) throw new OtherBeginning();
    },
  };
}

/** A place among the lines of one part. */
interface Cursor {
  readonly part: PartName;
  readonly shown: string;
  readonly feed: Feed;
  lines: readonly LedgerLine[];
  index: number;
  head: LedgerHead;
  /** When the line at hand was written. */
  at: string;
}

function openCursor(part: PartName, store: LedgerStore, from: PartStart | undefined): Cursor {
  const before = headOf([]);
  const head = { seq: from?.lines ?? before.seq, digest: from?.last ?? before.digest };
  return { part, shown: store.shown, feed: feedFrom(store, from), lines: [], index: 0, head, at: "" };
}

async function mergeLinesOf(
  cursors: readonly Cursor[],
  take: (line: LedgerLine, part: PartName) => void,
  until: (part: PartName) => number,
): Promise<void> {
  let open = await keepOpen(cursors, until);
  while (open.length > 0) {
    const first = open.reduce((best, cursor) => (cursor.at < best.at ? cursor : best));
    // Whoever is open has one.
    const line = first.lines[first.index] as LedgerLine;
    first.index += 1;
    first.head = headOf([line]);
    take(line, first.part);
    if (showNext(first, until) !== "open") open = await keepOpen(open, until);
  }
}

/** Those that have a line, once each of them was asked for more where it had none. */
async function keepOpen(cursors: readonly Cursor[], until: (part: PartName) => number): Promise<readonly Cursor[]> {
  const have = await Promise.all(
    cursors.map(async (cursor) => {
      let next = showNext(cursor, until);
      while (next === "unknown") {
        const { value, done } = await cursor.feed.batches.read();
        if (done) return false;
        cursor.lines = value;
        cursor.index = 0;
        next = showNext(cursor, until);
      }
      return next === "open";
    }),
  );
  return cursors.filter((_, index) => have[index]);
}

/** Whether there is a line at hand that may be taken. */
function showNext(cursor: Cursor, until: (part: PartName) => number): "open" | "over" | "unknown" {
  if (cursor.head.seq >= until(cursor.part)) return "over";
  const line = cursor.lines[cursor.index];
  if (line === undefined) return "unknown";
  cursor.at = line.at;
  return "open";
}
