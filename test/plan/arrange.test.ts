import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Address } from "../../src/model/address.ts";
import { arrange, type Wish } from "../../src/plan/arrange.ts";
import { groupCycles } from "../../src/plan/find-cycles.ts";

const [A, B, C, D]: readonly Address[] = ["role:a", "role:b", "role:c", "role:d"];
const ALL = [A, B, C, D] as readonly Address[];

type Waits = ReadonlyMap<Address, readonly Address[]>;

/** Each address with what it waits for; the others wait for nothing. */
function waitsOf(entries: Readonly<Record<Address, readonly Address[]>> = {}): Waits {
  return new Map(ALL.map((address) => [address, entries[address] ?? []]));
}

function wish(first: Address | undefined, second: Address | undefined): Wish {
  return { first: first as Address, second: second as Address };
}

const linksOf = (waits: Waits): readonly string[] =>
  [...waits].flatMap(([address, earlier]) => earlier.map((one) => `${one} ${address}`)).sort();

describe("wishes", () => {
  test("are added to what must be, sorted", () => {
    const { waitsFor, broken } = arrange(waitsOf({ "role:c": [B as Address] }), [[wish(A, C)]]);
    expect(waitsFor.get("role:c")).toEqual([A, B]);
    expect(broken).toEqual([]);
  });

  test("of one rank that go in a circle give way together, and alone", () => {
    const circle = [wish(A, B), wish(B, A)];
    const { waitsFor, broken } = arrange(waitsOf(), [[...circle, wish(A, C)]]);
    expect(linksOf(waitsFor)).toEqual(["role:a role:c"]);
    expect(broken).toEqual(circle);
  });

  test("give way to what must be, and to those of a higher rank", () => {
    expect(arrange(waitsOf({ "role:b": [A as Address] }), [[wish(B, A)]]).broken).toEqual([wish(B, A)]);
    const { waitsFor, broken } = arrange(waitsOf(), [[wish(A, B)], [wish(B, A)]]);
    expect(linksOf(waitsFor)).toEqual(["role:a role:b"]);
    expect(broken).toEqual([wish(B, A)]);
  });

  test("for what is so already, for oneself or for what does not change are none", () => {
    const must = waitsOf({ "role:b": [A as Address] });
    const { waitsFor, broken } = arrange(must, [
      [wish(A, B), wish(C, C), wish("role:other", C), wish(C, "role:other")],
    ]);
    expect(waitsFor).toEqual(must);
    expect(broken).toEqual([]);
  });

  test("are in no circle by way of what does not change", () => {
    const { waitsFor } = arrange(waitsOf({ "role:b": ["role:other"] }), [[wish(A, B)]]);
    expect(waitsFor.get("role:b")).toEqual([A, "role:other"]);
  });
});

const anyWishes = fc.array(fc.record({ first: fc.constantFrom(...ALL), second: fc.constantFrom(...ALL) }), {
  maxLength: 6,
});

/** Some order that must be, without circles: later ones wait for earlier ones. */
const anyMust: fc.Arbitrary<Waits> = fc
  .array(fc.nat(15), { minLength: 4, maxLength: 4 })
  .map(
    (masks) =>
      new Map(
        ALL.map((address, at) => [address, ALL.filter((_, to) => to < at && ((masks[at] ?? 0) & (1 << to)) !== 0)]),
      ),
  );

/** What waits for what, by way of others too. */
function closeWaits(waits: Waits): ReadonlySet<string> {
  const links = new Set(linksOf(waits));
  for (const via of waits.keys())
    for (const from of waits.keys())
      for (const to of waits.keys())
        if (links.has(`${from} ${via}`) && links.has(`${via} ${to}`)) links.add(`${from} ${to}`);
  return links;
}

const RUNS = { numRuns: 1000, seed: 20_261_121 };

test("whatever is wished for: nothing waits for itself, what must be stays, and every wish is had or told as broken", () => {
  fc.assert(
    fc.property(anyMust, anyWishes, anyWishes, (must, first, second) => {
      const { waitsFor, broken } = arrange(must, [first, second]);
      const links = closeWaits(waitsFor);
      for (const address of ALL) expect(links.has(`${address} ${address}`)).toBe(false);
      for (const link of linksOf(must)) expect(links).toContain(link);
      for (const one of [...first, ...second]) {
        const isHad = waitsFor.get(one.second)?.includes(one.first) === true;
        expect(isHad || broken.includes(one) || one.first === one.second).toBe(true);
      }
    }),
    RUNS,
  );
});

test("whatever is wished for: the order of wishes of one rank does not matter, and a lower rank takes nothing from a higher one", () => {
  fc.assert(
    fc.property(anyMust, anyWishes, anyWishes, (must, first, second) => {
      const told = arrange(must, [first, second]);
      expect(arrange(must, [first.toReversed(), second.toReversed()]).waitsFor).toEqual(told.waitsFor);
      const alone = linksOf(arrange(must, [first]).waitsFor);
      expect(linksOf(told.waitsFor)).toEqual(expect.arrayContaining([...alone]));
    }),
    RUNS,
  );
});

describe("groups of what waits for itself", () => {
  test("are found in a chain that is longer than the stack is deep", () => {
    const last = 200_000;
    const numbers = Array.from({ length: last + 1 }, (_, number) => number);
    const chain = groupCycles(numbers, (number) => (number < last ? [number + 1] : []));
    expect(new Set(chain.values()).size).toBe(last + 1);
    expect(new Set(groupCycles(numbers, (number) => [number < last ? number + 1 : 0]).values()).size).toBe(1);
  });

  test("are exactly those who wait for each other", () => {
    fc.assert(
      fc.property(fc.array(anyWishes, { maxLength: 3 }), (wishes) => {
        const waits = new Map(
          ALL.map((address) => [
            address,
            wishes
              .flat()
              .filter(({ second }) => second === address)
              .map(({ first }) => first),
          ]),
        );
        const groups = groupCycles(ALL, (address) => waits.get(address) ?? []);
        const links = closeWaits(waits);
        for (const one of ALL) {
          for (const other of ALL) {
            const isMutual = one === other || (links.has(`${one} ${other}`) && links.has(`${other} ${one}`));
            expect(groups.get(one) === groups.get(other)).toBe(isMutual);
          }
        }
      }),
      RUNS,
    );
  });
});
