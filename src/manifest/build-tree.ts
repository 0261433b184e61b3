import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap, type YAMLSeq } from "yaml";
import type { Position } from "../model/diagnostic.ts";
import type { Problems } from "./collect-problems.ts";
import { quoteName } from "./quote-name.ts";
import { positionOf, type Source } from "./source.ts";
import type { MapEntry, MapNode, TreeNode } from "./tree.ts";

const MAX_DEPTH = 64;
const MAX_EXPANDED = 100_000;

/** A node with what it weighs once aliases are resolved. */
interface Built {
  readonly node: TreeNode;
  readonly size: number;
  readonly height: number;
}

interface Building {
  readonly source: Source;
  readonly problems: Problems;
  /** The last definition of each anchor so far; undefined while it is being built. */
  readonly anchors: Map<string, Built | undefined>;
  /** Nodes that aliases add. */
  expanded: number;
}

/** Turns a parsed document into a tree, and reports what YAML allows and a manifest does not. */
export function buildTree(source: Source, document: Document.Parsed, problems: Problems): TreeNode {
  const building: Building = { source, problems, anchors: new Map(), expanded: 0 };
  return build(building, document.contents as Node | null, 0).node;
}

function build(building: Building, node: Node | null, depth: number): Built {
  const at = placeOf(building, node);
  if (node === null) return scalar(null, at);
  if (isAlias(node)) return resolveAlias(building, node.source, { depth, at });
  if (depth > MAX_DEPTH) {
    reportDepth(building, at);
    return scalar("", at);
  }
  if (node.tag !== undefined) reportTag(building, node, at);
  const anchor = "anchor" in node && typeof node.anchor === "string" ? node.anchor : undefined;
  if (anchor !== undefined) building.anchors.set(anchor, undefined);
  const built = buildBare(building, node, { depth, at });
  if (anchor !== undefined) building.anchors.set(anchor, built);
  return built;
}

/** Where a node stands: how many levels down, and where in the text. */
interface Standing {
  readonly depth: number;
  readonly at: Position;
}

function buildBare(building: Building, node: Node, standing: Standing): Built {
  if (isMap(node)) return buildMap(building, node as YAMLMap<Node, Node | null>, standing);
  if (isSeq(node)) return buildList(building, node as YAMLSeq<Node>, standing);
  if (isScalar(node)) return buildScalar(building, node.value, standing.at);
  return scalar(null, standing.at);
}

function buildScalar(building: Building, value: unknown, at: Position): Built {
  if (typeof value === "string") {
    checkWellFormed(building, value, at);
    return scalar(value, at);
  }
  if (typeof value === "number" || typeof value === "boolean") return scalar(value, at);
  return scalar(value === null || value === undefined ? null : String(value), at);
}

function buildList(building: Building, list: YAMLSeq<Node>, { depth, at }: Standing): Built {
  const built = list.items.map((item) => build(building, item, depth + 1));
  return weigh({ kind: "list", items: built.map((item) => item.node), at }, built);
}

function buildMap(building: Building, map: YAMLMap<Node, Node | null>, { depth, at }: Standing): Built {
  const entries = new Map<string, MapEntry>();
  const values: Built[] = [];
  for (const pair of map.items) {
    const key = readKey(building, pair);
    if (key === undefined) continue;
    const earlier = entries.get(key.text);
    if (earlier !== undefined) reportDuplicate(building, key, earlier.keyAt);
    const value = build(building, pair.value ?? null, depth + 1);
    values.push(value);
    const node = isNothing(value.node) ? { ...value.node, at: key.at } : value.node;
    if (earlier === undefined) entries.set(key.text, { keyAt: key.at, value: node });
  }
  const node: MapNode = { kind: "map", entries, at };
  return weigh(node, values);
}

interface Key {
  readonly text: string;
  readonly at: Position;
}

