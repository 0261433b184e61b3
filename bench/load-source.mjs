// @ts-check
// What is measured within one process is not to be had from the built package, which is bundled: it is made from the sources.
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** What these files below src/ export, all together. @param {readonly string[]} paths @returns {Promise<any>} */
export async function loadSource(paths) {
  // Beside the sources, so that the packages are found.
  const folder = mkdtempSync(join(ROOT, "bench/.source-"));
  try {
    const outfile = join(folder, "source.mjs");
    const contents = paths.map((path) => `export * from "./src/${path}";`).join("\n");
    const stdin = { contents, resolveDir: ROOT };
    await build({ stdin, outfile, bundle: true, platform: "node", format: "esm", packages: "external" });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
