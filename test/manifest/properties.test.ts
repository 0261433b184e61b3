import fc from "fast-check";
import { expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { formatManifest } from "../../src/manifest/format-manifest.ts";
import { canonicalJson } from "../../src/model/json.ts";
import { loadFiles, loadText } from "./load-text.ts";
import { anyManifest } from "./random-manifest.ts";

// The same cases on every machine and every day.
fc.configureGlobal({ seed: 20_261_121 });

const RUNS = { numRuns: 60 };

test("a manifest written as YAML is loaded without an error, with every organization, space and project in it", async () => {
  await fc.assert(
    fc.asyncProperty(anyManifest, async (plain) => {
      const { manifest, diagnostics } = await loadText(stringify(plain));
      expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
      const organizations = Object.keys((plain["organizations"] as object | undefined) ?? {});
      expect([...(manifest?.organizations?.entries.keys() ?? [])].sort()).toEqual(organizations.sort());
    }),
    RUNS,
  );
});

test("the order of files and of arguments does not matter", async () => {
  await fc.assert(
    fc.asyncProperty(anyManifest, anyManifest, async (a, b) => {
      const files = { "a.yaml": stringify(a), "b.yaml": stringify(b) };
      const there = await loadFiles(files);
      const back = await loadFiles(Object.fromEntries(Object.entries(files).reverse()));
      expect(back).toEqual(there);
    }),
    { numRuns: 30 },
  );
});

test("formatting keeps the meaning, and twice is once", () => {
  fc.assert(
    fc.property(anyManifest, fc.constantFrom("block", "flow"), fc.nat(), (plain, style, seed) => {
      const text = decorate(stringify(plain, { collectionStyle: style === "flow" ? "flow" : "any" }), seed);
      const once = formatManifest(text, "a.yaml");
      expect(once.diagnostics).toEqual([]);
      expect(canonicalJson(parse(once.text))).toBe(canonicalJson(parse(text)));
      expect(formatManifest(once.text, "a.yaml").text).toBe(once.text);
    }),
    RUNS,
  );
});

test("formatting keeps every comment", () => {
  fc.assert(
    fc.property(anyManifest, fc.nat(), (plain, seed) => {
      const text = decorate(stringify(plain), seed);
      const { text: formatted } = formatManifest(text, "a.yaml");
      expect(formatted.match(/#c\d+/gu)?.sort()).toEqual(text.match(/#c\d+/gu)?.sort());
    }),
    RUNS,
  );
});

test("no change of bytes makes loading or formatting throw", async () => {
  const change = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }), fc.constantFrom("set", "insert", "cut"));
  await fc.assert(
    fc.asyncProperty(anyManifest, fc.array(change, { minLength: 1, maxLength: 8 }), async (plain, changes) => {
      let bytes = Buffer.from(stringify(plain));
      for (const [place, byte, how] of changes) {
        const at = place % (bytes.length + 1);
        const rest = bytes.subarray(how === "insert" ? at : at + 1);
        bytes = Buffer.concat([bytes.subarray(0, at), how === "cut" ? Buffer.alloc(0) : Buffer.from([byte]), rest]);
      }
      const { manifest, diagnostics } = await loadText(new Uint8Array(bytes));
      expect(manifest === undefined).toBe(diagnostics.some(({ severity }) => severity === "error"));
      for (const { at, fix } of diagnostics) {
        expect(at?.line).toBeGreaterThan(0);
        expect(at?.column).toBeGreaterThan(0);
        expect(at?.length).toBeGreaterThan(0);
        expect(fix).toBeTruthy();
      }
      const formatted = formatManifest(bytes.toString("utf8"), "a.yaml");
      if (formatted.diagnostics.length > 0) return;
      expect(formatManifest(formatted.text, "a.yaml").text).toBe(formatted.text);
    }),
    { numRuns: 120 },
  );
});

/** Puts comments and blank lines between lines that begin a key or an entry. */
function decorate(text: string, seed: number): string {
  let state = seed;
  let number = 0;
  const lines = text.split("\n").flatMap((line) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    const indent = /^ */u.exec(line)?.[0] ?? "";
    const isKey = /^ *(?:- )?[a-zA-Z_]+[^"'|>]*:/u.test(line);
    if (!isKey || state % 4 !== 0) return [line];
    number += 1;
    return state % 8 === 0 ? ["", `${indent}#c${number}`, line] : [`${indent}#c${number}`, line];
  });
  return lines.join("\n");
}
