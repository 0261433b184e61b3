import { isMap } from "yaml";
import type { CollectionEdit } from "./edit-collection.ts";
import { commentsIn, type EditedSource, endOf, indentAt, rangeOf, type Splice, startOf } from "./splice.ts";

/** What edits a mapping or list between brackets. Comments between its entries stay. */
export function editFlow(source: EditedSource, edit: CollectionEdit): readonly Splice[] {
  const { items, removed } = edit;
  if (items.every((_, index) => removed.has(index))) return [refill(source, edit)];
  const lastKept = items.findLastIndex((_, index) => !removed.has(index));
  const splices = [...removed].sort((a, b) => a - b).map((index) => removeItem(source, edit, { index, lastKept }));
  const added = edit.added.map(({ text, behind }) => insertItem(edit, text, Math.min(behind, lastKept)));
  return [...added, ...splices].filter((splice) => splice !== undefined);
}

/** Nothing of the old entries stays but their comments. */
function refill(source: EditedSource, { node, added }: CollectionEdit): Splice {
  const [start, end] = rangeOf(node);
  const [open, close] = isMap(node) ? ["{", "}"] : ["[", "]"];
  const padding = isMap(node) && added.length > 0 ? " " : "";
  const content = added.map(({ text }) => text).join(", ");
  const kept = keepComments(source, start, end);
  return { start, end, text: `${open}${kept === "" ? padding : ` ${kept}`}${content}${padding}${close}` };
}

function removeItem(
  source: EditedSource,
  { items }: CollectionEdit,
  { index, lastKept }: { readonly index: number; readonly lastKept: number },
): Splice | undefined {
  if (index < lastKept) {
    const [start, end] = [startWithProps(source, items, index), startWithProps(source, items, index + 1)];
    return { start, end, text: keepComments(source, start, end) };
  }
  // The last entries go in one piece, with the comma before them, so that a comma behind them stays what it was.
  if (index !== lastKept + 1) return undefined;
  const start = endAt(items, lastKept);
  const end = endAt(items, items.length - 1);
  const kept = keepComments(source, start, end);
  return { start, end, text: kept === "" ? "" : ` ${kept}` };
}

function insertItem({ items }: CollectionEdit, text: string, behind: number): Splice {
  const at = endAt(items, behind);
  return { start: at, end: at, text: `, ${text}` };
}

function endAt(items: CollectionEdit["items"], index: number): number {
  const item = items[index];
  return item === undefined ? 0 : endOf(item);
}

/** Where an entry begins, an anchor before it included: right behind the comma, the blanks and the comments. */
function startWithProps({ text, comments }: EditedSource, items: CollectionEdit["items"], index: number): number {
  const item = items[index];
  const bare = item === undefined ? 0 : startOf(item);
  if (index === 0) return bare;
  let at = text.indexOf(",", endAt(items, index - 1)) + 1;
  for (;;) {
    at += /^\s*/u.exec(text.slice(at, bare))?.[0].length ?? 0;
    const comment = comments.find(({ start }) => start === at);
    if (comment === undefined) return at;
    at = comment.end;
  }
}

/** Each comment on a line of its own, as it must be where anything follows. */
function keepComments(source: EditedSource, start: number, end: number): string {
  const indent = indentAt(source, start);
  return commentsIn(source, start, end)
    .map((comment) => `${comment}${source.newline}${indent}`)
    .join("");
}
