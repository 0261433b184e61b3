import type { TreeNode } from "./tree.ts";

/** Where something stands in a YAML document: keys as they are spelled there, and indexes of lists. */
export type YamlPath = readonly (string | number)[];

/** A value as it is written: texts, numbers, truth values, lists and mappings. */
export type PlainValue =
  | string
  | number
  | boolean
  | readonly PlainValue[]
  | { readonly [key: string]: PlainValue | undefined };

/** One change of a YAML document. */
export type YamlEdit =
  /** Takes a key with its value, or an item of a list, out. */
  | { readonly op: "remove"; readonly path: YamlPath }
  /** Puts another value behind a key that is there. */
  | { readonly op: "set"; readonly path: YamlPath; readonly value: PlainValue }
  /** Adds a key to the mapping at a path, behind the last of the keys in `after` that is there, else at its end. */
  | {
      readonly op: "add";
      readonly path: YamlPath;
      readonly key: string;
      readonly value: PlainValue;
      readonly after?: readonly string[];
    }
  /** Adds an item at the end of the list at a path. */
  | { readonly op: "append"; readonly path: YamlPath; readonly value: PlainValue };

/** The plain value of a document once edits are done: what the edited text has to mean. Undefined where a path leads nowhere. */
export function editPlain(value: unknown, edits: readonly YamlEdit[]): unknown {
  const copy: unknown = structuredClone(value);
  const gone: { readonly list: unknown[]; readonly index: number }[] = [];
  for (const edit of edits) {
    const isDone = edit.op === "add" || edit.op === "append" ? add(copy, edit) : change(copy, edit, gone);
    if (!isDone) return undefined;
  }
  // Indexes count in the text as it was: from the back, so that one removal moves no other.
  for (const { list, index } of gone.sort((a, b) => b.index - a.index)) list.splice(index, 1);
  return copy;
}

type Addition = Extract<YamlEdit, { readonly op: "add" | "append" }>;
type Change = Exclude<YamlEdit, Addition>;

function add(root: unknown, edit: Addition): boolean {
  const at = valueAt(root, edit.path);
  if (edit.op === "append") return Array.isArray(at) && at.push(edit.value) > 0;
  if (!isRecord(at) || Object.hasOwn(at, edit.key)) return false;
  at[edit.key] = edit.value;
  return true;
}

function change(root: unknown, edit: Change, gone: { readonly list: unknown[]; readonly index: number }[]): boolean {
  const parent = valueAt(root, edit.path.slice(0, -1));
  const last = edit.path.at(-1) ?? "";
  if (Array.isArray(parent)) {
    if (typeof last !== "number" || !(last in parent)) return false;
    if (edit.op === "remove") gone.push({ list: parent, index: last });
    else parent[last] = edit.value;
    return true;
  }
  if (!isRecord(parent) || !Object.hasOwn(parent, last)) return false;
  if (edit.op === "remove") delete parent[last];
  else parent[last] = edit.value;
  return true;
}

function valueAt(root: unknown, path: YamlPath): unknown {
  let at = root;
  for (const step of path) {
    if (Array.isArray(at)) at = at[Number(step)];
    else if (isRecord(at) && Object.hasOwn(at, step)) at = at[step];
    else return undefined;
  }
  return at;
}

function isRecord(value: unknown): value is Record<string | number, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The node at a path of a tree; undefined where it leads nowhere. For a key of a mapping the place is that of the key. */
export function placeAt(root: TreeNode, path: YamlPath): TreeNode["at"] | undefined {
  let node = root;
  let at = root.at;
  for (const step of path) {
    if (node.kind === "map") {
      const entry = node.entries.get(String(step));
      if (entry === undefined) return undefined;
      ({ value: node, keyAt: at } = entry);
    } else {
      const item: TreeNode | undefined = node.kind === "list" ? node.items.at(Number(step)) : undefined;
      if (item === undefined) return undefined;
      node = item;
      at = item.at;
    }
  }
  return at;
}
