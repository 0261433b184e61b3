import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalJson } from "../../src/model/json.ts";
import { parseJson } from "../../src/model/parse-json.ts";
import { countRuns } from "../support/count-runs.ts";

describe("JSON from outside", () => {
  test("is read as the language does", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(parseJson(text)).toEqual(JSON.parse(text));
      }),
      countRuns(300),
    );
  });

  test.each(["", "{", '"', '"\\"', "nul", "[1,]", "{'a':1}", `${"[".repeat(150)}"x`])("%j is no JSON", (text) => {
    expect(parseJson(text)).toBeUndefined();
  });

  test.each([
    ["lists", "[".repeat(100_000) + "]".repeat(100_000)],
    ["objects", `${'{"a":'.repeat(201)}1${"}".repeat(201)}`],
    ["lists behind a text with brackets and quotes", `["]]]\\"]\\\\",${"[".repeat(200)}${"]".repeat(200)}]`],
  ])("%s that nest deeper than anything are refused before they are walked", (_name, text) => {
    expect(parseJson(text)).toBeUndefined();
  });

  test("brackets within texts, and many side by side, are no nesting", () => {
    const text = JSON.stringify(["[".repeat(1000), "\\", '"[', Array.from({ length: 1000 }, () => [{}])]);
    expect(parseJson(text)).toEqual(JSON.parse(text));
  });

  test("a number that is too large is no null to a digest", () => {
    expect(canonicalJson(JSON.parse('{"a":1e999,"b":-1e999,"c":null}'))).toBe('{"a":1e999,"b":-1e999,"c":null}');
  });
});
