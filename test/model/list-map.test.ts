import fc from "fast-check";
import { expect, it } from "vitest";
import { ListMap } from "../../src/model/list-map.ts";

const anyEntries = fc.uniqueArray(fc.tuple(fc.string({ maxLength: 3 }), fc.integer()), { selector: ([key]) => key });
const anyAsked = fc.array(fc.string({ maxLength: 3 }), { maxLength: 20 });

it("is what a map would be, in whatever order it is asked", () => {
  fc.assert(
    fc.property(anyEntries, anyAsked, (entries, asked) => {
      const reference = new Map(entries);
      const inOrder = ListMap.of([...reference.keys()], [...reference.values()]);
      const sorted = ListMap.sorted(entries);
      expect([...(inOrder ?? [])]).toEqual(entries);
      expect([...(sorted ?? [])]).toEqual([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
      for (const map of [inOrder, sorted]) {
        expect(map?.size).toBe(reference.size);
        for (const key of [...asked, ...reference.keys(), ...asked]) {
          expect(map?.get(key)).toBe(reference.get(key));
          expect(map?.has(key)).toBe(reference.has(key));
        }
      }
    }),
  );
});

it("is none where a key stands twice", () => {
  expect(ListMap.of(["b", "a", "b"], [1, 2, 3])).toBeUndefined();
  expect(
    ListMap.sorted([
      ["b", 1],
      ["a", 2],
      ["b", 3],
    ]),
  ).toBeUndefined();
});
