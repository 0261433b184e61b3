import type { Position } from "../model/diagnostic.ts";

/** Where the reading of plain YAML stands in its text. */
export interface Cursor {
  readonly file: string;
  readonly text: string;
  /** Every text that was read, so that one that stands in many places is held once. */
  readonly texts: Map<string, string>;
  /** Offset of what is read next. */
  at: number;
  /** Counted from one. */
  line: number;
  /** Offset of the first code unit of the line. */
  lineStart: number;
  /** Column of the content that comes next, counted from zero; -1 at the end of the text. */
  indent: number;
  /** No fewer than the pieces that the parser would count up to here. */
  pieces: number;
}

const NEWLINE = 10;
export const SPACE = 32;
export const HASH = 35;

/** Whether a code unit ends a word: a space, a line break, or the end of the text, which is NaN. */
export function isBlank(code: number): boolean {
  return code === SPACE || isEnd(code);
}

/** Whether a code unit ends a line. */
export function isEnd(code: number): boolean {
  return code === NEWLINE || Number.isNaN(code);
}

export function codeAt({ text, at }: Cursor): number {
  return text.charCodeAt(at);
}

/** The position of what was read from `start` up to here, on this line. */
export function placeFrom({ file, line, lineStart, at }: Cursor, start: number): Position {
  return { file, line, column: start - lineStart + 1, length: at - start };
}

/** The position of a collection that begins here and takes up the rest of its line. */
export function placeToLineEnd({ file, text, line, lineStart, at }: Cursor): Position {
  return { file, line, column: at - lineStart + 1, length: endOfLine(text, at) - at };
}

export function skipSpaces(cursor: Cursor): void {
  const { text } = cursor;
  let { at } = cursor;
  while (text.charCodeAt(at) === SPACE) at += 1;
  if (at > cursor.at) cursor.pieces += 1;
  cursor.at = at;
}

/** Goes behind the line break when nothing but a comment is left on the line, and tells whether it was so. */
export function finishLine(cursor: Cursor): boolean {
  skipSpaces(cursor);
  if (codeAt(cursor) === HASH && cursor.text.charCodeAt(cursor.at - 1) === SPACE) skipComment(cursor);
  if (!isEnd(codeAt(cursor))) return false;
  breakLine(cursor);
  return true;
}

/** Goes from the start of a line over empty lines and comments to what comes next, and notes its column. */
export function findContent(cursor: Cursor): void {
  for (;;) {
    skipSpaces(cursor);
    const code = codeAt(cursor);
    if (Number.isNaN(code)) {
      cursor.indent = -1;
      return;
    }
    if (code === HASH) skipComment(cursor);
    else if (code !== NEWLINE) {
      cursor.indent = cursor.at - cursor.lineStart;
      return;
    }
    breakLine(cursor);
  }
}

function skipComment(cursor: Cursor): void {
  cursor.pieces += 1;
  cursor.at = endOfLine(cursor.text, cursor.at);
}

function breakLine(cursor: Cursor): void {
  if (Number.isNaN(codeAt(cursor))) return;
  cursor.pieces += 1;
  cursor.at += 1;
  cursor.line += 1;
  cursor.lineStart = cursor.at;
}

function endOfLine(text: string, from: number): number {
  const at = text.indexOf("\n", from);
  return at < 0 ? text.length : at;
}
