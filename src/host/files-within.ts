import { resolve } from "node:path";
import type { Appender, Files } from "../model/ports.ts";
import { type DiskDeed, tellDisk } from "./tell-disk.ts";

/**
 * The same disk, with relative paths read from a folder, so that `--chdir` holds without moving the process and messages keep
 * paths as given. What the disk refuses is a FileError in words.
 */
export function filesWithin(folder: string, files: Files): Files {
  const on = async <T>(deed: DiskDeed, path: string, work: (full: string) => Promise<T>): Promise<T> => {
    try {
      return await work(resolve(folder, path));
    } catch (error) {
      throw tellDisk(error, path, deed);
    }
  };
  const telling = (path: string, appender: Appender): Appender => ({
    append: (text) => on("written", path, () => appender.append(text)),
    close: () => on("written", path, () => appender.close()),
  });
  const { readInPieces, stamp } = files;
  return {
    read: (path) => on("read", path, files.read),
    ...(readInPieces !== undefined && {
      readInPieces: (path, take, from) => on("read", path, (full) => readInPieces(full, take, from)),
    }),
    size: (path) => on("looked at", path, files.size),
    ...(stamp !== undefined && { stamp: (path) => on("looked at", path, stamp) }),
    kind: (path) => on("looked at", path, files.kind),
    list: (path) => on("listed", path, files.list),
    replace: (path, text, mode) => on("written", path, (full) => files.replace(full, text, mode)),
    openAppender: (path) => on("written", path, async (full) => telling(path, await files.openAppender(full))),
    createExclusive: (path, text) => on("written", path, (full) => files.createExclusive(full, text)),
    remove: (path) => on("removed", path, files.remove),
    real: (path) => on("looked at", path, files.real),
  };
}
