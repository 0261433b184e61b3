import { expect, test } from "vitest";
import { canonicalJson, isSameJson } from "../../src/model/json.ts";

test("the same value has the same text, whatever the order of its keys; what is undefined is left out or null", () => {
  expect(canonicalJson({ b: [1, undefined, { d: null, c: "é" }], a: undefined, Z: true })).toBe(
    '{"Z":true,"b":[1,null,{"c":"é","d":null}]}',
  );
  expect(canonicalJson(undefined)).toBe("null");
  expect(isSameJson({ a: 1, b: undefined }, { a: 1 })).toBe(true);
  expect(isSameJson({ a: 1 }, { a: "1" })).toBe(false);
});
