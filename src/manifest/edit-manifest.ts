import { type Diagnostic, hasErrors, type Position } from "../model/diagnostic.ts";
import type { Manifest } from "../model/manifest.ts";
import type { Files } from "../model/ports.ts";
import { collectProblems } from "./collect-problems.ts";
import { placeAt, type YamlEdit, type YamlPath } from "./edit-plain.ts";
import { editText } from "./edit-text.ts";
import { findAlias } from "./find-alias.ts";
import { findFiles } from "./find-files.ts";
import { leaveApprovals } from "./leave-approvals.ts";
import { loadManifest } from "./load-manifest.ts";
import { orderWrites } from "./order-writes.ts";
import { readSource } from "./read-source.ts";
import { readText } from "./read-text.ts";
import { makeSource, type Source } from "./source.ts";
import type { MapNode } from "./tree.ts";

/** The files of a manifest, read and not yet judged by what they mean. */
export interface OpenManifest {
  readonly files: Files;
  readonly paths: readonly string[];
  readonly trees: ReadonlyMap<string, MapNode>;
  readonly sources: ReadonlyMap<string, Source>;
  /** What keeps the texts from being read. */
  readonly diagnostics: readonly Diagnostic[];
}

/** One edit of one file. */
export interface FileEdit {
  readonly file: string;
  readonly edit: YamlEdit;
}

/** What was changed, and where: in the text as it was for what goes, in the new one for what comes. */
export interface ManifestChange {
  readonly verb: "added" | "changed" | "removed";
  readonly path: YamlPath;
  readonly at: Position;
}

/** A manifest with its edits done, in memory. */
export interface EditedManifest {
  /** The new text of each file that changes, in the order in which they are written. Empty where a diagnostic is an error: it is all or nothing. */
  readonly texts: ReadonlyMap<string, string>;
  readonly changes: readonly ManifestChange[];
  /** What the new texts mean; undefined where a diagnostic is an error. */
  readonly manifest: Manifest | undefined;
  /** About the texts as they would be. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads the files of a manifest so that they can be edited. */
export async function openManifest(files: Files, paths: readonly string[]): Promise<OpenManifest> {
  const sources = new Map<string, Source>();
  const problems = collectProblems(sources);
  const found: { readonly file: string; readonly tree: MapNode }[] = [];
  for (const file of await findFiles(files, paths, problems)) {
    const source = await readSource(files, file, { sources, problems });
    const tree = source && readText(source, problems);
    if (tree !== undefined) found.push({ file, tree });
  }
  const trees = new Map(leaveApprovals(found).map(({ file, tree }) => [file, tree]));
  return { files, paths, trees, sources, diagnostics: problems.hasErrors() ? problems.list() : [] };
}

/**
 * Edits a manifest in memory. Every new text is loaded again by the loader that every command uses, all files together: where
 * the outcome has an error, or an edit cannot be done without touching more than it means, there are no texts at all.
 */
export async function editManifest(open: OpenManifest, edits: readonly FileEdit[]): Promise<EditedManifest> {
  const texts = new Map<string, string>();
  const problems = collectProblems(open.sources);
  for (const [file, source] of open.sources) {
    const own = edits.filter((edit) => edit.file === file).map(({ edit }) => edit);
    if (own.length === 0) continue;
    const text = editText(source.text, own);
    if (text !== undefined) texts.set(file, text);
    else reportUneditable(open, { file, edits: own }, problems);
  }
  if (problems.hasErrors()) return refuse(problems.list());
  const loaded = await loadManifest({ files: overlayFiles(open.files, texts), paths: open.paths });
  if (loaded.manifest === undefined || hasErrors(loaded.diagnostics)) return refuse(loaded.diagnostics);
  const changes = edits.flatMap((edit) => describeEdit(open, edit, texts));
  const ordered = orderWrites(open.trees, edits, texts);
  return { texts: ordered, changes, manifest: loaded.manifest, diagnostics: loaded.diagnostics };
}

function refuse(diagnostics: readonly Diagnostic[]): EditedManifest {
  return { texts: new Map(), changes: [], manifest: undefined, diagnostics };
}

function reportUneditable(
  { trees, sources }: OpenManifest,
  { file, edits }: { readonly file: string; readonly edits: readonly YamlEdit[] },
  problems: ReturnType<typeof collectProblems>,
): void {
  const tree = trees.get(file);
  const source = sources.get(file);
  for (const { path } of edits) {
    const alias = source && findAlias(source, path);
    const what = path.length === 0 ? "The top of the file" : path.join(" / ");
    problems.report("AX119", {
      at: alias?.at ?? (tree && placeAt(tree, path)) ?? { file, line: 1, column: 1, length: 1 },
      detail:
        alias === undefined
          ? `${what} is written in a form that cannot be edited without touching more than is meant.`
          : `${what} cannot be edited by itself: the alias *${alias.name} says the same as the anchor &${alias.name} in line ${alias.anchorAt.line}.`,
      fix: "Write it without anchors, explicit keys and lists in lists, or edit the file by hand.",
      ...(alias && { related: [{ at: alias.anchorAt, message: `The anchor &${alias.name} stands here.` }] }),
    });
  }
}

/** Files as they are on the disk, but for some texts. */
function overlayFiles(files: Files, texts: ReadonlyMap<string, string>): Files {
  const bytes = new Map([...texts].map(([file, text]) => [file, new TextEncoder().encode(text)]));
  return {
    ...files,
    kind: (path) => files.kind(path),
    list: (path) => files.list(path),
    size: async (path) => bytes.get(path)?.length ?? (await files.size(path)),
    read: async (path) => bytes.get(path) ?? (await files.read(path)),
  };
}

function describeEdit(
  { trees }: OpenManifest,
  { file, edit }: FileEdit,
  texts: ReadonlyMap<string, string>,
): readonly ManifestChange[] {
  const isAddition = edit.op === "add" || edit.op === "append";
  const path = edit.op === "add" ? [...edit.path, edit.key] : edit.op === "append" ? [...edit.path, -1] : edit.path;
  const tree = isAddition ? readEdited(file, texts.get(file) ?? "") : trees.get(file);
  const at = tree && placeAt(tree, path);
  return at === undefined ? [] : [{ verb: VERBS[edit.op], path, at }];
}

const VERBS: Readonly<Record<YamlEdit["op"], ManifestChange["verb"]>> = {
  add: "added",
  append: "added",
  set: "changed",
  remove: "removed",
};

function readEdited(file: string, text: string): MapNode | undefined {
  return readText(makeSource(file, text), collectProblems(new Map()));
}
