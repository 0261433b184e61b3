import type { Position } from "../model/diagnostic.ts";
import { collectEntries } from "./flat-entries.ts";
import { type Cursor, codeAt, HASH, isBlank, isEnd, placeFrom, SPACE, skipSpaces } from "./plain-cursor.ts";
import type { TreeNode } from "./tree.ts";

/** How deep plain YAML may nest; far below what the parser allows, so that its words are said about what is deeper. */
export const DEEPEST = 32;

/** A longer key is left to the parser, which allows 1024 code units up to the colon. */
const LONGEST_KEY = 1000;

const DOUBLE_QUOTE = 34;
const SINGLE_QUOTE = 39;
const COMMA = 44;
const COLON = 58;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

/** A key with its place. */
export interface PlainKey {
  readonly text: string;
  readonly at: Position;
}

/** Reads a value that stands on one line: a text, a number, a truth value, or a flow collection. */
export function readInline(cursor: Cursor, depth: number, inFlow: boolean): TreeNode | undefined {
  const code = codeAt(cursor);
  if (code === OPEN_BRACKET || code === OPEN_BRACE) {
    if (depth > DEEPEST) return undefined;
    return code === OPEN_BRACKET ? readFlowList(cursor, depth) : readFlowMap(cursor, depth);
  }
  const start = cursor.at;
  const isQuoted = code === DOUBLE_QUOTE || code === SINGLE_QUOTE;
  const text = isQuoted ? readQuoted(cursor, code) : readBare(cursor, inFlow);
  if (text === undefined) return undefined;
  const value = isQuoted ? text : resolveBare(text);
  return value === undefined ? undefined : { kind: "scalar", value, at: placeFrom(cursor, start) };
}

/** Reads a key and the colon behind it, which a space or the end of the line must follow. */
export function readKey(cursor: Cursor, inFlow: boolean): PlainKey | undefined {
  const code = codeAt(cursor);
  const start = cursor.at;
  const isQuoted = code === DOUBLE_QUOTE || code === SINGLE_QUOTE;
  const text = isQuoted ? readQuoted(cursor, code) : readBare(cursor, inFlow);
  if (text === undefined || cursor.at - start > LONGEST_KEY) return undefined;
  if (!isQuoted && (text === "<<" || typeof resolveBare(text) !== "string")) return undefined;
  const at = placeFrom(cursor, start);
  if (codeAt(cursor) !== COLON) return undefined;
  cursor.at += 1;
  cursor.pieces += 1;
  return isBlank(codeAt(cursor)) ? { text, at } : undefined;
}

function readFlowList(cursor: Cursor, depth: number): TreeNode | undefined {
  const start = cursor.at;
  const items: TreeNode[] = [];
  const read = () => {
    const item = readInline(cursor, depth + 1, true);
    if (item !== undefined) items.push(item);
    return item !== undefined;
  };
  if (!readSeparated(cursor, CLOSE_BRACKET, read)) return undefined;
  return { kind: "list", items, at: placeFrom(cursor, start) };
}

function readFlowMap(cursor: Cursor, depth: number): TreeNode | undefined {
  const start = cursor.at;
  const collected = collectEntries(cursor.file);
  const read = () => {
    const key = readKey(cursor, true);
    if (key === undefined) return false;
    skipSpaces(cursor);
    const value = readInline(cursor, depth + 1, true);
    if (value !== undefined) collected.add(key.text, key.at, value);
    return value !== undefined;
  };
  const entries = readSeparated(cursor, CLOSE_BRACE, read) ? collected.finish() : undefined;
  return entries && { kind: "map", entries, at: placeFrom(cursor, start) };
}

/** Reads what stands between brackets, one entry or more with commas between them, or nothing at all. */
function readSeparated(cursor: Cursor, close: number, readEntry: () => boolean): boolean {
  passOne(cursor);
  skipSpaces(cursor);
  if (codeAt(cursor) === close) return passOne(cursor);
  while (readEntry()) {
    skipSpaces(cursor);
    if (codeAt(cursor) === close) return passOne(cursor);
    if (codeAt(cursor) !== COMMA) return false;
    passOne(cursor);
    skipSpaces(cursor);
  }
  return false;
}

