import { expect, it } from "vitest";
import { FlatEntries } from "../../src/manifest/flat-entries.ts";
import { readPlain } from "../../src/manifest/read-plain.ts";
import { makeSource } from "../../src/manifest/source.ts";

const COUNT = 40;

function writeMembers(order: (at: number) => number): string {
  return Array.from({ length: COUNT }, (_, at) => `p${order(at)}@acme.example: member\n`).join("");
}

it.each([
  ["sorted", (at: number) => 100 + at],
  ["in another order", (at: number) => (at * 7) % COUNT],
])("lines of words are held in columns and found by their keys, %s", (_, order) => {
  const text = writeMembers(order);
  const entries = readPlain(makeSource("access.yaml", text))?.tree.entries;
  expect(entries).toBeInstanceOf(FlatEntries);
  const keys = text
    .split("\n")
    .slice(0, -1)
    .map((line) => line.slice(0, line.indexOf(":")));
  expect([...(entries?.keys() ?? [])]).toEqual(keys);
  expect(entries?.size).toBe(COUNT);
  for (const [at, key] of keys.entries()) {
    expect(entries?.get(key)).toMatchObject({ keyAt: { line: at + 1, column: 1 }, value: { value: "member" } });
    expect(entries?.has(key)).toBe(true);
  }
  for (const key of keys.reverse()) expect(entries?.has(key)).toBe(true);
  expect(entries?.get("nobody")).toBeUndefined();
});

it("a mapping with something else in it is a map, with all its entries in their order", () => {
  const entries = readPlain(makeSource("access.yaml", "b: c\na: [d]\ne: f\n"))?.tree.entries;
  expect(entries).toBeInstanceOf(Map);
  expect([...(entries?.keys() ?? [])]).toEqual(["b", "a", "e"]);
});
