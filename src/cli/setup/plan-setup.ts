import { dirname, join, relative } from "node:path";
import { readPackageFile } from "../package-files.ts";
import { quoteShellWord } from "../render/quote-shell-word.ts";
import type { Session } from "../session.ts";

/** What a new repository is to have. */
export interface SetupRequest {
  readonly ci: "github" | "gitlab" | "none";
  /** As CODEOWNERS takes them: `@team`, `@org/team` or an e-mail address. */
  readonly owners: readonly string[];
  /** The branch from which is applied. */
  readonly branch: string;
  /** Only print what would be written. */
  readonly isOnlyPrinted: boolean;
}

/** A file as it is to be: made whole where there is none, or with lines added to what is there. */
export interface SetupFile {
  readonly path: string;
  /** What is written where there is no such file, or what is added to it. */
  readonly text: string;
  /** `new`: there is none. `added`: these lines are missing. `there`: nothing is written. */
  readonly state: "new" | "added" | "there";
}

/** Compares what a repository needs with what is in the folder. Existing files get lines at their end, or are left. */
export async function planSetup(session: Session, request: SetupRequest): Promise<readonly SetupFile[]> {
  const [manifest = "access.yaml"] = session.globals.files;
  const home = isManifestFile(manifest) ? dirname(manifest) : manifest;
  const pipeline = PIPELINES[request.ci];
  const owned = [
    rooted(manifest, home === manifest),
    rooted(join(home, "approvals"), true),
    ...(pipeline === undefined ? [] : [rooted(pipeline.path, false)]),
  ];
  const owners = await findOwners(session, request.ci);
  return [
    await placeWhole(session, home === manifest ? join(manifest, "access.yaml") : manifest, (path) =>
      startManifest(path),
    ),
    ...(pipeline === undefined
      ? []
      : [await placeWhole(session, pipeline.path, () => fillPipeline(pipeline.template, { manifest, request }))]),
    ...(request.owners.length === 0
      ? []
      : [
          await addLines(
            session,
            owners,
            owned.map((pattern) => `${pattern} ${request.owners.join(" ")}`),
          ),
        ]),
    await addLines(session, ".gitignore", [
      "node_modules/",
      join(home, ".axcess/"),
      "plan.json",
      "plan.md",
      "plan.html",
    ]),
  ];
}

const PIPELINES = {
  github: { path: ".github/workflows/axcess.yml", template: "templates/github.yml" },
  gitlab: { path: ".gitlab-ci.yml", template: "templates/gitlab.yml" },
  none: undefined,
} as const;

async function startManifest(path: string): Promise<string> {
  const way = relative(dirname(path), "node_modules/axcess/schema/access.schema.json");
  const schema = way.startsWith(".") ? way : `./${way}`;
  return (await readPackageFile("templates/access.yaml")).replace("@SCHEMA@", () => schema);
}

async function fillPipeline(
  template: string,
  { manifest, request }: { readonly manifest: string; readonly request: SetupRequest },
): Promise<string> {
  const isUsual = manifest === "access.yaml";
  const text = await readPackageFile(template);
  return text
    .replaceAll(/^.*"@FILE@"\n/gmu, (line) => (isUsual ? "" : line.replace("@FILE@", () => manifest)))
    .replaceAll("@FLAGS@", () => (isUsual ? "" : ` --file ${quoteShellWord(manifest)}`))
    .replaceAll("@NOT_APPROVALS@", () => excludeApprovals(manifest))
    .replaceAll("@BRANCH@", () => request.branch);
}

/** For git: whatever is no approval. In a folder that is the manifest, a file among the approvals may be a part of it as well. */
function excludeApprovals(manifest: string): string {
  if (!isManifestFile(manifest)) return "";
  return ` ${quoteShellWord(`:(top,exclude,literal)${join(dirname(manifest), "approvals")}`)}`;
}

function isManifestFile(manifest: string): boolean {
  return /\.ya?ml$/u.test(manifest);
}

/** The first place that the host looks at and that has such a file, else the usual one. */
async function findOwners(session: Session, ci: SetupRequest["ci"]): Promise<string> {
  const folder = ci === "gitlab" ? ".gitlab" : ".github";
  const places =
    ci === "gitlab"
      ? ["CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"]
      : [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"];
  const found = await Promise.all(places.map((path) => session.files.kind(path)));
  return places.find((_, index) => found[index] !== undefined) ?? `${folder}/CODEOWNERS`;
}

/** A path as CODEOWNERS writes it: from the root, blanks escaped. */
function rooted(path: string, isFolder: boolean): string {
  return `/${path.replace(/^\.\//u, "").replaceAll(" ", "\\ ")}${isFolder ? "/" : ""}`;
}

async function placeWhole(
  session: Session,
  path: string,
  write: (path: string) => Promise<string>,
): Promise<SetupFile> {
  const isThere = (await session.files.kind(path)) !== undefined;
  return { path, text: isThere ? "" : await write(path), state: isThere ? "there" : "new" };
}

/**
 * Lines that a file lacks. A line counts as there where its first word is, since its owners may have been changed; and a folder also
 * where it is named without the slash at its end, which means it and more.
 */
async function addLines(session: Session, path: string, lines: readonly string[]): Promise<SetupFile> {
  const isThere = (await session.files.kind(path)) !== undefined;
  const before = isThere ? new TextDecoder().decode(await session.files.read(path)) : "";
  const known = new Set(before.split(/\r?\n/u).map(firstWord));
  const isKnown = (word: string): boolean => known.has(word) || known.has(word.replace(/\/$/u, ""));
  const missing = lines.filter((line) => !isKnown(firstWord(line)));
  const text = missing.map((line) => `${line}\n`).join("");
  return { path, text, state: missing.length === 0 ? "there" : isThere ? "added" : "new" };
}

function firstWord(line: string): string {
  return (/^(?:\\.|[^\s\\])*/u.exec(line.trim())?.[0] ?? "").replace(/^\//u, "");
}
