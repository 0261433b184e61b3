import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { KINDS } from "../../src/kinds/registry.ts";
import type { Address } from "../../src/model/address.ts";
import { canonicalJson } from "../../src/model/json.ts";
import type { Desired, Plan } from "../../src/model/plan.ts";
import { type PartName, SHARD_UNITS, type Shard, type Sharding } from "../../src/model/shard.ts";
import { indexKinds } from "../../src/plan/kinds-by-name.ts";
import { makePlan, type PlanInput } from "../../src/plan/make-plan.ts";
import { assignShard, divide } from "../../src/plan/shards.ts";
import { arbitrarySample } from "../support/arbitrary-accounts.ts";
import { type PlanSample, planInput } from "../support/plan-input.ts";

const kinds = indexKinds(KINDS);
const RUNS = { numRuns: 200, seed: 20_261_122 };

const anyNames = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 12 }), { maxLength: 30 });
const anyCount = fc.integer({ min: 1, max: 12 });
const anySharding: fc.Arbitrary<Sharding> = fc.record({
  of: fc.integer({ min: 1, max: 4 }),
  by: fc.constantFrom(...SHARD_UNITS),
});

const NO_RENAMES: Desired["renames"] = new Map();

function partsOf({ of }: Sharding): readonly PartName[] {
  return ["account", ...Array.from({ length: of }, (_, index) => index + 1)];
}

function planPart(input: PlanInput, shard: Shard): Plan {
  return makePlan({ ...input, shard });
}

/** What a plan does, without how it is judged. */
function deedsOf(plans: readonly Plan[]): readonly string[] {
  return plans
    .flatMap(({ steps }) => steps)
    .map(({ op, address, renamedFrom, remote, from, to, fields }) =>
      canonicalJson({ op, address, renamedFrom, remote, from, to, fields }),
    )
    .sort();
}

describe("which shard has what", () => {
  test("is one of those there are, and the same whatever else there is", () => {
    fc.assert(
      fc.property(anyNames, anyCount, (names, of) => {
        for (const name of names) {
          const shard = assignShard(name, of);
          expect(shard).toBeGreaterThanOrEqual(1);
          expect(shard).toBeLessThanOrEqual(of);
          expect(assignShard(name, of)).toBe(shard);
        }
      }),
      RUNS,
    );
  });

  test("changes only to a shard that is new", () => {
    fc.assert(
      fc.property(anyNames, anyCount, (names, of) => {
        for (const name of names) expect([assignShard(name, of), of + 1]).toContain(assignShard(name, of + 1));
      }),
      RUNS,
    );
  });

  test("is dealt out evenly, and one shard more takes its share alone", () => {
    const names = Array.from({ length: 4000 }, (_, index) => `organization ${index}`);
    const counts = [1, 2, 3, 4].map((shard) => names.filter((name) => assignShard(name, 4) === shard).length);
    expect(Math.min(...counts)).toBeGreaterThan(900);
    expect(Math.max(...counts)).toBeLessThan(1100);
    const moved = names.filter((name) => assignShard(name, 4) !== assignShard(name, 5)).length;
    expect(moved).toBeGreaterThan(700);
    expect(moved).toBeLessThan(900);
  });

  test("stays as it is written down", () => {
    expect(["Acme", "Acme Labs", "B%2Fb", "ü"].map((name) => assignShard(name, 8))).toEqual([6, 6, 5, 2]);
  });

  test("is of the organization, or of the space, that something stands in; the rest is the account's", () => {
    const parts = (by: Sharding["by"], addresses: readonly string[]): readonly PartName[] =>
      addresses.map((address) => divide({ of: 3, by }, NO_RENAMES, kinds).partOf(address as Address));
    const own = ["user:ana@acme.io", "role:Ops", "organization:A", "saml-provider:acme.io", "saml-mapping:acme.io/x"];
    expect(parts("organization", own)).toEqual(own.map(() => "account"));
    expect(parts("space", [...own, "org-member:A/ana@acme.io", "space:A/x"])).toEqual(
      [...own, 1, 2].map(() => "account"),
    );
    const inside = ["space-member:A/x/ana@acme.io", "project:A/x/p", "binding:A/x/p/ana@acme.io", "restriction:A/x/p"];
    expect(parts("organization", ["org-member:A/ana@acme.io", "space:A/x", ...inside])).toEqual(
      Array.from({ length: 6 }, () => assignShard("A", 3)),
    );
    expect(parts("space", inside)).toEqual(inside.map(() => assignShard("A/x", 3)));
    const division = divide({ of: 3, by: "space" }, NO_RENAMES, kinds);
    expect(division.partOfClass("user@")).toBe("account");
    expect(division.partOfClass("binding@project:A/x/p")).toBe(assignShard("A/x", 3));
    expect(division.partOfContent("organization:A")).toBe("account");
  });

  test("is one under all names that something has, had, or is to have", () => {
    const renames = new Map<Address, readonly Address[]>([
      ["organization:C", ["organization:B"]],
      ["organization:B", ["organization:A"]],
      ["space:C/y", ["space:C/x"]],
      ["organization:Other", ["organization:Older", "organization:Old"]],
    ]);
    const byOrganization = divide({ of: 97, by: "organization" }, renames, kinds);
    const all = ["A", "B", "C"].map((name) => byOrganization.partOfContent(`organization:${name}`));
    expect(all).toEqual(all.map(() => assignShard("A", 97)));
    for (const name of ["Other", "Older", "Old"])
      expect(byOrganization.partOfContent(`organization:${name}`)).toBe(assignShard("Older", 97));
    const bySpace = divide({ of: 97, by: "space" }, renames, kinds);
    for (const path of ["A/x", "B/x", "C/x", "C/y", "A/y"])
      expect(bySpace.partOfContent(`space:${path}`)).toBe(assignShard("A/x", 97));
    expect(bySpace.partOfContent("space:C/z")).toBe(assignShard("A/z", 97));
  });
});

