import type { LedgerLine } from "../model/ledger.ts";
import type { LedgerPosition, LedgerStore } from "../model/ledger-store.ts";
import { recallFromCheckpoint } from "./checkpoint.ts";
import { type CheckpointStart, searchCheckpoint } from "./find-checkpoint.ts";
import { type LedgerReader, makeLedgerReader } from "./ledger-text.ts";
import { describeGrowth } from "./lock-texts.ts";
import { type Recalling, startRecalling } from "./memory.ts";
import { endWhole, type WholeEnd } from "./whole-end.ts";

/** What a store remembers, and what must be known to go on writing. */
export interface RecalledStore extends WholeEnd {
  readonly recalling: Recalling;
  /** Where reading began; undefined for the first line. */
  readonly from: CheckpointStart | undefined;
}

/** What became shorter meanwhile, as a pipe does that was read once, is another ledger. */
async function readAgain(
  store: LedgerStore,
  reader: LedgerReader,
  { from, length }: { readonly from: LedgerPosition | undefined; readonly length: number },
): Promise<void> {
  let read = from?.bytes ?? 0;
  await store.readInPieces((piece) => {
    read += piece.length;
    reader.add(piece);
  }, from);
  if (read < length) throw describeGrowth(store.shown);
}

/** What is no longer is held while a checkpoint is looked for, and not asked for again. */
const MOST_HELD_BYTES = 1024 * 1024;

/** Reads a store from its last checkpoint on; what `take` gets are the lines of this checkpoint, and all that follow. */
export async function recallStore(store: LedgerStore, take: (line: LedgerLine) => void): Promise<RecalledStore> {
  const search = searchCheckpoint();
  let held: Uint8Array[] | undefined = [];
  let length = 0;
  const end = await store.readInPieces((piece) => {
    search.add(piece);
    length += piece.length;
    if (length > MOST_HELD_BYTES) held = undefined;
    held?.push(new Uint8Array(piece));
  });
  const { from, digest, bytes, rest } = search.end();
  const recalling = from === undefined ? startRecalling() : recallFromCheckpoint();
  const reader = makeLedgerReader(
    store.shown,
    (line) => {
      recalling.take(line);
      take(line);
    },
    from?.lines,
  );
  if (held !== undefined) reader.add(Buffer.concat(held).subarray(from?.bytes));
  else await readAgain(store, reader, { from, length });
  return { ...endWhole({ ...reader.end(), end }, { digest, bytes, rest }), recalling, from };
}