function readKey(building: Building, pair: Pair<Node, Node | null>): Key | undefined {
  const at = placeOf(building, pair.key);
  if (!isScalar(pair.key) || typeof pair.key.value !== "string") {
    reportKey(building, pair.key, at);
    return undefined;
  }
  if (pair.key.tag !== undefined) reportTag(building, pair.key, at);
  if (pair.key.value === "<<" && pair.key.type === "PLAIN") {
    building.problems.report("AX109", {
      at,
      detail: "Merge keys belong to YAML 1.1; in YAML 1.2 `<<` is a key like any other, and axcess knows no such key.",
      fix: "Write the keys out, or use a group for people who get the same.",
    });
    return undefined;
  }
  checkWellFormed(building, pair.key.value, at);
  return { text: pair.key.value, at };
}

function resolveAlias(building: Building, name: string, { depth, at }: Standing): Built {
  const target = building.anchors.get(name);
  if (target !== undefined) {
    const before = building.expanded;
    building.expanded += target.size;
    if (building.expanded > MAX_EXPANDED) {
      if (before <= MAX_EXPANDED) reportExpansion(building, at);
      return scalar("", at);
    }
    if (depth + target.height <= MAX_DEPTH) return target;
    reportDepth(building, at);
    return scalar("", at);
  }
  if (building.anchors.has(name)) {
    building.problems.report("AX112", {
      at,
      detail: `The anchor ${quoteName(name)} contains itself.`,
      fix: "Write the value out.",
    });
  } else {
    building.problems.report("AX114", {
      at,
      detail: `No anchor ${quoteName(name)} is defined before this place.`,
      fix: `Define it with &${name} further up, or put a text that begins with * in quotes.`,
    });
  }
  return scalar("", at);
}

function reportExpansion(building: Building, at: Position): void {
  building.problems.report("AX112", {
    at,
    detail: `The aliases up to here stand for more than ${MAX_EXPANDED} values.`,
    fix: "Use groups and several files instead of anchors.",
  });
}

function reportDepth(building: Building, at: Position): void {
  building.problems.report("AX113", {
    at,
    detail: `This is nested more than ${MAX_DEPTH} levels deep.`,
    fix: "Flatten it: the deepest part of a manifest has nine levels.",
  });
}

function reportTag(building: Building, node: Node, at: Position): void {
  building.problems.report("AX110", {
    at,
    detail: `The tag ${quoteName(String(node.tag).replace("tag:yaml.org,2002:", "!!"))} is written before this value; a manifest needs none.`,
    fix: "Remove the tag; put a text that looks like a number in quotes.",
  });
}

function reportDuplicate(building: Building, key: Key, first: Position): void {
  building.problems.report("AX107", {
    at: key.at,
    detail: `The key ${quoteName(key.text)} stands in this mapping twice; only one of them could count.`,
    fix: "Remove one of them, or merge what is below them.",
    related: [{ at: first, message: "It is first written here." }],
  });
}

function reportKey(building: Building, key: Node | null, at: Position): void {
  const isSimple = isScalar(key) && key.value !== null;
  building.problems.report("AX108", {
    at,
    detail: isSimple
      ? `YAML reads this key as a ${typeof key.value}, not as a text.`
      : "This key is empty, a list, a mapping or an alias; keys are texts.",
    fix: isSimple ? `Put it in quotes: "${String(key.source ?? key.value)}".` : "Write a text as the key.",
  });
}

function checkWellFormed(building: Building, text: string, at: Position): void {
  if (!/\p{Cs}/u.test(text)) return;
  building.problems.report("AX117", {
    at,
    detail: "The text holds one half of a pair of code units (an escape between \\ud800 and \\udfff).",
    fix: "Write the character itself, or its full escape such as \\U0001F600.",
  });
}

function scalar(value: string | number | boolean | null, at: Position): Built {
  return { node: { kind: "scalar", value, at }, size: 1, height: 0 };
}

function weigh(node: TreeNode, parts: readonly Built[]): Built {
  let size = 1;
  let height = 0;
  for (const part of parts) {
    size += part.size;
    height = Math.max(height, part.height + 1);
  }
  return { node, size, height };
}

function isNothing(node: TreeNode): boolean {
  return node.kind === "scalar" && node.value === null;
}

function placeOf(building: Building, node: Node | null): Position {
  const [start, end] = node?.range ?? [0, 0];
  return positionOf(building.source, start, end);
}
