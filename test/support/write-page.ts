import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { harmless } from "../../src/cli/render/harmless.ts";
import { assemblePage } from "../../src/page/assemble-page.ts";
import type { PageModel } from "../../src/page/page-model.ts";

const BUILT = new URL("../../dist/review-page/", import.meta.url);

/** The HTML of a model with the program and the style as they are built. */
export function writePage(model: PageModel): string {
  return assemblePage(model, {
    script: readFileSync(new URL("page.js", BUILT), "utf8"),
    style: readFileSync(new URL("page.css", BUILT), "utf8"),
    hash: (text) => createHash("sha256").update(text).digest("base64"),
    shown: harmless,
  });
}
