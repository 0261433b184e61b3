import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { KINDS } from "../../src/kinds/registry.ts";
import type { Foretold } from "../../src/manifest/foretell.ts";
import { loadManifest } from "../../src/manifest/load-manifest.ts";
import { parseClassKey } from "../../src/model/address.ts";
import { makeDesired, selectReads } from "../../src/state/desired.ts";
import { countRuns } from "../support/count-runs.ts";
import { memoryFiles } from "./load-text.ts";
import { anyManifest } from "./random-manifest.ts";

async function hear(files: Readonly<Record<string, string>>) {
  const parts: Foretold[] = [];
  const onPart = (part: Foretold): void => void parts.push(part);
  const loaded = await loadManifest({ files: memoryFiles(files), paths: Object.keys(files), onPart });
  return { parts, loaded };
}

async function foretellText(text: string) {
  const { parts } = await hear({ "access.yaml": text });
  return parts.map(({ kinds, namesAccount }) => ({ kinds: [...kinds].sort(), namesAccount }));
}

describe("what a part of a manifest tells before it is checked", () => {
  test.each([
    ["people", "people: {}", ["user"]],
    ["organizations", "organizations: { A: {} }", ["organization"]],
    ["members of an organization", "organizations: { A: { members: {}, spaces: { s: {} } } }", ["organization"]],
    ["members of a space", "organizations: { A: {}, B: { spaces: { s: { members: {} } } } }", ["space-member"]],
    ["bindings", "organizations: { A: { spaces: { s: {}, t: { projects: { p: { bindings: {} } } } } } }", ["binding"]],
    ["nothing", "groups: { g: [] }", []],
    ["sections that say neither", "people:\norganizations:", []],
    ["what is no section", "people: []\norganizations: { A: { spaces: [{ members: {} }] }, B: 1 }", ["organization"]],
  ])("are kinds: %s", async (_, text, kinds) => {
    const all = kinds.includes("space-member") || kinds.includes("binding") ? ["organization", ...kinds] : kinds;
    expect(await foretellText(`version: 1\n${text}\n`)).toEqual([{ kinds: all.sort(), namesAccount: false }]);
  });

  test("is whether it names the account", async () => {
    expect(await foretellText("account: acme\n")).toEqual([{ kinds: [], namesAccount: true }]);
  });

  test("is told of each part by itself, and of none that is no mapping", async () => {
    const { parts } = await hear({
      "a.yaml": "people: {}\n",
      "b.yaml": "- 1\n",
      "c.yaml": "organizations: { A: {} }\n",
    });
    expect(parts.map(({ kinds }) => [...kinds])).toEqual([["user"], ["organization"]]);
  });

  test("is told as soon for what aliases have stand in very many places", async () => {
    const many = Array.from({ length: 1000 }, (_, index) => index);
    const spaces = `{ ${many.map((index) => `s${index}: { projects: *p }`).join(", ")} }`;
    const text = [
      `x: &p { ${many.map((index) => `p${index}: {}`).join(", ")} }`,
      `y: &all ${spaces}`,
      `organizations: { ${many.map((index) => `o${index}: { spaces: *all }`).join(", ")} }`,
    ].join("\n");
    // Place by place that would be a billion projects.
    expect(await foretellText(text)).toEqual([{ kinds: ["organization"], namesAccount: false }]);
  });

  test("comes true: of each kind a class is read", async () => {
    await fc.assert(
      fc.asyncProperty(anyManifest, async (plain) => {
        const { parts, loaded } = await hear({ "access.yaml": stringify(plain) });
        if (loaded.manifest === undefined) throw new Error("the manifest is wrong");
        const desired = makeDesired({ manifest: loaded.manifest, kinds: KINDS, now: new Date(0) });
        const read = new Set([...selectReads(desired, KINDS).classes].map((key) => parseClassKey(key).kind));
        expect([...(parts[0]?.kinds ?? [])].filter((kind) => !read.has(kind))).toEqual([]);
      }),
      countRuns(60),
    );
  });
});
