import type { LedgerStore, Mending } from "../model/ledger-store.ts";
import type { Files, TakePiece } from "../model/ports.ts";
import { breakLock, findLock, takeLock } from "./lock.ts";
import { describeGrowth } from "./lock-texts.ts";

/** A ledger in a file, whose lock is a file beside it. */
export function makeFileStore(path: string, files: Files): LedgerStore {
  return {
    shown: path,
    readInPieces: async (take, { bytes: from } = { lines: 0, bytes: 0 }) => {
      if ((await files.size(path)) === undefined) return undefined;
      let end = from;
      await readFrom(files, path, {
        from,
        take: (piece) => {
          end += piece.length;
          return take(piece);
        },
      });
      return end;
    },
    // The mending replaces the file as one: a second crash cannot tear it more.
    openEnd: async (end, mending) => {
      if ((await files.size(path)) !== end) throw describeGrowth(path);
      if (mending !== undefined) await files.replace(path, await readMended(files, path, mending));
      return files.openAppender(path);
    },
    takeLock: (claim) => takeLock({ ...claim, path, files }),
    findLock: (at) => findLock({ ...at, path, files }),
    breakLock: (claim) => breakLock({ ...claim, path, files }),
    close: async () => undefined,
  };
}

async function readFrom(
  files: Files,
  path: string,
  { from, take }: { readonly from: number; readonly take: TakePiece },
): Promise<void> {
  if (files.readInPieces !== undefined) return files.readInPieces(path, take, from);
  await take((await files.read(path)).subarray(from));
}

async function readMended(files: Files, path: string, { bytes, missing }: Mending): Promise<string> {
  const pieces: Uint8Array[] = [];
  await readFrom(files, path, { from: 0, take: (piece) => pieces.push(new Uint8Array(piece)) });
  return `${Buffer.concat(pieces).toString("utf8", 0, bytes)}${missing}`;
}
