import type { YamlEdit } from "./edit-plain.ts";
import { nodeAt } from "./find-mentions.ts";
import type { MapNode, TreeNode } from "./tree.ts";

type Trees = ReadonlyMap<string, MapNode>;

interface FileEdit {
  readonly file: string;
  readonly edit: YamlEdit;
}

/**
 * The order in which edited files are written, so that a run that is killed in between leaves no manifest that means harm: whoever
 * is to leave is listed first, since a manifest that lists and still uses somebody does not load; and what keeps a place closed
 * goes last, since a place that is still opened elsewhere would be made without it.
 */
export function orderWrites(
  trees: Trees,
  edits: readonly FileEdit[],
  texts: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const rank = (file: string): number => {
    const own = edits.filter((edit) => edit.file === file);
    if (own.some(listsLeaver)) return 0;
    return own.some((edit) => takesLock(trees, edit)) ? 2 : 1;
  };
  return new Map([...texts].sort(([a], [b]) => rank(a) - rank(b)));
}

function listsLeaver({ edit }: FileEdit): boolean {
  if (edit.op === "append") return edit.path[0] === "offboard";
  return edit.op === "add" && edit.path.length === 0 && edit.key === "offboard";
}

function takesLock(trees: Trees, { file, edit }: FileEdit): boolean {
  const tree = trees.get(file);
  const removed = tree !== undefined && edit.op === "remove" ? nodeAt(tree, edit.path) : undefined;
  return removed !== undefined && holdsLock(removed);
}

/** True where something below says that a space is private or a project restricted. */
function holdsLock(node: TreeNode): boolean {
  if (node.kind !== "map") return false;
  return [...node.entries].some(
    ([key, { value }]) =>
      ((key === "private" || key === "restricted") && value.kind === "scalar" && value.value === true) ||
      holdsLock(value),
  );
}
