import type { Problems } from "./collect-problems.ts";
import { readPlainTree } from "./load-text.ts";
import { parseText } from "./parse-text.ts";
import type { Source } from "./source.ts";
import type { MapNode } from "./tree.ts";

/** The same as `loadText`, at once: for those who need the parser anyway. */
export function readText(source: Source, problems: Problems): MapNode | undefined {
  return readPlainTree(source, new Map()) ?? parseText(source, problems);
}
