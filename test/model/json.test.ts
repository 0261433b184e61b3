import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson, canonicalPieces, isSameJson } from "../../src/model/json.ts";

test("the same value has the same text, whatever the order of its keys; what is undefined is left out or null", () => {
  expect(canonicalJson({ b: [1, undefined, { d: null, c: "é" }], a: undefined, Z: true })).toBe(
    '{"Z":true,"b":[1,null,{"c":"é","d":null}]}',
  );
  expect(canonicalJson(undefined)).toBe("null");
  expect(isSameJson({ a: 1, b: undefined }, { a: 1 })).toBe(true);
  expect(isSameJson({ a: 1 }, { a: "1" })).toBe(false);
});

test("keys are sorted and quoted however many there are", () => {
  const keys = Array.from({ length: 2000 }, (_, at) => `"${(at * 7919) % 2000}"`);
  const text = canonicalJson(Object.fromEntries(keys.map((key) => [key, true])));
  expect(Object.keys(JSON.parse(text) as object)).toEqual([...keys].sort());
  for (const few of [keys.slice(0, 3), keys.slice(1995)])
    expect(canonicalJson(Object.fromEntries(few.map((key) => [key, 1])))).toBe(
      `{${[...few].sort().map((key) => `${JSON.stringify(key)}:1`)}}`,
    );
});

test("the text is the same in pieces, a list entry by entry", () => {
  expect([...canonicalPieces({ b: [1, undefined, { d: [2] }], a: undefined })]).toEqual([
    "{",
    '"b":',
    "[",
    "1",
    ",null",
    ',{"d":[2]}',
    "]",
    "}",
  ]);
  expect([...canonicalPieces({ b: 1, a: {} })].join("")).toBe('{"a":{},"b":1}');
  fc.assert(
    fc.property(fc.anything({ maxDepth: 4, withSparseArray: true }), (value) => {
      const plain: unknown = JSON.parse(JSON.stringify(value ?? null) ?? "null");
      expect([...canonicalPieces(plain)].join("")).toBe(canonicalJson(plain));
    }),
  );
});
