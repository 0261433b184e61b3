import type { Diagnostic, Position } from "../model/diagnostic.ts";
import type { Files } from "../model/ports.ts";
import { collectProblems } from "./collect-problems.ts";
import { readSource } from "./read-source.ts";
import { readText } from "./read-text.ts";
import { lineTextOf, type Source } from "./source.ts";
import { plainValueOf, type TreeNode } from "./tree.ts";

/** A YAML file that is not a manifest, read by the same strict rules. */
export interface YamlFile {
  readonly value: unknown;
  /** Where the value at a path stands; for a path that is not there, where the nearest one above it does. */
  readonly locate: (path: readonly (string | number)[]) => { readonly at: Position; readonly sourceLine: string };
}

/** Reads a YAML file whose top is a mapping; `read` is undefined where a diagnostic is an error. */
export async function readYaml(
  files: Files,
  file: string,
): Promise<{ readonly read: YamlFile | undefined; readonly diagnostics: readonly Diagnostic[] }> {
  const sources = new Map<string, Source>();
  const problems = collectProblems(sources);
  const source = await readSource(files, file, { sources, problems });
  const tree = source === undefined ? undefined : readText(source, problems);
  const diagnostics = problems.list();
  if (source === undefined || tree === undefined || problems.hasErrors()) return { read: undefined, diagnostics };
  const locate: YamlFile["locate"] = (path) => {
    const at = locateIn(tree, path);
    return { at, sourceLine: lineTextOf(source, at.line) };
  };
  return { read: { value: plainValueOf(tree), locate }, diagnostics };
}

function locateIn(node: TreeNode, path: readonly (string | number)[]): Position {
  const [first, ...rest] = path;
  if (first === undefined) return node.at;
  if (node.kind === "list") {
    const item = node.items[Number(first)];
    return item === undefined ? node.at : locateIn(item, rest);
  }
  const entry = node.kind === "map" ? node.entries.get(String(first)) : undefined;
  return entry === undefined ? node.at : locateIn(entry.value, rest);
}
