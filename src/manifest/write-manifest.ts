import { Document, isMap, Pair, Scalar, YAMLMap, YAMLSeq } from "yaml";
import { Impossible } from "../model/errors.ts";
import { FORMAT_OPTIONS, writeDocument } from "./format-document.ts";
import { formatManifest } from "./format-manifest.ts";

/** What stands behind a key: a text or truth value, a list of texts, more entries, or a list of items that have entries. */
export type WrittenValue =
  | string
  | boolean
  | readonly string[]
  | readonly WrittenEntry[]
  | { readonly items: readonly WrittenItem[] };

/** One item of a list: its entries. */
export type WrittenItem = readonly WrittenEntry[];

/** One key of a manifest to be written, with the comment lines above it. */
export interface WrittenEntry {
  readonly key: string;
  readonly value: WrittenValue;
  readonly comments: readonly string[];
  /** True where the entries below it stand on the same line, as far as they fit. */
  readonly inline?: boolean;
}

/** One manifest file to be written. `version` is added by whoever writes it. */
export interface WrittenManifest {
  /** Comment lines at the head of the file. */
  readonly head: readonly string[];
  readonly entries: readonly WrittenEntry[];
}

/** The text of a manifest file, exactly as formatting would leave it. Foreign text in comments is made visible. */
export function writeManifest({ head, entries }: WrittenManifest): string {
  const map = makeMap([]);
  const version = new Scalar("version");
  if (head.length > 0) version.commentBefore = makeComment(head);
  map.add(new Pair(version, new Scalar(1)));
  for (const entry of entries) map.add(makePair(entry, isSection(entry.value)));
  const document = new Document(map, FORMAT_OPTIONS);
  const { text, diagnostics } = formatManifest(writeDocument(document), "manifest");
  const [problem] = diagnostics;
  if (problem !== undefined) throw new Impossible(`a manifest was written that cannot be read: ${problem.detail}`);
  return text;
}

/** Only an entry with others below it stands apart from what is above. */
function isSection(value: WrittenValue): boolean {
  return typeof value === "object";
}

function makePair({ key, value, comments, inline }: WrittenEntry, stands = false): Pair<Scalar<string>, unknown> {
  const name = new Scalar(key);
  const node = makeNode(value);
  if (inline === true && isMap(node)) node.flow = true;
  if (comments.length > 0) name.commentBefore = makeComment(comments);
  if (stands) name.spaceBefore = true;
  return new Pair(name, node);
}

function makeNode(value: WrittenValue): Scalar | YAMLMap | YAMLSeq {
  if (typeof value !== "object") return new Scalar(value);
  if ("items" in value) return makeItems(value.items);
  return isTextList(value) ? makeList(value) : makeMap(value);
}

function isTextList(value: readonly string[] | readonly WrittenEntry[]): value is readonly string[] {
  return typeof value[0] === "string";
}

function makeList(texts: readonly string[]): YAMLSeq {
  const list = new YAMLSeq();
  list.flow = true;
  for (const text of texts) list.add(new Scalar(text));
  return list;
}

function makeItems(items: readonly WrittenItem[]): YAMLSeq {
  const list = new YAMLSeq();
  for (const item of items) list.add(makeMap(item));
  return list;
}

function makeMap(entries: readonly WrittenEntry[]): YAMLMap {
  const map = new YAMLMap();
  // Pushed, not added: adding looks through all that is there for the same key.
  for (const entry of entries) map.items.push(makePair(entry));
  return map;
}

const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

function makeComment(lines: readonly string[]): string {
  return lines.map((line) => ` ${line.replace(UNSEEN, escapeCharacter)}`).join("\n");
}

function escapeCharacter(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
