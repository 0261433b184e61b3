// The packages that are built into files of ours, and are not installed beside them: see decision 0034.
import { readdirSync, readFileSync } from "node:fs";

const ROOT = new URL("..", import.meta.url);

/** By what they are built into; `npm run sbom` lists them, and a build that has others fails. */
export const BUILT_IN = {
  program: ["chalk", "commander", "deep-diff", "leven", "smol-toml", "undici", "yaml"],
  page: ["@tanstack/virtual-core", "preact"],
};

/** The licences of the packages among these files (paths from the root, as esbuild tells its inputs). Throws where they are not those that are named above. */
export function licencesIn(inputs, what) {
  const names = new Set(inputs.flatMap((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//u.exec(path)?.[1] ?? []));
  const found = [...names].sort();
  const listed = BUILT_IN[what];
  if (found.join() !== listed.join())
    throw new Error(`The ${what} contains ${found.join(", ")}; scripts/built-in.mjs names ${listed.join(", ")}.`);
  return found.map(licenceOf).join("\n\n---\n\n");
}

/** Name, version and licence text of a package. */
function licenceOf(name) {
  const folder = new URL(`node_modules/${name}/`, ROOT);
  const { version, license } = JSON.parse(readFileSync(new URL("package.json", folder), "utf8"));
  const file = readdirSync(folder).find((each) => /^licen[cs]e(\.\w+)?$/iu.test(each));
  if (file === undefined) throw new Error(`${name} has no text of its licence.`);
  return `${name} ${version} (${license})\n\n${readFileSync(new URL(file, folder), "utf8").trim()}`;
}
