import { expect, test } from "vitest";
import { nameRole } from "../../src/model/access-words.ts";
import { formatAddress } from "../../src/model/address.ts";
import { clip, codeCell, codeSpan } from "../../src/model/code-span.ts";

test.each([
  ["plain", "`plain`"],
  ["", "`  `"],
  ["  ", "`  `"],
  [" a", "`  a `"],
  ["a`b", "``a`b``"],
  ["`", "`` ` ``"],
  ["a|b", "`a|b`"],
  ["\u202e", "`\\u{202e}`"],
])("%j as a code span", (text, span) => {
  expect(codeSpan(text)).toBe(span);
});

test("a pipe ends no cell", () => {
  expect(codeCell("a|b")).toBe("`a\\u{7c}b`");
});

test("a text is cut by its characters, and none is torn", () => {
  expect([clip("abc", 3), clip("abcd", 3), clip("😀😀", 3), clip("😀😀😀", 2)]).toEqual(["abc", "ab…", "😀😀", "😀…"]);
});

test("a role is called by its word or its name", () => {
  expect([nameRole("admin"), nameRole(formatAddress("role", ["Reader"]))]).toEqual(["admin", "Reader"]);
});
