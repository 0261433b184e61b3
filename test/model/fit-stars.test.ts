import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileAddressPattern } from "../../src/model/address.ts";
import { compileStars } from "../../src/model/fit-stars.ts";
import { countRuns } from "../support/count-runs.ts";

const letters = (more: string): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom("a", "b", ".", ...more), { maxLength: 8 }).map((all) => all.join(""));

describe("patterns with stars", () => {
  test("fit what the regular expression would", () => {
    fc.assert(
      fc.property(letters("**"), letters(""), (pattern, text) => {
        const parts = pattern.split("*").map((part) => part.replaceAll(".", "\\."));
        expect(compileStars(pattern)(text)).toBe(new RegExp(`^${parts.join(".*")}$`, "u").test(text));
      }),
      countRuns(2000),
    );
  });

  test("in addresses fit what the regular expression would", () => {
    const anyPath = (more: readonly string[]): fc.Arbitrary<string> =>
      fc.array(fc.constantFrom("a", "ab", "b", ...more), { minLength: 1, maxLength: 4 }).map((all) => all.join("/"));
    fc.assert(
      fc.property(anyPath(["*", "**", "a*", "*b"]), anyPath([]), (pattern, path) => {
        const parts = pattern
          .split("/")
          .map((part) => (part === "**" ? "(?:/[^/]+)*" : `/${part.replaceAll("*", "[^/]*")}`));
        const fits = new RegExp(`^${parts.join("")}$`, "u").test(`/${path}`);
        expect(compileAddressPattern(pattern)(`space:${path}`)).toBe(fits);
      }),
      countRuns(2000),
    );
  });

  test("take no longer for many stars, however near a text comes to fitting", () => {
    const pattern = `${"*a".repeat(100)}*b`;
    expect(compileStars(pattern)("a".repeat(10_000))).toBe(false);
    expect(compileAddressPattern(`space:A/${pattern}`)(`space:A/${"a".repeat(10_000)}`)).toBe(false);
  });
});
