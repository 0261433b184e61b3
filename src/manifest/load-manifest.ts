import type { Diagnostic } from "../model/diagnostic.ts";
import type { Manifest } from "../model/manifest.ts";
import type { Files } from "../model/ports.ts";
import { buildManifest } from "./build-manifest.ts";
import { checkMeaning } from "./check-meaning.ts";
import { checkSchema } from "./check-schema.ts";
import { collectProblems, type Problems } from "./collect-problems.ts";
import { compileSchema } from "./compile-schema.ts";
import { findFiles } from "./find-files.ts";
import { mergeTrees } from "./merge-trees.ts";
import { readDraft } from "./read-draft.ts";
import { type Reading, readSource } from "./read-source.ts";
import { readText } from "./read-text.ts";
import type { Source } from "./source.ts";
import type { MapNode } from "./tree.ts";

const DEFAULT_PATH = "access.yaml";

/** What reading a manifest gave. */
export interface LoadedManifest {
  /** Undefined when there is an error among the diagnostics. */
  readonly manifest: Manifest | undefined;
  /** Sorted, each once. */
  readonly diagnostics: readonly Diagnostic[];
  /** The files that were read, sorted. */
  readonly files: readonly string[];
  /** Their texts, for problems that are found later. */
  readonly sources: ReadonlyMap<string, Source>;
}

/**
 * Loads a manifest from files, directories and globs. Reads and parses everything, then holds it against the schema, then
 * against its meaning; each stage tells all its problems, and the next one runs only when there was no error.
 * Bad content never makes it throw.
 */
export async function loadManifest(options: {
  readonly files: Files;
  readonly paths: readonly string[];
}): Promise<LoadedManifest> {
  const sources = new Map<string, Source>();
  const problems = collectProblems(sources);
  const paths = options.paths.length === 0 ? [DEFAULT_PATH] : options.paths;
  const files = await findFiles(options.files, paths, problems);
  const trees = await readTrees(options.files, files, { sources, problems });
  const manifest = problems.hasErrors() || trees.length === 0 ? undefined : await checkTrees(trees, files, problems);
  return { manifest: problems.hasErrors() ? undefined : manifest, diagnostics: problems.list(), files, sources };
}

async function readTrees(disk: Files, files: readonly string[], found: Reading): Promise<readonly MapNode[]> {
  const trees: MapNode[] = [];
  for (const file of files) {
    const source = await readSource(disk, file, found);
    if (source === undefined) continue;
    const tree = readText(source, found.problems);
    if (tree !== undefined) trees.push(tree);
  }
  return trees;
}

async function checkTrees(
  trees: readonly MapNode[],
  files: readonly string[],
  problems: Problems,
): Promise<Manifest | undefined> {
  const test = await compileSchema();
  for (const tree of trees) checkSchema(test, tree, problems);
  if (problems.hasErrors()) return undefined;
  const draft = readDraft(mergeTrees(trees, problems));
  const manifest = buildManifest(draft, files);
  checkMeaning(draft, manifest, problems);
  return manifest;
}
