import { FileError } from "../model/errors.ts";
import { explainCode } from "../model/explain-code.ts";
import { harmless } from "../model/harmless.ts";

/** What was tried with a path. */
export type DiskDeed = "looked at" | "read" | "listed" | "written" | "removed";

/** An error of the disk in words, with the path as people gave it; every other error as it is. */
export function tellDisk(error: unknown, path: string, deed: DiskDeed): unknown {
  if (!(error instanceof Error && "code" in error && typeof error.code === "string")) return error;
  const { because, fix } = explainCode(error.code);
  return new FileError(`${quote(path)} cannot be ${deed}: ${because}.`, { code: error.code, fix, cause: error });
}

function quote(path: string): string {
  return `"${harmless(path)}"`;
}
