import { resolve } from "node:path";
import type { Files } from "../model/ports.ts";

/** The same disk, with relative paths read from a folder, so that `--chdir` holds without moving the process and messages keep paths as given. */
export function filesWithin(folder: string, files: Files): Files {
  const at = (path: string): string => resolve(folder, path);
  return {
    read: (path) => files.read(at(path)),
    size: (path) => files.size(at(path)),
    kind: (path) => files.kind(at(path)),
    list: (path) => files.list(at(path)),
    replace: (path, text, mode) => files.replace(at(path), text, mode),
    openAppender: (path) => files.openAppender(at(path)),
    createExclusive: (path, text) => files.createExclusive(at(path), text),
    remove: (path) => files.remove(at(path)),
    real: (path) => files.real(at(path)),
  };
}
