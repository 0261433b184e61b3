import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
// @ts-expect-error An example is plain JavaScript.
import { tryOut } from "../../examples/library.mjs";
import { listBlocks, readDocument } from "../support/document.ts";

test("the example of docs/library.md is the one that is shipped, and comes to what the document says", async () => {
  const blocks = listBlocks(readDocument("docs/library.md"));
  const bodyOf = (language: string): readonly string[] =>
    blocks.filter((block) => block.language === language).map(({ body }) => body.join("\n"));
  expect(bodyOf("js")).toEqual([readDocument("examples/library.mjs").trimEnd()]);

  const folder = mkdtempSync(join(tmpdir(), "axcess-example-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  expect(bodyOf("json")).toEqual([JSON.stringify(await tryOut(folder), undefined, 2)]);
});
