import { buildTree } from "./build-tree.ts";
import { checkCharacters } from "./check-characters.ts";
import type { Problems } from "./collect-problems.ts";
import { parseYaml } from "./parse-yaml.ts";
import { positionOf, type Source } from "./source.ts";
import type { MapNode } from "./tree.ts";

/** Reads every text of a manifest file into a tree, by the parser: what is wrong is told by it alone. Undefined, and problems reported, when its top is not a mapping. */
export function parseText(source: Source, problems: Problems): MapNode | undefined {
  checkCharacters(source, problems);
  const document = parseYaml(source, problems);
  if (document === undefined) return undefined;
  const tree = buildTree(source, document, problems);
  if (tree.kind === "map") return tree;
  const isEmpty = tree.kind === "scalar" && tree.value === null;
  problems.report("AX116", {
    at: isEmpty ? positionOf(source, 0, 1) : tree.at,
    detail: isEmpty
      ? "The file holds no key."
      : `The top of a manifest is a mapping with the key version; this is a ${tree.kind === "list" ? "list" : "single value"}.`,
    fix: "Begin with `version: 1`, or leave the file out.",
  });
  return undefined;
}
