import { collectEntries } from "./flat-entries.ts";
import {
  type Cursor,
  codeAt,
  findContent,
  finishLine,
  HASH,
  isBlank,
  isEnd,
  placeToLineEnd,
  skipSpaces,
} from "./plain-cursor.ts";
import { DEEPEST, readInline, readKey } from "./plain-inline.ts";
import type { Source } from "./source.ts";
import type { ListNode, MapNode, TreeNode } from "./tree.ts";

/** A file that was read without the parser. */
export interface PlainReading {
  readonly tree: MapNode;
  /** No fewer than the pieces that the parser would count. */
  readonly pieces: number;
}

/**
 * Reads the plain part of YAML that manifests are mostly made of, ten times as fast as the parser: block mappings and lists,
 * texts on one line with quotes or without, flow collections on one line, comments. Undefined for all other texts, right or
 * wrong: the parser reads those. Equal texts of all files read with the same `texts` are held once. What it gives is exactly what the parser gives, and then there is nothing to report.
 */
export function readPlain({ file, text }: Source, texts: Map<string, string> = new Map()): PlainReading | undefined {
  if (UNUSUAL.test(text)) return undefined;
  const cursor: Cursor = { file, text, texts, at: 0, line: 1, lineStart: 0, indent: 0, pieces: 0 };
  findContent(cursor);
  if (cursor.indent === 0 && text.startsWith("---", cursor.at) && !passMarker(cursor)) return undefined;
  if (cursor.indent !== 0) return undefined;
  const tree = readBlockMap(cursor, 0, 0);
  return tree === undefined || cursor.indent >= 0 ? undefined : { tree, pieces: cursor.pieces };
}

/** Tabs, carriage returns, other control characters and line breaks, the byte order mark, halves of pairs. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are among what is looked for
const UNUSUAL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff]|\p{Cs}/u;

/** Goes behind the mark that begins a document. */
function passMarker(cursor: Cursor): boolean {
  cursor.at += 3;
  cursor.pieces += 1;
  if (!finishLine(cursor)) return false;
  findContent(cursor);
  return true;
}

/** A mapping whose first key stands here; the lines of its keys begin in column `indent`. */
function readBlockMap(cursor: Cursor, indent: number, depth: number): MapNode | undefined {
  if (depth > DEEPEST) return undefined;
  const at = placeToLineEnd(cursor);
  const collected = collectEntries(cursor.file);
  do {
    const key = readKey(cursor, false);
    if (key === undefined) return undefined;
    const value = readValue(cursor, indent, depth + 1);
    if (value === undefined) return undefined;
    collected.add(key.text, key.at, value);
  } while (cursor.indent === indent);
  const entries = cursor.indent < indent ? collected.finish() : undefined;
  return entries && { kind: "map", entries, at };
}

/** The value of a key whose line begins in column `indent`, and what is left of its last line. */
function readValue(cursor: Cursor, indent: number, depth: number): TreeNode | undefined {
  skipSpaces(cursor);
  const code = codeAt(cursor);
  if (!isEnd(code) && code !== HASH) return readLineEnd(cursor, readInline(cursor, depth, false));
  if (!finishLine(cursor)) return undefined;
  findContent(cursor);
  if (cursor.indent >= indent && startsItem(cursor)) return readBlockList(cursor, cursor.indent, depth);
  return cursor.indent > indent ? readBlockMap(cursor, cursor.indent, depth) : undefined;
}

/** A list whose first dash stands here. */
function readBlockList(cursor: Cursor, indent: number, depth: number): ListNode | undefined {
  if (depth > DEEPEST) return undefined;
  const at = placeToLineEnd(cursor);
  const items: TreeNode[] = [];
  do {
    cursor.at += 1;
    cursor.pieces += 1;
    skipSpaces(cursor);
    const item = startsKey(cursor)
      ? readBlockMap(cursor, cursor.at - cursor.lineStart, depth + 1)
      : readLineEnd(cursor, readInline(cursor, depth + 1, false));
    if (item === undefined) return undefined;
    items.push(item);
  } while (cursor.indent === indent && startsItem(cursor));
  return cursor.indent <= indent ? { kind: "list", items, at } : undefined;
}

function readLineEnd(cursor: Cursor, node: TreeNode | undefined): TreeNode | undefined {
  if (node === undefined || !finishLine(cursor)) return undefined;
  findContent(cursor);
  return node;
}

function startsItem({ text, at }: Cursor): boolean {
  return text[at] === "-" && isBlank(text.charCodeAt(at + 1));
}

/** Whether a key stands here, and so a mapping begins. */
function startsKey(cursor: Cursor): boolean {
  return readKey({ ...cursor }, false) !== undefined;
}
