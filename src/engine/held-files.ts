import { normalize } from "node:path";
import type { Files } from "../model/ports.ts";

/** A file of a manifest that is not on the disk yet. */
export interface ManifestFile {
  readonly path: string;
  readonly text: string;
}

/** A disk that holds these files and nothing else, and takes no more. */
export function holdFiles(held: readonly ManifestFile[]): Files {
  const encoder = new TextEncoder();
  const texts = new Map(held.map(({ path, text }) => [normalize(path), encoder.encode(text)]));
  const refuse = (): Promise<never> => Promise.reject(new Error("nothing is written to files that are only held"));
  return {
    read: (path) => Promise.resolve(texts.get(path) ?? new Uint8Array()),
    size: (path) => Promise.resolve(texts.get(path)?.length),
    real: (path) => Promise.resolve(texts.has(path) ? path : undefined),
    kind: (path) => Promise.resolve(texts.has(path) ? "file" : undefined),
    list: () => Promise.resolve([]),
    replace: refuse,
    openAppender: refuse,
    createExclusive: refuse,
    remove: refuse,
  };
}
