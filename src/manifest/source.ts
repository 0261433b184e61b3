import type { Position } from "../model/diagnostic.ts";

/** The text of one file, and where its lines begin. */
export interface Source {
  readonly file: string;
  readonly text: string;
  /** Offset of the first code unit of each line, rising. */
  readonly lineStarts: readonly number[];
}

/** Makes a source from a file's text, which must be free of a byte order mark. */
export function makeSource(file: string, text: string): Source {
  const lineStarts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lineStarts.push(at + 1);
  return { file, text, lineStarts };
}

/** The position of a stretch of text; a stretch over several lines ends with its first line. */
export function positionOf(source: Source, start: number, end: number): Position {
  const from = Math.min(Math.max(start, 0), source.text.length);
  const index = lineIndexAt(source, from);
  const lineStart = source.lineStarts[index] ?? 0;
  const lineEnd = lineStart + lineTextOf(source, index + 1).length;
  const length = Math.max(1, Math.min(end, lineEnd) - from);
  return { file: source.file, line: index + 1, column: from - lineStart + 1, length };
}

/** One line without its line break; empty when there is no such line. */
export function lineTextOf(source: Source, line: number): string {
  const start = source.lineStarts[line - 1];
  if (start === undefined) return "";
  const end = source.lineStarts[line] ?? source.text.length + 1;
  return source.text.slice(start, end - 1).replace(/\r$/u, "");
}

function lineIndexAt(source: Source, offset: number): number {
  let low = 0;
  let high = source.lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((source.lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
