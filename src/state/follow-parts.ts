import type { Diagnostic } from "../model/diagnostic.ts";
import type { LedgerLine } from "../model/ledger.ts";
import type { LedgerStore } from "../model/ledger-store.ts";
import type { PartName } from "../model/shard.ts";
import { locatePart } from "./ledger-parts.ts";
import { makeLedgerReader } from "./ledger-text.ts";
import { type LedgerPlace, openStore } from "./open-store.ts";

/**
 * Follows the lines of several parts side by side, in the order of `mergeLines`: by the times at which they were written, those of
 * one part in their own. Of each part a piece is held. Checks every chain; resolves to what was noticed.
 */
export async function followParts(
  place: LedgerPlace,
  parts: readonly PartName[],
  take: (line: LedgerLine) => void,
): Promise<readonly Diagnostic[]> {
  const stores: LedgerStore[] = [];
  try {
    for (const part of parts) stores.push(await openStore({ ...place, location: locatePart(place.location, part) }));
    const feeds = stores.map(feedFrom);
    try {
      await mergeFeeds(feeds, take);
    } finally {
      // Who waits to hand over more need not.
      for (const { batches } of feeds) await batches.cancel().catch(() => undefined);
    }
    return (await Promise.all(feeds.map(({ noticed }) => noticed))).flat();
  } finally {
    for (const store of stores) await store.close();
  }
}

/** The lines of one part, as they come. */
interface Feed {
  readonly batches: ReadableStreamDefaultReader<readonly LedgerLine[]>;
  /** What was noticed, once all is read. */
  readonly noticed: Promise<readonly Diagnostic[]>;
}

function feedFrom(store: LedgerStore): Feed {
  const { readable, writable } = new TransformStream<readonly LedgerLine[], readonly LedgerLine[]>();
  const writer = writable.getWriter();
  const read = async (): Promise<readonly Diagnostic[]> => {
    const lines: LedgerLine[] = [];
    const reader = makeLedgerReader(store.shown, (line) => lines.push(line));
    // A piece is waited for until its lines were asked for.
    await store.readInPieces(async (piece) => {
      reader.add(piece);
      if (lines.length > 0) await writer.write(lines.splice(0));
    });
    const { notes } = reader.end();
    if (lines.length > 0) await writer.write(lines.splice(0));
    await writer.close();
    return notes;
  };
  const noticed = read().catch(async (cause: unknown) => {
    await writer.abort(cause);
    throw cause;
  });
  // Whoever merges is told by the stream as well, and may be gone before this is waited for.
  noticed.catch(() => undefined);
  return { batches: readable.getReader(), noticed };
}

/** A place among the lines of one part. */
interface Cursor {
  readonly feed: Feed;
  lines: readonly LedgerLine[];
  index: number;
  /** A clock that was set back does not put a line before one that its own part had earlier. */
  latest: string;
}

async function mergeFeeds(feeds: readonly Feed[], take: (line: LedgerLine) => void): Promise<void> {
  const open = feeds.map((feed): Cursor => ({ feed, lines: [], index: 0, latest: "" }));
  let cursors = await keepOpen(open);
  while (cursors.length > 0) {
    const first = cursors.reduce((best, cursor) => (cursor.latest < best.latest ? cursor : best));
    // Whoever is open has one.
    take(first.lines[first.index] as LedgerLine);
    first.index += 1;
    if (!showNext(first)) cursors = await keepOpen(cursors);
  }
}

/** Those that have a line, once each of them was asked for more where it had none. */
async function keepOpen(cursors: readonly Cursor[]): Promise<readonly Cursor[]> {
  const have = await Promise.all(
    cursors.map(async (cursor) => {
      while (!showNext(cursor)) {
        const { value, done } = await cursor.feed.batches.read();
        if (done) return false;
        cursor.lines = value;
        cursor.index = 0;
      }
      return true;
    }),
  );
  return cursors.filter((_, index) => have[index]);
}

/** Whether there is a line at hand; then its time is looked at. */
function showNext(cursor: Cursor): boolean {
  const line = cursor.lines[cursor.index];
  if (line === undefined) return false;
  if (line.at > cursor.latest) cursor.latest = line.at;
  return true;
}
