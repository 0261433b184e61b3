import { dirname, join } from "node:path";
import type { Files } from "../model/ports.ts";

/**
 * The folder that things are kept beside: of the first manifest path, the folder itself, a file's folder, or of a glob the part
 * before its first pattern. It depends on what was asked for only, so that a new file in a folder moves nothing.
 */
export async function locateHome(files: Files, paths: readonly string[]): Promise<string> {
  const first = paths[0] ?? ".";
  if ((await files.kind(first)) === "directory") return first;
  const segments = first.split("/");
  const glob = segments.findIndex((segment) => /[*?]/u.test(segment));
  if (glob < 0) return dirname(first);
  return segments.slice(0, glob).join("/") || (first.startsWith("/") ? "/" : ".");
}

/** Where the ledger of a manifest is, unless told. */
export function ledgerBeside(home: string): string {
  return join(home, ".axcess", "ledger.jsonl");
}

/** Where the ledger of a simulated account is, unless told. */
export function ledgerOfSandbox(folder: string): string {
  return `${folder.replace(/\/+$/u, "")}-ledger.jsonl`;
}
