import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { KINDS } from "../../src/kinds/registry.ts";
import type { Address } from "../../src/model/address.ts";
import { canonicalJson } from "../../src/model/json.ts";
import type { Desired, Plan } from "../../src/model/plan.ts";
import { type PartName, SHARD_UNITS, type Shard, type Sharding, spellSharding } from "../../src/model/shard.ts";
import { indexKinds } from "../../src/plan/kinds-by-name.ts";
import { makePlan, type PlanInput } from "../../src/plan/make-plan.ts";
import { findMissingReads } from "../../src/plan/missing-reads.ts";
import { aimAtPart, selectPart } from "../../src/plan/shard-plan.ts";
import { assignShard, divide } from "../../src/plan/shards.ts";
import { arbitrarySample } from "../support/arbitrary-accounts.ts";
import { declare, live, type PlanSample, planInput } from "../support/plan-input.ts";

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

describe("what is read for a part", () => {
  const desired = planInput({
    declared: ["organization:A", "organization:B/b", "space:A/x"].map((address) => declare(address as Address)),
    managed: { "organization@": "authoritative", "space@organization:A": "authoritative", "user@": "additive" },
    absent: { "user:bob@acme.io": "declared-absent", "space:A/y": "declared-absent" },
  }).desired;
  const [home, away] = [assignShard("A", 2), 3 - assignShard("A", 2)];

  test("the account part plans on the account as it is, where every address is what it was", () => {
    const input = planInput({ declared: [declare("organization:A")], live: [live("organization:A")] });
    const aimed = aimAtPart(input, { part: "account", of: 2, by: "organization" });
    expect(aimed.formerly("space:A/x")).toBe("space:A/x");
    expect(aimed.before).toBe(input.observation.world);
  });

  test("has the ends of its own grants, and of no others", () => {
    const names = ["A", "C", "D", "E"];
    const ends = names.map((name) => ({
      address: `org-member:${name}/ana@acme.io` as Address,
      expires: "2026-12-01T00:00:00Z",
      source: "access.yaml:1:1",
    }));
    const part = { part: home, of: 2, by: "organization" } as const;
    const own = selectPart({ ...desired, lapses: ends }, part, kinds).desired.lapses;
    expect(own).toEqual(ends.filter((_, index) => assignShard(names[index] as string, 2) === home));
    expect(own).toContain(ends[0]);
    expect(own.length).toBeLessThan(ends.length);
  });

  test("is its own, and what that stands on; for the account part the rest is read once it goes", () => {
    const own = selectPart(desired, { part: home, of: 2, by: "organization" }, kinds);
    expect([...own.desired.managed]).toEqual([
      ["organization@", "additive"],
      ["space@organization:A", "authoritative"],
      ["user@", "additive"],
    ]);
    expect([...own.desired.absent.keys()]).toEqual(["space:A/y"]);
    expect([own.within("organization:A"), own.within("space:A/x")]).toEqual([true, true]);
    const other = selectPart(desired, { part: away, of: 2, by: "organization" }, kinds);
    expect(other.desired.managed.has("space@organization:A")).toBe(false);
    expect([other.within("organization:A"), other.within("saml-provider:acme.io")]).toEqual([false, true]);
    const account = selectPart(desired, { part: "account", of: 2, by: "organization" }, kinds);
    expect([account.within("organization:X"), account.within("space:X/y")]).toEqual([true, true]);
    expect([...account.desired.managed]).toEqual([
      ["organization@", "additive"],
      ["user@", "additive"],
    ]);
    expect([...account.desired.absent.keys()]).toEqual(["user:bob@acme.io"]);
    expect(account.within("space:A/x")).toBe(true);
  });

  test("holds what the account part speaks of elsewhere", () => {
    const mapping = declare("saml-mapping:acme.io/x", {
      organization: "organization:A",
      spaces: { "space:A/x": "member" },
    });
    const { managed } = selectPart(
      { ...desired, world: new Map([[mapping.address, mapping]]) },
      { part: "account", of: 2, by: "organization" },
      kinds,
    ).desired;
    expect(managed.get("space@organization:A")).toBe("additive");
  });

  test("is judged by the part that has the place", () => {
    const at = { file: "access.yaml", line: 1, column: 1, length: 1 };
    const who = { words: ["*"], people: new Set<string>(), patterns: ["*"], admins: false };
    const on = ["organization:A", "space:A/*", "A/**"];
    const asserted = { ...desired, assertions: [{ at, who, on, rule: "can" as const, permissions: ["P"], count: 0 }] };
    const judged = (part: PartName, by: Sharding["by"]): readonly (readonly string[])[] =>
      selectPart(asserted, { part, of: 1, by }, kinds).desired.assertions.map((assertion) => assertion.on);
    expect(judged("account", "organization")).toEqual([]);
    expect(judged(1, "organization")).toEqual([on]);
    expect(judged("account", "space")).toEqual([["organization:A", "organization:A/**"]]);
    expect(judged(1, "space")).toEqual([["space:A/*", "space:A/**", "project:A/**"]]);
    const onlyAbove = {
      ...asserted,
      assertions: asserted.assertions.map((one) => ({ ...one, on: ["organization:A"] })),
    };
    expect(selectPart(onlyAbove, { part: 1, of: 1, by: "space" }, kinds).desired.assertions).toEqual([]);
  });

  test("is spelled as the flags", () => {
    expect(spellSharding(undefined)).toEqual([]);
    expect(spellSharding({ part: 2, of: 3, by: "organization" })).toEqual(["--shard", "2/3"]);
    expect(spellSharding({ part: "account", of: 3, by: "space" })).toEqual([
      "--shard",
      "account/3",
      "--shard-by",
      "space",
    ]);
  });
});

describe("a shard", () => {
  const shard: Shard = { part: 1, of: 1, by: "organization" };
  const input = planInput({
    live: [live("organization:Old"), live("user:ana@acme.io", { name: "A", role: "member" })],
    declared: [declare("organization:A"), declare("space:A/x")],
    renames: { "organization:A": ["organization:Old"] },
    managed: { "organization@": "additive", "space@organization:A": "additive" },
  });

  test("asks for what it needs under the name that the platform still has", () => {
    const unread = new Map([...input.observation.coverage].filter(([key]) => key !== "space" && key !== "org-member"));
    const deleting = planInput({
      live: [
        live("organization:Old"),
        live("space:Old/x", { private: true }),
        live("user:ana@acme.io", { role: "member" }),
      ],
      declared: [declare("organization:A"), declare("space:A/x", { private: false })],
      renames: { "organization:A": ["organization:Old"] },
    });
    const { classes } = findMissingReads({
      ...deleting,
      observation: { ...deleting.observation, coverage: unread },
      shard,
    });
    expect([...classes].filter((key) => key.includes(":A"))).toEqual([]);
    expect([...classes].some((key) => key.includes("organization:Old"))).toBe(true);
  });

  test("is planned as the account part leaves it, or on the account as it is", () => {
    expect(makePlan({ ...input, shard }).steps.map(({ gate }) => gate.state)).toEqual(["open"]);
    expect(makePlan({ ...input, shard, asItIs: true }).steps.map(({ gate }) => gate.state)).toEqual(["blocked"]);
  });
});
