import {
  type Alias,
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  type Node,
  parseDocument,
} from "yaml";
import type { Position } from "../model/diagnostic.ts";
import type { YamlPath } from "./edit-plain.ts";
import { YAML_OPTIONS } from "./parse-yaml.ts";
import { positionOf, type Source } from "./source.ts";

/** Where an alias is used, and the anchor that it stands for. */
export interface FoundAlias {
  readonly name: string;
  readonly at: Position;
  readonly anchorAt: Position;
}

/**
 * The alias that ties a place of a YAML text to another: the one that the way to it leads through, else one that uses an anchor
 * on that way or below. Undefined where there is none.
 */
export function findAlias(source: Source, path: YamlPath): FoundAlias | undefined {
  const document = parseDocument(source.text, YAML_OPTIONS);
  const way: unknown[] = [document.contents];
  for (const step of path) way.push(childOf(way.at(-1), step));
  const passed = way.find(isAlias);
  if (passed !== undefined) return describeAlias(source, document, passed);
  const touched = [...way.filter(isNode), ...listNodes(way.at(-1))];
  const anchors = new Set(
    touched.flatMap((node) => ("anchor" in node && node.anchor !== undefined ? [node.anchor] : [])),
  );
  const user = listNodes(document.contents).find((node) => isAlias(node) && anchors.has(node.source));
  return isAlias(user) ? describeAlias(source, document, user) : undefined;
}

function childOf(node: unknown, step: string | number): unknown {
  if (isMap(node)) return node.items.find(({ key }) => isScalar(key) && String(key.value) === step)?.value;
  return isCollection(node) ? node.items[Number(step)] : undefined;
}

/** A node and everything below it, in the order of the text. */
function listNodes(node: unknown): readonly Node[] {
  if (isPair(node)) return [...listNodes(node.key), ...listNodes(node.value)];
  if (!isNode(node)) return [];
  return [node, ...(isCollection(node) ? node.items.flatMap(listNodes) : [])];
}

function describeAlias(source: Source, document: Document, alias: Alias): FoundAlias {
  const target = alias.resolve(document);
  const name = alias.source;
  const [start = 0, end = 0] = alias.range ?? [];
  // The place of a node begins behind its anchor.
  const anchor = source.text.lastIndexOf(`&${name}`, target?.range?.[0]);
  return {
    name,
    at: positionOf(source, start, end),
    anchorAt: positionOf(source, anchor, anchor + name.length + 1),
  };
}
