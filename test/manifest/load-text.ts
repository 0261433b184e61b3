import { type LoadedManifest, loadManifest } from "../../src/manifest/load-manifest.ts";
import type { Diagnostic } from "../../src/model/diagnostic.ts";
import type { Manifest } from "../../src/model/manifest.ts";
import type { Files } from "../../src/model/ports.ts";

/** A read-only disk in memory; folders are what the paths imply. */
export function memoryFiles(content: Readonly<Record<string, string | Uint8Array>>): Files {
  const bytes = new Map(
    Object.entries(content).map(([path, text]) => [
      path,
      typeof text === "string" ? new TextEncoder().encode(text) : text,
    ]),
  );
  const refuse = async (): Promise<never> => {
    throw new Error("read only");
  };
  const below = (path: string): string[] => {
    const prefix = path === "." ? "" : `${path}/`;
    return [...bytes.keys()].filter((file) => file.startsWith(prefix)).map((file) => file.slice(prefix.length));
  };
  return {
    read: async (path) => bytes.get(path) ?? refuse(),
    size: async (path) => bytes.get(path)?.length,
    kind: async (path) => (bytes.has(path) ? "file" : below(path).length > 0 ? "directory" : undefined),
    list: async (path) => [...new Set(below(path).map((file) => file.split("/")[0] ?? ""))].sort(),
    replace: refuse,
    openAppender: refuse,
    createExclusive: refuse,
    remove: refuse,
    real: refuse,
  };
}

/** Loads files given as texts, all of them by name. */
export function loadFiles(content: Readonly<Record<string, string | Uint8Array>>): Promise<LoadedManifest> {
  return loadManifest({ files: memoryFiles(content), paths: Object.keys(content) });
}

/** Loads one file. */
export function loadText(text: string | Uint8Array): Promise<LoadedManifest> {
  return loadFiles({ "access.yaml": text });
}

/** Loads one file that must be without any problem. */
export async function loadGood(text: string): Promise<Manifest> {
  const { manifest, diagnostics } = await loadText(text);
  if (manifest === undefined || diagnostics.length > 0) throw new Error(JSON.stringify(diagnostics, undefined, 1));
  return manifest;
}

/** `AX123 2:5+3` for each diagnostic: code, line, column, length. */
export function briefly(diagnostics: readonly Diagnostic[]): readonly string[] {
  return diagnostics.map(({ code, at }) => `${code} ${at?.line}:${at?.column}+${at?.length}`);
}