function passOne(cursor: Cursor): true {
  cursor.at += 1;
  cursor.pieces += 1;
  return true;
}

/** A text in quotes that ends on its line; escapes are left to the parser. */
function readQuoted(cursor: Cursor, quote: number): string | undefined {
  const { text } = cursor;
  const start = cursor.at + 1;
  let isDoubled = false;
  for (let at = start; ; at += 1) {
    const code = text.charCodeAt(at);
    if (isEnd(code) || (code === BACKSLASH && quote === DOUBLE_QUOTE)) return undefined;
    if (code !== quote) continue;
    if (quote === SINGLE_QUOTE && text.charCodeAt(at + 1) === SINGLE_QUOTE) {
      isDoubled = true;
      at += 1;
      continue;
    }
    cursor.at = at + 1;
    cursor.pieces += 1;
    const inner = text.slice(start, at);
    return keepOnce(cursor, isDoubled ? inner.replaceAll("''", "'") : inner);
  }
}

const BACKSLASH = 92;

/** A text without quotes, up to where YAML ends it on its line: a colon before a blank, a comment, in flow also punctuation. */
function readBare(cursor: Cursor, inFlow: boolean): string | undefined {
  const { text } = cursor;
  const start = cursor.at;
  // Three dots may end the document.
  if (!canBegin(text.charCodeAt(start)) || text.startsWith("...", start)) return undefined;
  let end = start + 1;
  for (let at = end; ; at += 1) {
    const code = text.charCodeAt(at);
    if (code === SPACE) continue;
    if (isEnd(code) || (inFlow && isFlowMark(code))) break;
    if (code === COLON && endsAtColon(text.charCodeAt(at + 1), inFlow)) break;
    if (code === HASH && at > end) break;
    end = at + 1;
  }
  cursor.at = end;
  cursor.pieces += 1;
  return keepOnce(cursor, text.slice(start, end));
}

function keepOnce({ texts }: Cursor, text: string): string {
  const known = texts.get(text);
  if (known !== undefined) return known;
  const own = cutOff(text);
  texts.set(own, own);
  return own;
}

/** A copy that holds nothing but itself: V8 has a longer piece of a text refer to the whole, which is a file of megabytes. */
function cutOff(piece: string): string {
  return piece.length < SHORTEST_PIECE ? piece : Buffer.from(piece).toString();
}

const SHORTEST_PIECE = 13;

function endsAtColon(next: number, inFlow: boolean): boolean {
  return isBlank(next) || (inFlow && isFlowMark(next));
}

/** The brackets, the braces and the comma. */
function isFlowMark(code: number): boolean {
  return (
    code === COMMA || code === OPEN_BRACKET || code === CLOSE_BRACKET || code === OPEN_BRACE || code === CLOSE_BRACE
  );
}

/** Whether a text without quotes may begin so. Some that YAML allows are left to the parser. */
function canBegin(code: number): boolean {
  return !isBlank(code) && !MARKS.has(code);
}

const MARKS: ReadonlySet<number> = new Set(Array.from("-?:,[]{}#&*!|>'\"%@`~=", (mark) => mark.charCodeAt(0)));

/** What a text without quotes stands for in the core schema; undefined where the parser is to say it. */
function resolveBare(text: string): string | number | boolean | undefined {
  if (text.length <= 5 && WORDS.test(text)) return text === "true" ? true : text === "false" ? false : undefined;
  if (text.charCodeAt(0) <= LAST_DIGIT && NUMBERS.test(text)) return WHOLE.test(text) ? Number(text) : undefined;
  return text;
}

const WORDS = /^(?:null|true|false|\.inf|\.nan)$/iu;
const LAST_DIGIT = 57;
/** Everything that the core schema takes for a number, and more. */
const NUMBERS = /^[-+]?(?:0o[0-7]*|0x[0-9a-f]*|[0-9]*\.?[0-9]*(?:e[-+]?[0-9]*)?)$/iu;
const WHOLE = /^(?:0|[1-9][0-9]{0,14})$/u;
