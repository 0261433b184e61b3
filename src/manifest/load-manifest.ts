import type { Diagnostic } from "../model/diagnostic.ts";
import { Impossible } from "../model/errors.ts";
import type { Manifest } from "../model/manifest.ts";
import type { Files } from "../model/ports.ts";
import { buildManifest } from "./build-manifest.ts";
import { checkMeaning } from "./check-meaning.ts";
import { checkSchema } from "./check-schema.ts";
import { collectProblems, type Problems } from "./collect-problems.ts";
import { compileSchema, loadFitness } from "./compile-schema.ts";
import type { Draft } from "./draft.ts";
import { findFiles } from "./find-files.ts";
import { type Foretold, foretell } from "./foretell.ts";
import { leaveApprovals } from "./leave-approvals.ts";
import { staysWithinLimits } from "./limit-expansion.ts";
import { loadText } from "./load-text.ts";
import { mergeTrees } from "./merge-trees.ts";
import { readDraft } from "./read-draft.ts";
import { type Reading, readSource } from "./read-source.ts";
import type { Source } from "./source.ts";
import { type MapNode, plainValueOf } from "./tree.ts";

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

/** Told of each part as soon as it is parsed, before it is known whether it will do. */
export type HearPart = (part: Foretold) => void;

/**
 * Loads a manifest from files, directories and globs. Reads and parses everything, then holds it against the schema, then
 * against its meaning; each stage tells all its problems, and the next one runs only when there was no error.
 * Bad content never makes it throw.
 */
export async function loadManifest(options: {
  readonly files: Files;
  readonly paths: readonly string[];
  readonly onPart?: HearPart;
}): Promise<LoadedManifest> {
  // Loaded while the disk is asked.
  const fitness = loadFitness();
  const sources = new Map<string, Source>();
  const problems = collectProblems(sources);
  const paths = options.paths.length === 0 ? [DEFAULT_PATH] : options.paths;
  const found = await findFiles(options.files, paths, problems);
  const { trees, files } = chooseParts(found, await readTrees(options, found, { sources, problems }));
  const manifest =
    problems.hasErrors() || trees.length === 0
      ? undefined
      : await checkTrees(trees, { files, fits: await fitness, problems });
  return { manifest: problems.hasErrors() ? undefined : manifest, diagnostics: problems.list(), files, sources };
}

/** Without approvals files; those that could not be read are still among the files. */
function chooseParts(
  found: readonly string[],
  read: readonly Part[],
): { readonly trees: MapNode[]; readonly files: readonly string[] } {
  const parts = new Map(leaveApprovals(read).map(({ file, tree }) => [file, tree]));
  const left = new Set(read.map(({ file }) => file).filter((file) => !parts.has(file)));
  return { trees: [...parts.values()], files: found.filter((file) => !left.has(file)) };
}

interface Part {
  readonly file: string;
  readonly tree: MapNode;
}

async function readTrees(
  { files: disk, onPart }: { readonly files: Files; readonly onPart?: HearPart },
  files: readonly string[],
  found: Reading,
): Promise<readonly Part[]> {
  const parts: Part[] = [];
  const texts = new Map<string, string>();
  let length = 0;
  const read = (file: string): Promise<Source | undefined> => readSource(disk, file, found);
  const ahead = files.slice(0, READ_AHEAD).map(read);
  for (const [index, file] of files.entries()) {
    const source = await ahead[index];
    ahead.push(...files.slice(index + READ_AHEAD, index + READ_AHEAD + 1).map(read));
    if (source === undefined) continue;
    length += source.text.length;
    if (length > MAX_LENGTH_IN_ALL) return reportLength(file, found.problems);
    const tree = await loadText(source, found.problems, texts);
    if (tree === undefined) continue;
    parts.push({ file, tree });
    onPart?.(foretell(tree));
  }
  return parts;
}

/** Files that the disk is asked for while one is parsed. */
const READ_AHEAD = 4;

/** The most code units in all files together: about a million grants. */
const MAX_LENGTH_IN_ALL = 64 * 1024 * 1024;

function reportLength(file: string, problems: Problems): readonly Part[] {
  problems.report("AX131", {
    at: { file, line: 1, column: 1, length: 1 },
    detail: `With this file the manifest has more than ${MAX_LENGTH_IN_ALL} bytes (64 MiB).`,
    fix: "Make several manifests of it, each for organizations of its own.",
  });
  return [];
}

interface Checking {
  readonly files: readonly string[];
  readonly fits: Awaited<ReturnType<typeof loadFitness>>;
  readonly problems: Problems;
}

async function checkTrees(trees: MapNode[], { files, fits, problems }: Checking): Promise<Manifest | undefined> {
  if (!trees.every((tree) => fits(plainValueOf(tree)))) return tellFaults(trees, problems);
  const draft = takeDraft(trees, problems);
  if (!staysWithinLimits(draft, problems)) return undefined;
  const manifest = buildManifest(draft, files);
  checkMeaning(draft, manifest, problems);
  return manifest;
}

async function tellFaults(trees: readonly MapNode[], problems: Problems): Promise<undefined> {
  const test = await compileSchema();
  for (const tree of trees) checkSchema(test, tree, problems);
  if (!problems.hasErrors()) throw new Impossible("what does not keep the schema has no fault");
}

/** The trees are a third of all that a large manifest takes, and nobody needs them any more. */
function takeDraft(trees: MapNode[], problems: Problems): Draft {
  const draft = readDraft(mergeTrees(trees, problems));
  trees.length = 0;
  return draft;
}
