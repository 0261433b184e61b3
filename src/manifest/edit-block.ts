import { isMap, type Node } from "yaml";
import type { CollectionEdit } from "./edit-collection.ts";
import {
  commentsIn,
  type EditedSource,
  endOf,
  indentAt,
  lineEndOf,
  lineStartOf,
  NotEditable,
  type Splice,
  startOf,
} from "./splice.ts";

/** What edits a mapping or list whose entries stand on lines of their own. A removed entry leaves its comments, on lines of their own. */
export function editBlock(source: EditedSource, edit: CollectionEdit): readonly Splice[] {
  const { items, removed, added } = edit;
  const isEmptied = added.length === 0 && items.every((_, index) => removed.has(index));
  const indent = indentOf(source, edit);
  return [
    ...(isEmptied ? [writeEmpty(source, edit)] : []),
    ...[...removed].map((index) => removeLines(source, edit, { index, indent })),
    ...added.map(({ text, behind }) => ({
      ...insertLine(source, edit, { behind, line: `${indent}${markOf(edit)}${text}` }),
      depth: indent.length,
    })),
  ];
}

function itemAt({ items }: CollectionEdit, index: number): CollectionEdit["items"][number] {
  const item = items[index];
  if (item === undefined) throw new NotEditable("nothing stands here to go by");
  return item;
}

/** What stands before an entry on a line of its own: the first key of a list's item stands behind its dash. */
function indentOf(source: EditedSource, edit: CollectionEdit): string {
  const start = startOf(itemAt(edit, 0));
  const prefix = source.text.slice(lineStartOf(source, start), start);
  return isMap(edit.node) && /^ *- +$/u.test(prefix) ? " ".repeat(prefix.length) : indentAt(source, start);
}

function markOf({ node }: CollectionEdit): string {
  return isMap(node) ? "" : "- ";
}

/** Before a key stands nothing but blanks and an anchor; before an item its dash as well. */
const KEY_PREFIX = /^ *(?:&\S+ +)?$/u;
const ITEM_PREFIX = /^ *- +(?:&\S+ +)?$/u;

function removeLines(
  source: EditedSource,
  edit: CollectionEdit,
  { index, indent }: { readonly index: number; readonly indent: string },
): Splice {
  const item = itemAt(edit, index);
  const start = lineStartOf(source, startOf(item));
  const prefix = source.text.slice(start, startOf(item));
  if (!(isMap(edit.node) ? KEY_PREFIX : ITEM_PREFIX).test(prefix)) throw new NotEditable("an entry shares its line");
  const end = lineEndOf(source, endOf(item));
  const kept = commentsIn(source, start, end).map((comment) => `${indent}${comment}${source.newline}`);
  return { start, end, text: kept.join("") };
}

function insertLine(
  source: EditedSource,
  edit: CollectionEdit,
  { behind, line }: { readonly behind: number; readonly line: string },
): Splice {
  const { text, newline } = source;
  const item = itemAt(edit, behind);
  const at = lineEndOf(source, endOf(item));
  const isTorn = text[at - 1] !== "\n";
  const isApart = edit.owner === undefined && standsApart(source, startOf(item), at);
  return { start: at, end: at, text: `${isTorn ? newline : ""}${isApart ? newline : ""}${line}${newline}` };
}

/** True where the sections of a file are set apart by blank lines. */
function standsApart({ text }: EditedSource, start: number, end: number): boolean {
  return /\n[ \t\r]*\n(?:[ \t]*#[^\n]*\n)*$/u.test(text.slice(0, start)) || /^[ \t\r]*\n/u.test(text.slice(end));
}

/** What has no entry left says so: nothing at all behind a key would be an error. */
function writeEmpty(source: EditedSource, { node, owner }: CollectionEdit): Splice {
  if (owner === undefined) throw new NotEditable("a list would lose an item");
  const { text, comments } = source;
  const colon = text.indexOf(":", endOf(owner.key as Node));
  const lineEnd = lineEndOf(source, colon);
  const comment = comments.find(({ start }) => start > colon && start < lineEnd);
  const at = colon + text.slice(colon, comment?.start ?? lineEnd).trimEnd().length;
  return { start: at, end: at, text: isMap(node) ? " {}" : " []" };
}
