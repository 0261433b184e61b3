import type { Problems } from "./collect-problems.ts";
import { MAX_PIECES } from "./limit-pieces.ts";
import { readPlain } from "./read-plain.ts";
import type { Source } from "./source.ts";
import type { MapNode } from "./tree.ts";

/**
 * Reads the text of one manifest file into a tree. Undefined, and problems reported, when its top is not a mapping. The parser is
 * loaded where a text is not plain: most are, and loading it takes longer than reading them.
 */
export async function loadText(
  source: Source,
  problems: Problems,
  texts: Map<string, string> = new Map(),
): Promise<MapNode | undefined> {
  const plain = readPlainTree(source, texts);
  if (plain !== undefined) return plain;
  const { parseText } = await import("./parse-text.ts");
  return parseText(source, problems);
}

/** The same without the parser; undefined where a text needs it. */
export function readPlainTree(source: Source, texts: Map<string, string>): MapNode | undefined {
  const plain = readPlain(source, texts);
  return plain !== undefined && plain.pieces <= MAX_PIECES ? plain.tree : undefined;
}
