import { join, normalize } from "node:path";
import { compareText } from "../model/json.ts";
import type { Files } from "../model/ports.ts";
import type { Problems } from "./collect-problems.ts";
import { quoteName } from "./quote-name.ts";

const MAX_FOLDER_DEPTH = 32;
const MAX_FILES = 10_000;
const MAX_LOOKS = 50_000;
const YAML_FILE = /\.ya?ml$/iu;

/**
 * Finds the manifest files that paths stand for: a file is itself, a directory every visible `*.yaml` and `*.yml`
 * below it, anything else a glob (`*`, `?`, `**`). Sorted, each once, so that the order of the arguments does not matter.
 */
export async function findFiles(
  files: Files,
  paths: readonly string[],
  problems: Problems,
): Promise<readonly string[]> {
  const found = new Set<string>();
  const counted = countLooks(files);
  for (const path of paths) {
    const matches = await expandPath(counted.files, path, problems);
    for (const match of matches) found.add(match);
    if (found.size <= MAX_FILES && !counted.isOver()) continue;
    problems.report("AX131", {
      at: { file: path, line: 1, column: 1, length: 1 },
      detail: counted.isOver()
        ? `More than ${MAX_LOOKS} names were looked at to find the files of the manifest.`
        : `The manifest has more than ${MAX_FILES} files.`,
      fix: "Name the folder that holds nothing but the manifest, and join small files.",
    });
    return [];
  }
  return [...found].sort(compareText);
}

/** The same disk, which shows nothing more once so many names were looked at: links that go round in a circle never end otherwise. */
function countLooks(files: Files): { readonly files: Files; readonly isOver: () => boolean } {
  let looks = 0;
  const isOver = (): boolean => looks > MAX_LOOKS;
  return {
    isOver,
    files: {
      ...files,
      kind: async (path) => {
        looks += 1;
        return isOver() ? undefined : files.kind(path);
      },
      list: async (path) => (isOver() ? [] : (await files.list(path)).slice(0, MAX_LOOKS + 1)),
    },
  };
}

async function expandPath(files: Files, path: string, problems: Problems): Promise<readonly string[]> {
  const plain = path === "" ? "." : normalize(path);
  const kind = await kindOf(files, plain);
  if (kind === "file") return [plain];
  const matches =
    kind === "directory" ? await listBelow(files, plain, 0) : /[*?]/u.test(plain) ? await matchGlob(files, plain) : [];
  if (matches.length === 0) reportNothing(path, kind === "directory", problems);
  return matches;
}

function reportNothing(path: string, isDirectory: boolean, problems: Problems): void {
  const name = quoteName(path);
  problems.report("AX101", {
    at: { file: path, line: 1, column: 1, length: 1 },
    detail: isDirectory
      ? `The directory ${name} holds no visible file whose name ends with .yaml or .yml.`
      : `There is no file ${name}.`,
    fix: "Create it, or name another with --file.",
  });
}

async function listBelow(files: Files, folder: string, depth: number): Promise<readonly string[]> {
  if (depth > MAX_FOLDER_DEPTH) return [];
  const found: string[] = [];
  for (const name of await namesIn(files, folder)) {
    if (name.startsWith(".")) continue;
    const path = join(folder, name);
    const kind = await kindOf(files, path);
    if (kind === "directory") for (const each of await listBelow(files, path, depth + 1)) found.push(each);
    else if (kind === "file" && YAML_FILE.test(name)) found.push(path);
  }
  return found;
}

async function matchGlob(files: Files, glob: string): Promise<readonly string[]> {
  const segments = glob.split(/[\\/]/u);
  const isRooted = segments[0] === "";
  return matchSegments(files, isRooted ? "/" : ".", isRooted ? segments.slice(1) : segments);
}

async function matchSegments(files: Files, folder: string, segments: readonly string[]): Promise<readonly string[]> {
  const [segment, ...rest] = segments;
  if (segment === undefined) return [];
  if (segment === "**") return matchAnyDepth(files, { folder, depth: 0 }, rest);
  const found: string[] = [];
  for (const name of await namesMatching(files, folder, segment)) {
    const path = join(folder, name);
    const kind = await kindOf(files, path);
    if (rest.length > 0 && kind === "directory")
      for (const each of await matchSegments(files, path, rest)) found.push(each);
    if (rest.length === 0 && kind === "file") found.push(path);
  }
  return found;
}

async function matchAnyDepth(
  files: Files,
  { folder, depth }: { readonly folder: string; readonly depth: number },
  rest: readonly string[],
): Promise<readonly string[]> {
  const found = [...(await matchSegments(files, folder, rest.length === 0 ? ["*"] : rest))];
  if (depth >= MAX_FOLDER_DEPTH) return found;
  for (const name of await namesIn(files, folder)) {
    if (name.startsWith(".")) continue;
    const path = join(folder, name);
    if ((await kindOf(files, path)) === "directory")
      for (const each of await matchAnyDepth(files, { folder: path, depth: depth + 1 }, rest)) found.push(each);
  }
  return found;
}

async function namesMatching(files: Files, folder: string, segment: string): Promise<readonly string[]> {
  if (!/[*?]/u.test(segment)) return [segment];
  const expression = segment
    .replace(/[\\^$.+()[\]{}|]/gu, "\\$&")
    .replace(/\*+/gu, ".*")
    .replaceAll("?", ".");
  const fits = new RegExp(`^${expression}$`, "su");
  const names = await namesIn(files, folder);
  return names.filter((name) => fits.test(name) && (segment.startsWith(".") || !name.startsWith(".")));
}

/** A folder that cannot be listed holds nothing we could read; what is asked for by name is reported where it is read. */
async function namesIn(files: Files, folder: string): Promise<readonly string[]> {
  try {
    return await files.list(folder);
  } catch {
    return [];
  }
}

/** A path that cannot be looked at counts as a file, so that reading it tells why. */
async function kindOf(files: Files, path: string): Promise<"file" | "directory" | undefined> {
  try {
    return await files.kind(path);
  } catch (error) {
    return isCode(error, "ENOTDIR") || isCode(error, "ENAMETOOLONG") || isCode(error, "ERR_INVALID_ARG_VALUE")
      ? undefined
      : "file";
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
