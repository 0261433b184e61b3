import type { Position } from "../model/diagnostic.ts";
import type { Placed } from "../model/manifest.ts";
import type { MapNode, TreeNode } from "./tree.ts";

/** The text of a key; undefined when it is not there. */
export function textOf(map: MapNode, key: string): string | undefined {
  return placedTextOf(map, key)?.value;
}

/** The text of a key with its place. */
export function placedTextOf(map: MapNode, key: string): Placed<string> | undefined {
  const node = map.entries.get(key)?.value;
  return node === undefined ? undefined : placeText(node);
}

/** The truth value of a key with its place. */
export function placedFlagOf(map: MapNode, key: string): Placed<boolean> | undefined {
  const node = map.entries.get(key)?.value;
  if (node?.kind !== "scalar" || typeof node.value !== "boolean") return undefined;
  return { value: node.value, at: node.at };
}

/** The number of a key; undefined when it is not there. */
export function numberOf(map: MapNode, key: string): number | undefined {
  return placedNumberOf(map, key)?.value;
}

/** The number of a key with its place. */
export function placedNumberOf(map: MapNode, key: string): Placed<number> | undefined {
  const node = map.entries.get(key)?.value;
  if (node?.kind !== "scalar" || typeof node.value !== "number") return undefined;
  return { value: node.value, at: node.at };
}

/** The texts of a list; undefined when the key is not there. */
export function textsOf(map: MapNode, key: string): readonly Placed<string>[] | undefined {
  const node = map.entries.get(key)?.value;
  return node === undefined ? undefined : readTexts(node);
}

/** The texts of a list node. */
export function readTexts(node: TreeNode): readonly Placed<string>[] {
  if (node.kind !== "list") return [];
  return node.items.map(placeText).filter((text) => text !== undefined);
}

/** The texts of a key that holds one text or a list of them; undefined when the key is not there. */
export function wordsOf(map: MapNode, key: string): readonly Placed<string>[] | undefined {
  const one = placedTextOf(map, key);
  return one === undefined ? textsOf(map, key) : [one];
}

/** The items of a list node; none when there is no list. */
export function listItems(node: TreeNode | undefined): readonly TreeNode[] {
  return node?.kind === "list" ? node.items : [];
}

/** The mapping below a key with the key's place; undefined when the key is not there. */
export function mapOf(map: MapNode, key: string): { readonly map: MapNode; readonly at: Position } | undefined {
  const entry = map.entries.get(key);
  return entry?.value.kind === "map" ? { map: entry.value, at: entry.keyAt } : undefined;
}

function placeText(node: TreeNode): Placed<string> | undefined {
  return node.kind === "scalar" && typeof node.value === "string" ? { value: node.value, at: node.at } : undefined;
}
