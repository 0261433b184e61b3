import fc from "fast-check";
import { expect, test } from "vitest";
import { parseAddress } from "../../src/model/address.ts";
import { conditionOf, mappingAddress, providerAddress } from "../../src/model/mapping-address.ts";

test("a mapping is named by its domain and its condition, in any order", () => {
  expect(providerAddress("ACME.io")).toBe("saml-provider:acme.io");
  const [team, level] = [["team", "ml"] as const, ["level", "lead"] as const];
  expect(mappingAddress("ACME.io", [team, level])).toBe("saml-mapping:acme.io/level=lead&team=ml");
  expect(mappingAddress("acme.io", [level, team])).toBe(mappingAddress("acme.io", [team, level]));
  expect(mappingAddress("acme.io", [["a/b", "c=d&e\\f"]])).toBe("saml-mapping:acme.io/a%2Fb=c\\=d\\&e\\\\f");
});

test("what has no condition says so", () => {
  expect(conditionOf(mappingAddress("x.io", []))).toEqual([["", ""]]);
});

test("two conditions never have one address, and every address can be taken apart", () => {
  const word = fc.string({ unit: fc.constantFrom("a", "=", "&", "\\", "/", "%"), minLength: 1, maxLength: 3 });
  const condition = fc.array(fc.tuple(word, word), { minLength: 1, maxLength: 3 });
  const sorted = (pairs: readonly (readonly [string, string])[]): string =>
    JSON.stringify(pairs.map((pair) => JSON.stringify(pair)).sort());
  fc.assert(
    fc.property(condition, condition, (one, other) => {
      const [a, b] = [mappingAddress("x.io", one), mappingAddress("x.io", other)];
      expect(a === b).toBe(sorted(one) === sorted(other));
      expect(parseAddress(a)?.path).toHaveLength(2);
      expect(sorted(conditionOf(a))).toBe(sorted(one));
    }),
    { seed: 20_261_121, numRuns: 300 },
  );
});
