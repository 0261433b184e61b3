import type { LedgerStore } from "../model/ledger-store.ts";
import type { Files } from "../model/ports.ts";
import { breakLock, findLock, takeLock } from "./lock.ts";
import { describeGrowth } from "./lock-texts.ts";

/** A ledger in a file, whose lock is a file beside it. */
export function makeFileStore(path: string, files: Files): LedgerStore {
  return {
    shown: path,
    read: async () => {
      if ((await files.size(path)) === undefined) return { bytes: new Uint8Array(), end: undefined };
      const bytes = await files.read(path);
      return { bytes, end: bytes.length };
    },
    readInPieces: async (take) => {
      if ((await files.size(path)) === undefined) return undefined;
      let end = 0;
      const count = (piece: Uint8Array): void => {
        end += piece.length;
        take(piece);
      };
      if (files.readInPieces === undefined) count(await files.read(path));
      else await files.readInPieces(path, count);
      return end;
    },
    // The mending replaces the file as one: a second crash cannot tear it more.
    openEnd: async (seen, mended) => {
      if ((await files.size(path)) !== seen.end) throw describeGrowth(path);
      if (mended !== undefined) await files.replace(path, mended);
      return files.openAppender(path);
    },
    takeLock: (claim) => takeLock({ ...claim, path, files }),
    findLock: (at) => findLock({ ...at, path, files }),
    breakLock: (claim) => breakLock({ ...claim, path, files }),
    close: async () => undefined,
  };
}
