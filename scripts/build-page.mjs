// Builds the program and the style of the review page into dist/review-page/, with the licences of what is built in.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const ROOT = new URL("..", import.meta.url);
/** The most that the program may weigh. */
const MOST_BYTES = 120_000;

/** Builds the page's program and style. Throws when the program is too large. */
export async function buildPage() {
  const options = {
    absWorkingDir: fileURLToPath(ROOT),
    bundle: true,
    minify: true,
    format: "iife",
    target: ["chrome111", "firefox115", "safari16.4"],
    charset: "utf8",
    legalComments: "none",
    logLevel: "warning",
  };
  const probe = await build({
    ...options,
    entryPoints: ["page/main.tsx"],
    jsx: "automatic",
    jsxImportSource: "preact",
    write: false,
    metafile: true,
  });
  const banner = licencesOf(Object.keys(probe.metafile.inputs));
  const { metafile } = await build({
    ...options,
    entryPoints: ["page/main.tsx"],
    outfile: "dist/review-page/page.js",
    jsx: "automatic",
    jsxImportSource: "preact",
    banner: { js: banner },
    metafile: true,
  });
  await build({ ...options, entryPoints: ["page/page.css"], outfile: "dist/review-page/page.css" });
  const { bytes } = metafile.outputs["dist/review-page/page.js"];
  if (bytes > MOST_BYTES)
    throw new Error(`The program of the page weighs ${bytes} bytes, and may weigh ${MOST_BYTES}.`);
  return bytes;
}

/** One comment with the name, version and licence text of every package among the inputs. */
function licencesOf(inputs) {
  const folders = new Set(inputs.flatMap((path) => /^node_modules\/(?:@[^/]+\/)?[^/]+/u.exec(path)?.[0] ?? []));
  const texts = [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(new URL(`${folder}/package.json`, ROOT), "utf8"));
    return `${name} ${version} (${license})\n\n${readFileSync(new URL(`${folder}/LICENSE`, ROOT), "utf8").trim()}`;
  });
  return `/*!\nThis program contains:\n\n${texts.join("\n\n---\n\n").replaceAll("*/", "* /")}\n*/`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(`review page: ${await buildPage()} bytes`);