/** Things that are to go and things that are to have another name, as far as the manifest could say so. */
const anyWishes: fc.Arbitrary<Pick<PlanSample, "absent" | "renames">> = fc.record({
  absent: fc.dictionary(
    fc.constantFrom("user:bob@acme.io", "organization:A", "space:A/x", "org-member:A/cy@acme.io", "role:Ops"),
    fc.constant("declared-absent" as const),
    { maxKeys: 2 },
  ),
  renames: fc.constantFrom<Readonly<Record<string, readonly Address[]>>>(
    {},
    { "organization:A": ["organization:B%2Fb"] },
    { "space:A/x": ["space:A/y%25"] },
    { "organization:A": ["organization:B%2Fb"], "space:A/x": ["space:A/y%25"], "role:Eval": ["role:Ops"] },
  ),
});

/** A sample with wishes that it does not contradict. */
const anySample: fc.Arbitrary<PlanSample> = fc
  .tuple(arbitrarySample, anyWishes)
  .map(([sample, { absent, renames }]) => {
    const declared = new Set((sample.declared ?? []).map(({ address }) => address as string));
    const names =
      (kept: (name: string) => boolean) =>
      <T>(of: Readonly<Record<string, T>>): Readonly<Record<string, T>> =>
        Object.fromEntries(Object.entries(of).filter(([name]) => kept(name)));
    return {
      ...sample,
      absent: names((name) => !declared.has(name))(absent ?? {}),
      renames: names((name) => declared.has(name))(renames ?? {}),
    };
  });

describe("the plans of all parts", () => {
  test("are together the plan of the whole, whatever there is and whatever is wanted", () => {
    fc.assert(
      fc.property(anySample, anySharding, (sample, sharding) => {
        const input = planInput(sample);
        const plans = partsOf(sharding).map((part) => planPart(input, { ...sharding, part }));
        expect(deedsOf(plans)).toEqual(deedsOf([makePlan(input)]));
      }),
      { ...RUNS, numRuns: 120 },
    );
  });
});
