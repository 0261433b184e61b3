import { basename, dirname, isAbsolute, join, relative } from "node:path";
import type { Files } from "../model/ports.ts";

/**
 * Why a secret cannot be written to a path; undefined when it can. A path from the folder of the manifest stays in it, whatever
 * symbolic links say; and nothing is ever written through a link.
 */
export async function whyNotWritable(files: Files, home: string, path: string): Promise<string | undefined> {
  const place = isAbsolute(path) ? path : join(home, path);
  const folder = await findFolder(files, dirname(place));
  if (folder === undefined) return `There is no folder for ${path}.`;
  const root = await files.real(home);
  if (!isAbsolute(path) && (root === undefined || !isInside(root, join(folder.real, folder.rest)))) {
    return `${path} leads out of the folder of the manifest.`;
  }
  const found = await files.real(place);
  if (found !== undefined && found !== join(folder.real, folder.rest, basename(place))) {
    return `${path} is a symbolic link.`;
  }
  return found !== undefined && (await files.kind(place)) === "directory" ? `${path} is a folder.` : undefined;
}

interface FoundFolder {
  /** Without links. */
  readonly real: string;
  /** What is still to be made below it. */
  readonly rest: string;
}

/** The nearest folder that is there already. */
async function findFolder(files: Files, folder: string): Promise<FoundFolder | undefined> {
  let rest = "";
  for (let at = folder; ; at = dirname(at)) {
    const real = await files.real(at);
    if (real !== undefined) return { real, rest };
    if (dirname(at) === at) return undefined;
    rest = join(basename(at), rest);
  }
}

function isInside(root: string, folder: string): boolean {
  const path = relative(root, folder);
  return path === "" || (!isAbsolute(path) && path.split("/")[0] !== "..");
}
