// Builds the program and the style of the review page into dist/review-page/, with the licences of what is built in.
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { licencesIn } from "./built-in.mjs";

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
    // Where `node_modules` is a link, too, the inputs are told by where they are linked to.
    preserveSymlinks: true,
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
  const licences = licencesIn(Object.keys(probe.metafile.inputs), "page");
  const banner = `/*!\nThis program contains:\n\n${licences.replaceAll("*/", "* /")}\n*/`;
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

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(`review page: ${await buildPage()} bytes`);
