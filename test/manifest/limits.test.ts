import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { filesWithin } from "../../src/host/files-within.ts";
import { systemFiles } from "../../src/host/system-files.ts";
import { loadManifest } from "../../src/manifest/load-manifest.ts";
import type { Files } from "../../src/model/ports.ts";
import { briefly, loadFiles, loadText, memoryFiles } from "./load-text.ts";

describe("a manifest that is made to exhaust memory or time is refused with what to do", () => {
  test("a group of many in many places", async () => {
    const people = Array.from({ length: 20_000 }, (_, n) => `a${n}@x.io`).join(", ");
    const spaces = Array.from({ length: 2000 }, (_, n) => `      s${n}: { members: { "group:g": member } }\n`).join("");
    const { manifest, diagnostics } = await loadText(
      `version: 1\ngroups:\n  g: [${people}]\norganizations:\n  A:\n    spaces:\n${spaces}`,
    );
    expect(manifest).toBeUndefined();
    expect(briefly(diagnostics)).toEqual(["AX132 57:25+9"]);
  });

  test("groups within groups within groups", async () => {
    const chain = Array.from({ length: 5000 }, (_, n) => `  g${n}: [a${n}@x.io, group:g${n + 1}]\n`).join("");
    const { manifest, diagnostics } = await loadText(`version: 1\ngroups:\n${chain}  g5000: [z@x.io]\n`);
    expect(manifest).toBeUndefined();
    expect(diagnostics.map(({ code }) => code)).toEqual(["AX132"]);
  });

  test("many files that are large together", async () => {
    const comment = `version: 1\n${`# ${"x".repeat(1000)}\n`.repeat(8000)}`;
    const files = Object.fromEntries(Array.from({ length: 9 }, (_, n) => [`${n}.yaml`, comment]));
    const { manifest, diagnostics } = await loadFiles(files);
    expect(manifest).toBeUndefined();
    expect(briefly(diagnostics)).toEqual(["AX131 1:1+1"]);
  });

  test("nearly fifty thousand files", async () => {
    const names = Array.from({ length: 49_000 }, (_, n) => `f${n}.yaml`);
    const files: Files = {
      ...memoryFiles({}),
      kind: async (path) => (path === "many" ? "directory" : path.includes("*") ? undefined : "file"),
      list: async () => names,
    };
    for (const path of ["many", "many/*.yaml"]) {
      const { diagnostics } = await loadManifest({ files, paths: [path] });
      expect(diagnostics.map(({ code, detail }) => [code, detail])).toEqual([
        ["AX131", "The manifest has more than 10000 files."],
      ]);
    }
  });

  test("links that go round in circles, two in each folder", async () => {
    const folder = mkdtempSync(join(tmpdir(), "axcess-links-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    mkdirSync(join(folder, "m"));
    writeFileSync(join(folder, "m", "access.yml"), "version: 1\n");
    for (const name of ["a", "b"]) symlinkSync(".", join(folder, "m", name));
    const files = filesWithin(folder, systemFiles);
    const { diagnostics } = await loadManifest({ files, paths: ["m"] });
    expect(diagnostics.map(({ code }) => code)).toEqual(["AX131"]);
  });

  test("a long line is not told with each of its faults", async () => {
    const line = Array.from({ length: 1000 }, (_, n) => `k${n}: "${"x".repeat(6000)}"`).join(", ");
    const { diagnostics } = await loadText(`{ version: 1, ${line} }\n`);
    expect(diagnostics).toHaveLength(1000);
    expect(JSON.stringify(diagnostics).length).toBeLessThan(1_000_000);
  });
});
