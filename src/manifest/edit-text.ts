import { type Document, isAlias, isCollection, isPair, isScalar, type Node, type Pair, parseDocument } from "yaml";
import { isSameJson } from "../model/json.ts";
import { collectProblems } from "./collect-problems.ts";
import { editBlock } from "./edit-block.ts";
import type { CollectionEdit } from "./edit-collection.ts";
import { editFlow } from "./edit-flow.ts";
import { editPlain, type YamlEdit, type YamlPath } from "./edit-plain.ts";
import { YAML_OPTIONS } from "./parse-yaml.ts";
import { readText } from "./read-text.ts";
import { makeSource } from "./source.ts";
import { applySplices, type EditedSource, NotEditable, openSource, rangeOf, type Splice } from "./splice.ts";
import { plainValueOf } from "./tree.ts";
import { writePair, writeValue } from "./write-inline.ts";

/**
 * Edits a YAML text and leaves every other character as it is, comments included: only the stretches that mean what is edited
 * are written anew. Undefined where that cannot be done: the outcome is read again, and must mean exactly what the edits say
 * and hold every comment.
 */
export function editText(text: string, edits: readonly YamlEdit[]): string | undefined {
  const before = readPlain(text);
  const wanted = before === undefined ? undefined : editPlain(before, edits);
  if (wanted === undefined) return undefined;
  const edited = spliceText(text, edits);
  if (edited === undefined || !isSameJson(readPlain(edited), wanted)) return undefined;
  return isSameJson(commentTexts(text), commentTexts(edited)) ? edited : undefined;
}

function readPlain(text: string): unknown {
  const source = makeSource("", text);
  const problems = collectProblems(new Map());
  const tree = readText(source, problems);
  return tree === undefined || problems.hasErrors() ? undefined : plainValueOf(tree);
}

function commentTexts(text: string): readonly string[] {
  return openSource(text).comments.map(({ start, end }) => text.slice(start, end));
}

function spliceText(text: string, edits: readonly YamlEdit[]): string | undefined {
  const source = openSource(text);
  const document = parseDocument(text, YAML_OPTIONS);
  const collections = new Map<Node, CollectionEdit>();
  try {
    const splices = edits.flatMap((edit) => planEdit(edit, { source, document, collections }));
    return applySplices(text, [
      ...splices,
      ...[...collections.values()].flatMap((edit) => (edit.node.flow === true ? editFlow : editBlock)(source, edit)),
    ]);
  } catch (error) {
    if (error instanceof NotEditable) return undefined;
    throw error;
  }
}

interface Editing {
  readonly source: EditedSource;
  readonly document: Document;
  readonly collections: Map<Node, CollectionEdit>;
}

/** Notes an edit with the collection it changes; a value that is set is spliced by itself. */
function planEdit(edit: YamlEdit, editing: Editing): readonly Splice[] {
  switch (edit.op) {
    case "add": {
      const into = openCollection(edit.path, editing);
      const behind = into.items.findLastIndex((item) => edit.after?.includes(keyOf(item)) === true);
      into.added.push({ text: writePair(edit.key, edit.value), behind: behind < 0 ? into.items.length - 1 : behind });
      return [];
    }
    case "append": {
      const into = openCollection(edit.path, editing);
      into.added.push({ text: writeValue(edit.value), behind: into.items.length - 1 });
      return [];
    }
    case "remove": {
      const from = openCollection(edit.path.slice(0, -1), editing);
      from.removed.add(indexOf(from, edit.path.at(-1)));
      return [];
    }
    case "set": {
      const among = openCollection(edit.path.slice(0, -1), editing);
      return [replaceValue(editing.source, valueNodeOf(among, edit.path.at(-1)), writeValue(edit.value))];
    }
  }
}

function replaceValue({ text, newline }: EditedSource, value: Node, written: string): Splice {
  if (isCollection(value) && value.flow !== true) throw new NotEditable("a block is not replaced");
  const [start, end] = rangeOf(value);
  return { start, end, text: text[end - 1] === "\n" ? `${written}${newline}` : written };
}

/** The collection at a path, followed through aliases, with what is noted for it so far. */
function openCollection(path: YamlPath, { document, collections }: Editing): CollectionEdit {
  let node = resolve(document, document.contents);
  let owner: Pair | undefined;
  for (const step of path) {
    const items = itemsOf(node);
    const item = items[findIndex(items, step)];
    owner = isPair(item) ? item : undefined;
    node = resolve(document, (isPair(item) ? item.value : item) as Node | undefined);
  }
  const known = node && collections.get(node);
  if (known !== undefined) return known;
  if (!isCollection(node)) throw new NotEditable("no collection stands here");
  const edit = {
    node: node as CollectionEdit["node"],
    items: itemsOf(node),
    owner,
    removed: new Set<number>(),
    added: [],
  };
  collections.set(node, edit);
  return edit;
}

function resolve(document: Document, node: Node | null | undefined): Node | undefined {
  return (isAlias(node) ? node.resolve(document) : node) ?? undefined;
}

function itemsOf(node: Node | undefined): readonly (Node | Pair)[] {
  return isCollection(node) ? (node.items as readonly (Node | Pair)[]) : [];
}

function findIndex(items: readonly (Node | Pair)[], step: string | number | undefined): number {
  return typeof step === "number" ? step : items.findIndex((item) => isPair(item) && keyOf(item) === step);
}

function indexOf({ items }: CollectionEdit, step: string | number | undefined): number {
  const index = findIndex(items, step);
  if (items[index] === undefined) throw new NotEditable("nothing stands here");
  return index;
}

function valueNodeOf(edit: CollectionEdit, step: string | number | undefined): Node {
  const item = edit.items[indexOf(edit, step)];
  return (isPair(item) ? item.value : item) as Node;
}

/** The text of a key; "" for an item of a list. */
function keyOf(item: Node | Pair): string {
  return isPair(item) && isScalar(item.key) ? String(item.key.value) : "";
}
