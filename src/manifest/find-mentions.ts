import type { YamlPath } from "./edit-plain.ts";
import { normalizeWho } from "./read-email.ts";
import type { MapNode, TreeNode } from "./tree.ts";

/** Every place of a file where a person is listed or given something, as paths: in people, groups, owners, members and bindings. */
export function findMentions(tree: MapNode, email: string): readonly YamlPath[] {
  return [
    ...keysIn(tree, ["people"], email),
    ...namesIn(tree, ["groups"]).flatMap((group) => itemsIn(tree, group, email)),
    ...namesIn(tree, ["owners"]).flatMap((pattern) => itemsIn(tree, pattern, email)),
    ...namesIn(tree, ["organizations"]).flatMap((organization) => [
      ...keysIn(tree, [...organization, "members"], email),
      ...namesIn(tree, [...organization, "spaces"]).flatMap((space) => [
        ...keysIn(tree, [...space, "members"], email),
        ...namesIn(tree, [...space, "projects"]).flatMap((project) => keysIn(tree, [...project, "bindings"], email)),
      ]),
    ]),
  ];
}

/** The node at a path of a tree; undefined where it leads nowhere. */
export function nodeAt(root: TreeNode, path: YamlPath): TreeNode | undefined {
  let node: TreeNode | undefined = root;
  for (const step of path) {
    if (node?.kind === "map") node = node.entries.get(String(step))?.value;
    else node = node?.kind === "list" ? node.items.at(Number(step)) : undefined;
  }
  return node;
}

/** The key of a mapping that means the same person or group, as the file spells it. */
export function spellingIn(map: TreeNode | undefined, who: string): string | undefined {
  if (map?.kind !== "map") return undefined;
  return [...map.entries.keys()].find((key) => normalizeWho(key) === who);
}

function keysIn(tree: MapNode, path: YamlPath, email: string): readonly YamlPath[] {
  const key = spellingIn(nodeAt(tree, path), email);
  return key === undefined ? [] : [[...path, key]];
}

function itemsIn(tree: MapNode, path: YamlPath, email: string): readonly YamlPath[] {
  const list = nodeAt(tree, path);
  if (list?.kind !== "list") return [];
  return list.items.flatMap((item, index) =>
    item.kind === "scalar" && normalizeWho(String(item.value)) === email ? [[...path, index]] : [],
  );
}

function namesIn(tree: MapNode, path: YamlPath): readonly YamlPath[] {
  const map = nodeAt(tree, path);
  return map?.kind === "map" ? [...map.entries.keys()].map((name) => [...path, name]) : [];
}
