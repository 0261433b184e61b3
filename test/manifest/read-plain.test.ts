import { expect, test } from "vitest";
import { readPlain } from "../../src/manifest/read-plain.ts";
import { makeSource } from "../../src/manifest/source.ts";
import { compareReadings, YAML_TEXTS } from "../fuzz/targets/read-plain.ts";

test("manifests as they are written are read without the parser, and in the same way", () => {
  const manifests = YAML_TEXTS.filter((text) => /^(?:version|people|groups|roles|organizations):/mu.test(text));
  expect(manifests.length).toBeGreaterThan(15);
  expect(manifests.filter((text) => !compareReadings(text))).toEqual([]);
});

test.each([
  ["texts", "a: b\nc: it's\nd: a:b\ne: a#b\nf: x  y \n"],
  ["no line break at the end", "a:\n  b: c"],
  ["quotes", `a: "b: c"\nd: 'it''s # no comment'\n"e f": ''\n'g': ""\n`],
  ["texts that begin with a dot", "a: .env\nb: ../c\n.d: .e5x\n"],
  ["numbers and truth values", "version: 1\na: true\nb: false\nc: 0\nd: 123456789012345\n"],
  ["texts that look like numbers", "a: 2026-11-22\nb: 12:30\nc: 1.2.3\nd: 1_000\ne: 0b1\nf: 2026-11-22T10:00:00Z\n"],
  ["names of the language", "__proto__: a\nconstructor: b\n"],
  ["lists, also in the column of their key", "a:\n  - b\n  - c\nd:\n- e\n- 'f'\ng: h\n"],
  ["mappings in lists", "a:\n  - b: c\n    d:\n      - e\n  -   f: g\n      h: i\n"],
  ["flow collections", "a: { b: c, d: [e, 'f', { g: 1 } ] }\nh: []\ni: {}\n"],
  ["comments and empty lines", "# a\n\na: # b\n    # c\n\n  b: c # d\n # e\n\nf: [g] # h\n  # i"],
  ["the mark of a document", "# a\n--- # b\na: b\n"],
  ["names of all scripts", "Équipe: 日本 😀\n\u00a0a: b\u00a0\n"],
])("%s are read like the parser reads them", (_, text) => {
  expect(compareReadings(text)).toBe(true);
});

test.each([
  ["anchors and aliases", "a: &x b\nc: *x\n"],
  ["tags", "a: !!str 1\n"],
  ["merge keys", "<<: a\n"],
  ["keys that stand twice", "a: b\na: c\n"],
  ["keys that stand twice in braces", "a: { b: c, b: d }\n"],
  ["keys that are no texts", "1: a\n"],
  ["keys that are nothing", "null: a\n"],
  ["long keys", `${"k".repeat(1001)}: a\n`],
  ["keys that end elsewhere", "a : b\n"],
  ["keys alone", "a\n"],
  ["values that are missing", "a:\nb: c\n"],
  ["values that are nothing", "a: null\n"],
  ["values below a key that are no collections", "a:\n  b\n"],
  ["fractions", "a: 1.5\n"],
  ["numbers with a sign", "a: -1\n"],
  ["numbers that begin with zero", "a: 007\n"],
  ["numbers that begin with a dot", "a: .5\n"],
  ["what is no number", "a: .nan\n"],
  ["other spellings of truth", "a: TRUE\n"],
  ["block texts", "a: |\n  b\n"],
  ["texts over several lines", "a: b\n  c\n"],
  ["quoted texts over several lines", 'a: "b\n  c"\n'],
  ["escapes", 'a: "\\x1b"\n'],
  ["flow collections over several lines", "a: [b,\n  c]\n"],
  ["commas that end a list", "a: [b,]\n"],
  ["pairs in brackets", "a: [b: c]\n"],
  ["colons without a space", 'a: {"b":c}\n'],
  ["what stands behind a value", "a: [b] c\n"],
  ["mappings on one line", "a: b: c\n"],
  ["lists at the top", "- a\n"],
  ["lists in lists", "a:\n  - - b\n"],
  ["items on a line of their own", "a:\n  -\n    b: c\n"],
  ["lines between two columns", "a:\n    b: c\n  d: e\n"],
  ["a list that goes on deeper", "a:\n  - b\n   - c\n"],
  ["a top that is indented", "  a: b\n"],
  ["a second document", "a: b\n---\nc: d\n"],
  ["the end of a document", "a: b\n...\n"],
  ["dots that end a document", "a: b\n... c: d\n"],
  ["directives", "%YAML 1.2\n---\na: b\n"],
  ["a document on the line of its mark", "--- a: b\n"],
  ["tabs", "a:\tb\n"],
  ["carriage returns", "a: b\r\n"],
  ["control characters", "a: \u0007\n"],
  ["halves of pairs", "a: \ud800\n"],
  ["deep nesting", `a: ${"[".repeat(40)}${"]".repeat(40)}\n`],
  ["deep blocks", Array.from({ length: 40 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n")],
  ["nothing", ""],
  ["comments alone", "# a\n"],
])("%s are left to the parser", (_, text) => {
  expect(readPlain(makeSource("access.yaml", text))).toBeUndefined();
});
