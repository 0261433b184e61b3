import { explainCode } from "../model/explain-code.ts";
import type { Files } from "../model/ports.ts";
import type { Problems } from "./collect-problems.ts";
import { quoteName } from "./quote-name.ts";
import { makeSource, positionOf, type Source } from "./source.ts";

/** The largest manifest file, in bytes: about a hundred thousand grants. */
const MAX_FILE_BYTES: number = 8 * 1024 * 1024;

/** Where sources and problems are kept while files are read. */
export interface Reading {
  readonly sources: Map<string, Source>;
  readonly problems: Problems;
}

/** Reads one file as UTF-8 text. Undefined, and a problem reported, when that is not possible. */
export async function readSource(files: Files, file: string, found: Reading): Promise<Source | undefined> {
  const { problems } = found;
  const at = { file, line: 1, column: 1, length: 1 };
  try {
    const size = await files.size(file);
    if (size !== undefined && size > MAX_FILE_BYTES) return reportSize(file, size, problems);
    const bytes = await files.read(file);
    if (bytes.length > MAX_FILE_BYTES) return reportSize(file, bytes.length, problems);
    return decodeSource(file, bytes, found);
  } catch (error) {
    problems.report("AX102", {
      at,
      detail: `Reading ${quoteName(file)} failed: ${reasonOf(error)}.`,
      fix: "Make the file readable, or name another with --file.",
    });
    return undefined;
  }
}

function reportSize(file: string, size: number, problems: Problems): undefined {
  problems.report("AX103", {
    at: { file, line: 1, column: 1, length: 1 },
    detail: `The file has ${size} bytes; a manifest file may have ${MAX_FILE_BYTES} (8 MiB).`,
    fix: "Split it into several files in a directory, and name the directory with --file.",
  });
}

function decodeSource(file: string, bytes: Uint8Array, found: Reading): Source | undefined {
  const wide = wideEncodingOf(bytes);
  if (wide !== undefined) {
    found.problems.report("AX104", {
      at: { file, line: 1, column: 1, length: 1 },
      detail: `The file is written in ${wide}.`,
      fix: "Save it as UTF-8.",
    });
    return undefined;
  }
  try {
    const source = makeSource(file, new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    found.sources.set(file, source);
    return source;
  } catch {
    reportBadByte(file, bytes, found);
    return undefined;
  }
}

/** Tells UTF-16 and UTF-32 by their marks, or by a zero byte beside an ASCII character at the start. */
function wideEncodingOf(bytes: Uint8Array): string | undefined {
  const [a, b, c, d] = bytes;
  if (a === 0xff && b === 0xfe) return c === 0 && d === 0 ? "UTF-32" : "UTF-16";
  if (a === 0xfe && b === 0xff) return "UTF-16";
  if (a === 0 && b === 0) return "UTF-32";
  return (a === 0) !== (b === 0) && bytes.length > 1 ? "UTF-16" : undefined;
}

function reportBadByte(file: string, bytes: Uint8Array, found: Reading): void {
  const offset = findBadByte(bytes);
  const before = new TextDecoder("utf-8").decode(bytes.subarray(0, offset));
  const source = makeSource(file, new TextDecoder("utf-8").decode(bytes));
  const byte = (bytes[offset] ?? 0).toString(16).toUpperCase().padStart(2, "0");
  found.sources.set(file, source);
  found.problems.report("AX104", {
    at: positionOf(source, before.length, before.length + 1),
    detail: `The byte 0x${byte} here is not UTF-8; the file may be Latin-1 or Windows-1252.`,
    fix: "Save it as UTF-8.",
  });
}

/** Where the first character begins that is not UTF-8, found by halving: a valid beginning may end inside a character. */
function findBadByte(bytes: Uint8Array): number {
  let low = 0;
  let high = bytes.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (isValid(bytes.subarray(0, middle), true)) low = middle;
    else high = middle - 1;
  }
  if (isValid(bytes.subarray(0, low), false)) return low;
  let at = low - 1;
  while (at > 0 && ((bytes[at] ?? 0) & 0xc0) === 0x80) at -= 1;
  return at;
}

function isValid(bytes: Uint8Array, mayEndInside: boolean): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: mayEndInside });
    return true;
  } catch {
    return false;
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof Error && "code" in error && typeof error.code === "string") {
    return REASONS[error.code] ?? explainCode(error.code).because;
  }
  return error instanceof Error ? quoteName(error.message) : "unknown reason";
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "access is denied",
  EPERM: "access is denied",
  EISDIR: "it is a directory",
  ENOENT: "it is not there any more",
  ELOOP: "its links go round in a circle",
};
