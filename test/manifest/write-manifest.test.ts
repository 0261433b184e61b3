import { describe, expect, it } from "vitest";
import { formatManifest } from "../../src/manifest/format-manifest.ts";
import {
  isWritable,
  isWritableEmail,
  isWritablePermission,
  isWritableRole,
  wordOfRole,
} from "../../src/manifest/writable.ts";
import { writeManifest } from "../../src/manifest/write-manifest.ts";
import { loadGood, loadText } from "./load-text.ts";

describe("writeManifest", () => {
  it("writes keys, texts, lists and comments as the formatter would, whatever somebody put into a comment", () => {
    const text = writeManifest({
      head: ["first"],
      entries: [
        {
          key: "organizations",
          value: [
            { key: "a: b", value: [{ key: "description", value: "yes", comments: [] }], comments: ["x\n- y\u202e"] },
          ],
          comments: [],
        },
        {
          key: "people",
          value: [
            { key: "a@b.io", value: [{ key: "developer", value: true, comments: [] }], comments: [], inline: true },
          ],
          comments: [],
        },
        { key: "groups", value: [{ key: "g", value: ["a@b.io"], comments: [] }], comments: [] },
      ],
    });
    expect(text).toBe(`# first
version: 1

people:
  a@b.io: { developer: true }

groups:
  g: [a@b.io]

organizations:
  # x\\u{a}- y\\u{202e}
  "a: b":
    description: "yes"
`);
    expect(formatManifest(text, "x").text).toBe(text);
  });

  it("refuses to give out what cannot be read", () => {
    const half = { key: "account", value: "\ud800", comments: [] };
    expect(() => writeManifest({ head: [], entries: [half] })).toThrow("cannot be read");
    expect(writeManifest({ head: [], entries: [] })).toBe("version: 1\n");
  });
});

describe("a text that holds what cannot be seen", () => {
  it("stands in double quotes with escapes, and means what it meant", async () => {
    const name = "a\u009b\u202e\u{e0001}\ufeff\tb\u2028c";
    const text = writeManifest({
      head: [],
      entries: [{ key: "organizations", value: [{ key: name, value: [], comments: [] }], comments: [] }],
    });
    expect(text).toContain('"a\\u009b\\u202e\\U000e0001\\ufeff\\tb\\u2028c": {}');
    const { manifest } = await loadText(text);
    expect([...(manifest?.organizations?.entries.keys() ?? [])]).toEqual([name]);
    const described = `version: 1\norganizations:\n  a:\n    description: |-\n      one\n      t\u202ewo\n`;
    const formatted = formatManifest(described, "x").text;
    expect(formatted).toContain('"one\\nt\\u202ewo"');
    expect((await loadGood(formatted)).organizations?.entries.get("a")?.description).toBe("one\nt\u202ewo");
  });
});

describe("what a manifest can write", () => {
  it("is judged by the schema and the checks of the manifest", () => {
    expect(["a", "a b", "x".repeat(255), "👩\u200d🚀"].filter((name) => !isWritable("name", name))).toEqual([]);
    expect(["", " a", "a ", "x".repeat(256), "\ud800"].filter((name) => isWritable("name", name))).toEqual([]);
    expect([isWritable("description", "x".repeat(1000)), isWritable("description", "x".repeat(1001))]).toEqual([
      true,
      false,
    ]);
    expect([isWritable("account", " a "), isWritable("account", "")]).toEqual([true, false]);
    expect([isWritableEmail("a@b.io"), isWritableEmail("A@b.io"), isWritableEmail("\u0000id")]).toEqual([
      true,
      false,
      false,
    ]);
    expect([isWritableRole("Eval"), isWritableRole("Read Only"), isWritableRole("é")]).toEqual([true, false, false]);
    expect(["PROJECT_READ", "DATASET_*", "LATER"].map(isWritablePermission)).toEqual([true, false, false]);
  });

  it("has one word for each role at each level, or none", () => {
    const words = new Map([["role:Eval", "Eval"]]);
    expect(wordOfRole("organization", "read-only", words)).toBe("read-only");
    expect(wordOfRole("organization", "role:Eval", words)).toBeUndefined();
    expect(wordOfRole("space", "role:Eval", words)).toBe("Eval");
    expect(wordOfRole("space", "role:Other", words)).toBeUndefined();
    expect(wordOfRole("space", "role:Project Viewer", words)).toBeUndefined();
    expect(wordOfRole("project", "role:Project Viewer", words)).toBe("Project Viewer");
    expect(wordOfRole("project", "admin", words)).toBeUndefined();
  });
});
