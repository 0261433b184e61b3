import {
  type Document,
  type DocumentOptions,
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Pair,
  type ParseOptions,
  parseDocument,
  Scalar,
  type ScalarTag,
  type SchemaOptions,
  type Tags,
  type ToStringOptions,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import { accessSchema, resolveSchema, type SchemaNode } from "./access-schema.ts";
import { YAML_OPTIONS } from "./parse-yaml.ts";
import { escapeInvisible, hasInvisible } from "./quote-name.ts";

const LINE_WIDTH = 120;

/** The canonical text of one YAML document that is known to be well formed; undefined when it cannot be written. */
export function formatDocument(text: string): string | undefined {
  const document = parseDocument(text, FORMAT_OPTIONS);
  if (document.errors.length > 0 || !isMap(document.contents)) return undefined;
  if (!hasAliases(document)) orderTop(document, document.contents);
  return writeDocument(document);
}

/** The text of a document in canonical indentation and quoting; the order of its keys is its own. */
export function writeDocument(document: Document): string {
  settleStyles(document, { mayBreak: true });
  return document.toString({ ...STRING_OPTIONS });
}

/** YAML as it is parsed, written so that no text hides a character: one in double quotes has escapes for what cannot be seen. */
export const FORMAT_OPTIONS: ParseOptions & DocumentOptions & SchemaOptions = {
  ...YAML_OPTIONS,
  customTags: (tags: Tags): Tags =>
    tags.map((tag) => (typeof tag === "object" && tag.tag === "tag:yaml.org,2002:str" ? showInvisible(tag) : tag)),
};

function showInvisible<T extends Partial<Pick<ScalarTag, "stringify">>>(tag: T): T {
  const stringify: ScalarTag["stringify"] = (item, context, onComment, onChompKeep) => {
    const text = tag.stringify?.(item, context, onComment, onChompKeep) ?? String(item.value);
    return item.type === Scalar.QUOTE_DOUBLE ? escapeInvisible(text) : text;
  };
  return { ...tag, stringify };
}

/** How canonical YAML is written. */
export const STRING_OPTIONS: ToStringOptions = {
  indent: 2,
  indentSeq: true,
  lineWidth: 0,
  singleQuote: false,
  defaultStringType: "PLAIN",
  defaultKeyType: "PLAIN",
  flowCollectionPadding: true,
};

/** An alias must stay behind its anchor, so that a document with aliases keeps its order. */
function hasAliases(document: Document): boolean {
  let found = false;
  visit(document, {
    Alias: () => {
      found = true;
      return visit.BREAK;
    },
  });
  return found;
}

/** The comment at the head of a file, with the line that names the schema, stays there when the first key moves. */
function orderTop(document: Document, map: YAMLMap): void {
  const first = map.items[0]?.key;
  orderKeys(map, accessSchema());
  const now = map.items[0]?.key;
  if (first === now || !isScalar(first) || !isScalar(now)) return;
  const [head, rest] = splitHead(first.commentBefore ?? "");
  if (head !== "") document.commentBefore = [document.commentBefore, head].filter(Boolean).join("\n");
  first.commentBefore = rest === "" ? null : rest;
  first.spaceBefore = true;
  now.spaceBefore = false;
}

/** The part of a comment that speaks of the file: all before its last blank line, else the line that names the schema. */
function splitHead(comment: string): readonly [head: string, rest: string] {
  const blank = comment.lastIndexOf("\n\n");
  if (blank >= 0) return [comment.slice(0, blank), comment.slice(blank + 2)];
  if (!comment.startsWith(" yaml-language-server:")) return ["", comment];
  const [head = "", ...rest] = comment.split("\n");
  return [head, rest.join("\n")];
}

function orderKeys(map: YAMLMap, schema: SchemaNode): void {
  const { properties, additionalProperties } = resolveSchema(schema);
  const order = Object.keys(properties ?? {});
  if (properties !== undefined) map.items.sort((a, b) => rankOf(order, a.key) - rankOf(order, b.key));
  for (const pair of map.items) {
    const key = isScalar(pair.key) ? String(pair.key.value) : "";
    const below = Object.hasOwn(properties ?? {}, key) ? properties?.[key] : additionalProperties || undefined;
    if (below !== undefined) orderBelow(pair.value, below);
  }
}

/** Mappings in lists have an order of keys, too; the list itself keeps its own. */
function orderBelow(value: unknown, schema: SchemaNode): void {
  if (isMap(value)) orderKeys(value, schema);
  const { items } = resolveSchema(schema);
  if (items !== undefined && isSeq(value)) for (const item of value.items) orderBelow(item, items);
}

function rankOf(order: readonly string[], key: unknown): number {
  const at = isScalar(key) ? order.indexOf(String(key.value)) : -1;
  return at < 0 ? order.length : at;
}

/** Texts are plain where they can be and show all they hold, else in double quotes; text of several lines stays a block. What is too long for a line becomes a block where it may. */
export function settleStyles(document: Document, { mayBreak }: { readonly mayBreak: boolean }): void {
  visit(document, {
    Scalar: (_, scalar) => {
      if (typeof scalar.value !== "string") return;
      const isBlock = scalar.type === Scalar.BLOCK_LITERAL || scalar.type === Scalar.BLOCK_FOLDED;
      if (hasInvisible(scalar.value.replaceAll("\n", ""))) scalar.type = Scalar.QUOTE_DOUBLE;
      else if (isBlock && scalar.value.includes("\n")) scalar.type = Scalar.BLOCK_LITERAL;
      else if (scalar.value.includes("\n")) scalar.type = Scalar.QUOTE_DOUBLE;
      else delete scalar.type;
    },
    Collection: (_, collection, path) => {
      if (!mayBreak || collection.flow !== true || path.some((node) => isCollection(node) && node.flow === true))
        return;
      if (needsBlock(collection, path)) collection.flow = false;
    },
  });
  visit(document, {
    Seq: (_, list) => writePadded(list, ""),
    Map: (_, map) => writePadded(map, " "),
    Pair: (_, pair, path) => writeBareKey(pair, path.at(-1)),
  });
}

/** A flow collection that is too long for a line, or has comments inside, is written as a block. */
function needsBlock(collection: YAMLMap | YAMLSeq, path: readonly unknown[]): boolean {
  const parent = path.at(-1);
  const key = isPair(parent) && isScalar(parent.key) ? String(parent.key.value).length + 2 : 2;
  const indent = 2 * Math.max(0, path.filter(isCollection).length - 1);
  return hasCommentInside(collection) || indent + key + measure(collection) > LINE_WIDTH;
}

function hasCommentInside(collection: YAMLMap | YAMLSeq): boolean {
  let found = false;
  visit(collection, {
    Node: (_, node) => {
      if (node === collection || (!node.comment && !node.commentBefore)) return undefined;
      found = true;
      return visit.BREAK;
    },
  });
  return found;
}

function measure(node: unknown): number {
  if (isScalar(node)) return String(node.value).length;
  if (isPair(node)) return measure(node.key) + 2 + measure(node.value);
  if (isMap(node) || isSeq(node)) return node.items.reduce<number>((sum, item) => sum + measure(item) + 2, 2);
  return isAlias(node) ? node.source.length + 1 : 0;
}

/** Lists have no space inside their brackets, mappings do; yaml itself knows one setting for both. */
function writePadded(collection: YAMLMap | YAMLSeq, padding: string): void {
  if (collection.flow !== true) return;
  const write: YAMLSeq["toString"] = collection.toString.bind(collection);
  collection.toString = (context, onComment, onChompKeep) =>
    write(context === undefined ? undefined : { ...context, flowCollectionPadding: padding }, onComment, onChompKeep);
}

/** The key `on` stays without quotes: yaml would put them there for readers of YAML 1.1, to whom it is a truth value. */
function writeBareKey(pair: Pair, map: unknown): void {
  // The key is asked first: looking for another one goes through the whole mapping.
  if (!isScalar(pair.key) || pair.key.value !== "on") return;
  if (!isMap(map) || !(map.has("who") || map.has("permissions"))) return;
  const write = pair.toString.bind(pair);
  pair.toString = (context, onComment, onChompKeep) => write(context, onComment, onChompKeep).replace(/^"on":/u, "on:");
}
