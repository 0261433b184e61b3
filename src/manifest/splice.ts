import { isCollection, isPair, type Node, type Pair } from "yaml";
import { type Comment, listComments } from "./list-comments.ts";

/** A stretch of text and what takes its place. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** Of lines that are added at one place, how far in: the innermost go first, or they would belong to others. */
  readonly depth?: number;
}

/** A YAML text that is being edited: what every edit asks of it. */
export interface EditedSource {
  readonly text: string;
  readonly comments: readonly Comment[];
  /** How the text ends its lines. */
  readonly newline: string;
}

/** Thrown inside an edit that the text's form does not allow, such as of a mapping that begins in the middle of a line. */
export class NotEditable extends Error {}

/** Prepares a text for editing. */
export function openSource(text: string): EditedSource {
  return { text, comments: listComments(text), newline: text.includes("\r\n") ? "\r\n" : "\n" };
}

/** The text with every splice done. They may touch and may not overlap; where several begin together, what only adds goes first. */
export function applySplices(text: string, splices: readonly Splice[]): string {
  let result = "";
  let at = 0;
  for (const splice of [...splices].sort(compareSplices)) {
    if (splice.start < at) throw new NotEditable("two edits meet");
    result += text.slice(at, splice.start) + splice.text;
    at = splice.end;
  }
  return result + text.slice(at);
}

function compareSplices(a: Splice, b: Splice): number {
  return a.start - b.start || a.end - b.end || (b.depth ?? 0) - (a.depth ?? 0);
}

/** The comments that begin in a stretch of text. */
export function commentsIn({ text, comments }: EditedSource, start: number, end: number): readonly string[] {
  return comments
    .filter((comment) => comment.start >= start && comment.start < end)
    .map((comment) => text.slice(comment.start, comment.end));
}

/** Where the line of an offset begins. */
export function lineStartOf({ text }: EditedSource, offset: number): number {
  return text.lastIndexOf("\n", offset - 1) + 1;
}

/** Where the line of an offset ends, its line break included; an offset right behind a line break belongs to the line before. */
export function lineEndOf({ text }: EditedSource, offset: number): number {
  if (text[offset - 1] === "\n") return offset;
  const end = text.indexOf("\n", offset);
  return end < 0 ? text.length : end + 1;
}

/** The blanks that the line of an offset begins with. */
export function indentAt(source: EditedSource, offset: number): string {
  return /^ */u.exec(source.text.slice(lineStartOf(source, offset)))?.[0] ?? "";
}

/** Where a key or an item begins, without an anchor that stands before it. */
export function startOf(item: Node | Pair): number {
  return rangeOf(isPair(item) ? (item.key as Node) : item)[0];
}

/** Where a key with its value, or an item, ends: comments and blanks behind it do not belong to it. */
export function endOf(item: Node | Pair): number {
  if (isPair(item)) return endOf((item.value ?? item.key) as Node);
  if (!isCollection(item) || item.flow === true) return rangeOf(item)[1];
  const last = item.items.at(-1) as Node | Pair | undefined;
  return last === undefined ? rangeOf(item)[1] : endOf(last);
}

/** Where a node begins and ends. */
export function rangeOf(node: Node): readonly [start: number, end: number] {
  if (node.range === undefined || node.range === null) throw new NotEditable("a value has no place");
  return [node.range[0], node.range[1]];
}
