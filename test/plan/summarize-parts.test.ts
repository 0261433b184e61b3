import { describe, expect, test } from "vitest";
import type { Address } from "../../src/model/address.ts";
import type { Plan } from "../../src/model/plan.ts";
import { DEFAULT_POLICY } from "../../src/model/policy.ts";
import type { Resource, Spec } from "../../src/model/resource.ts";
import type { Shard } from "../../src/model/shard.ts";
import { makePlan } from "../../src/plan/make-plan.ts";
import { mergePlans } from "../../src/plan/merge-plans.ts";
import { readPlan } from "../../src/plan/read-plan.ts";
import { assignShard } from "../../src/plan/shards.ts";
import { findMisfits, isPartPlan, type PartPlan, readSummary, summarizeParts } from "../../src/plan/summarize-parts.ts";
import { declare, live, type PlanSample, planInput } from "../support/plan-input.ts";

// Research is of the second of two shards, Sales of the first.
const ORGANIZATIONS = ["Research", "Sales"];
const PARTS = ["account", 1, 2] as const;

/** Both organizations with so many members each, of whom some are no longer wanted. */
function fewerMembers({ members, kept }: { readonly members: number; readonly kept: number }): PlanSample {
  const people = Array.from({ length: members }, (_, index) => `p${index}@acme.io`);
  const persons = people.map((person) => live(`user:${person}`, { name: "P", role: "member" }));
  return {
    live: [
      ...persons,
      ...ORGANIZATIONS.flatMap((name) => [
        live(`organization:${name}`),
        ...people.map((person) => live(`org-member:${name}/${person}`, { role: "member" })),
      ]),
    ],
    declared: ORGANIZATIONS.flatMap((name) => [
      declare(`organization:${name}`),
      ...people.slice(0, kept).map((person) => declare(`org-member:${name}/${person}`, { role: "admin" })),
    ]),
    managed: Object.fromEntries(ORGANIZATIONS.map((name) => [`org-member@organization:${name}`, "authoritative"])),
  };
}

function planParts(sample: PlanSample): readonly [PartPlan, ...PartPlan[]] {
  const plans = PARTS.map((part) => {
    const shard: Shard = { part, of: 2, by: "organization" };
    return makePlan({ ...planInput(sample), shard });
  });
  expect(plans.every(isPartPlan)).toBe(true);
  return plans as unknown as readonly [PartPlan, ...PartPlan[]];
}

const NO_FLAGS = { allow: [] };

test("the organizations are of the shards that these tests take them for", () => {
  expect(ORGANIZATIONS.map((name) => assignShard(name, 2))).toEqual([2, 1]);
});

describe("a summary", () => {
  test("counts what every part does, the account part first", () => {
    const [account, ...shards] = planParts(fewerMembers({ members: 4, kept: 3 }));
    const summary = summarizeParts([...shards.toReversed(), account] as never, NO_FLAGS);
    expect(summary.parts.map(({ part, updates, deletes }) => [part, updates, deletes])).toEqual([
      ["account", 0, 0],
      [1, 3, 1],
      [2, 3, 1],
    ]);
    expect(summary.counts).toEqual({
      "org-member": { total: 8, gone: 2 },
      organization: { total: 2, gone: 0 },
      user: { total: 4, gone: 0 },
    });
    expect(summary.blocks).toEqual([]);
    expect(readSummary(JSON.stringify(summary))).toEqual(summary);
    expect(readSummary(JSON.stringify({ ...summary, blocks: [], of: 3 }))).toBeUndefined();
    expect(readSummary("{}")).toBeUndefined();
    expect(readSummary("no")).toBeUndefined();
  });

  test("stops what is too much for the whole, until a flag for the whole or for all plans says so", () => {
    const sample = { ...fewerMembers({ members: 6, kept: 4 }), policy: { maxRemovals: 3, maxRemovalPercent: 33 } };
    const plans = planParts(sample);
    const count = {
      code: "mass-removal",
      detail: "All parts together remove 4 objects; the policy allows 3.",
      release: "--max-removals 4",
    };
    const share = {
      code: "mass-removal",
      detail: "4 of 12 in org-member go, 34 percent; the policy allows 33.",
      release: "--max-removal-percent 34",
    };
    expect(summarizeParts(plans, NO_FLAGS).blocks).toEqual([count, share]);
    expect(summarizeParts(plans, { allow: [], maxRemovals: 4 }).blocks).toEqual([share]);
    expect(summarizeParts(plans, { allow: [], maxRemovalPercent: 34 }).blocks).toEqual([count]);
    expect(summarizeParts(plans, { allow: ["mass-removal"] }).blocks).toEqual([]);
    const limits = { maxRemovals: 4, maxRemovalPercent: 34 };
    expect(summarizeParts(planParts({ ...sample, limits }), NO_FLAGS).blocks).toEqual([]);
    expect(summarizeParts(planParts({ ...sample, limits: { allow: ["mass-removal"] } }), NO_FLAGS).blocks).toEqual([]);
  });

  test("stops what breaks an assertion, and not what was broken before", () => {
    const assertion = {
      at: { file: "access.yaml", line: 1, column: 1, length: 1 },
      who: { words: ["*"], people: new Set<string>(), patterns: ["*"], admins: false },
      rule: "never" as const,
      permissions: ["SPACE_READ"],
      count: 0,
    };
    const role = { permissions: { SPACE_READ: true } };
    const space = (make: (address: Address, spec: Spec) => Resource, name: string, given: string) => [
      make(`space:${name}/x`, { private: true }),
      make(`space-member:${name}/x/p0@acme.io`, { role: given, also: null }),
    ];
    const { live: there = [], declared = [] } = fewerMembers({ members: 1, kept: 1 });
    const sample: PlanSample = {
      live: [
        ...there,
        live("role:R", { permissions: {} }),
        ...space(live, "Research", "role:R"),
        ...space(live, "Sales", "member"),
      ],
      declared: [...declared, declare("role:R", role), ...space(declare, "Research", "role:R")],
      managed: { "role@": "additive" },
      assertions: [{ ...assertion, on: ["space:*/*"] }],
    };
    const plans = planParts(sample);
    const blocks = summarizeParts(plans, NO_FLAGS).blocks;
    expect(blocks.map(({ code, release }) => [code, release])).toEqual([["assertion", "--allow assertion"]]);
    expect(blocks[0]?.detail).toContain("In space:Research/x: p0@acme.io");
    expect(summarizeParts(plans, { allow: ["assertion"] }).blocks).toEqual([]);
  });
});

describe("plans", () => {
  test("that are those of all parts fit together, others do not, and say why", () => {
    const plans = planParts(fewerMembers({ members: 1, kept: 1 }));
    const [account, one, two] = plans as unknown as readonly [PartPlan, PartPlan, PartPlan];
    expect(findMisfits(plans)).toEqual([]);
    expect(findMisfits([])).toEqual(["None of the plans is of a part of an account."]);
    expect(findMisfits([account, two])).toEqual(["The plan of shard 1 is missing."]);
    expect(findMisfits([one, two, two])).toEqual([
      "The plan of the account part is missing.",
      "There are 2 plans of shard 2.",
    ]);
    const { shard: _, ...whole } = one;
    expect(findMisfits([account, one, two, whole])).toEqual(["At least one of the plans is of the whole account."]);
    const changed = (shard: Partial<Shard & { readonly whole: string }>): Plan =>
      ({ ...two, shard: { ...two.shard, ...shard } }) as Plan;
    const telling = (words: string): readonly string[] => [`That of shard 2 is ${words} that of the account part.`];
    expect(findMisfits([account, one, changed({ of: 3 })])).toEqual(telling("a plan of another division than"));
    expect(findMisfits([account, one, changed({ by: "space" })])).toEqual(telling("a plan of another division than"));
    expect(findMisfits([account, one, changed({ whole: "sha256:0" })])).toEqual(
      telling("made from another manifest, or at another time that counts, than"),
    );
    expect(findMisfits([account, one, { ...two, account: { url: "https://other" } }])).toEqual(
      telling("a plan of another account than"),
    );
    const limits = { ...two.limits, maxRemovals: 1 };
    expect(findMisfits([account, one, { ...two, limits }])).toEqual(telling("made with other flags than"));
  });

  test("are shown as one, with every set of permissions under one name", () => {
    const plans = planParts(fewerMembers({ members: 2, kept: 1 }));
    const merged = mergePlans(plans);
    expect(merged.shard).toBeUndefined();
    expect(merged.steps.map(({ address }) => address)).toEqual(
      plans.flatMap(({ steps }) => steps.map((s) => s.address)),
    );
    expect(readPlan(JSON.stringify(merged), "plan.json").plan).toEqual(merged);
    const names = merged.access.shifts.flatMap(({ before, after, gained, lost }) => [
      ...[before.permissions, after.permissions, gained, lost],
    ]);
    const known = ["all", "none", ...Object.keys(merged.access.sets)];
    expect(names.filter((name) => !known.includes(name))).toEqual([]);
    expect(new Set(Object.values(merged.access.sets).map(String)).size).toBe(Object.keys(merged.access.sets).length);
    const sorted = merged.access.shifts.map(({ person }) => person);
    expect(sorted).toEqual(sorted.toSorted());
  });

  test("add up what is not managed, tell the same once, and keep who must approve what", () => {
    const plans = planParts({ ...fewerMembers({ members: 2, kept: 1 }), managed: {} });
    const rules = { rules: { needed: {}, notBy: [], signed: false }, needed: {} };
    const note = { code: "AX301", severity: "warning", summary: "s", detail: "d" } as const;
    const told = plans.map(
      (plan, index): Plan => ({
        ...plan,
        unknowns: [note],
        ...(index > 0 && { approvals: { ...rules, needed: { [`chg_${index}`]: index } } }),
      }),
    );
    const merged = mergePlans(told as unknown as readonly [Plan, ...Plan[]]);
    expect(merged.unknowns).toEqual([note]);
    expect(merged.unmanaged).toEqual({ "org-member": 2, user: 2 });
    expect(merged.approvals?.needed).toEqual({ chg_1: 1, chg_2: 2 });
    const { shard: _, ...whole } = plans[0];
    expect(mergePlans([whole]).basis).toEqual(whole.basis);
  });
});

test("the policy of the whole is told as it is before any flag", () => {
  const [plan] = planParts({ ...fewerMembers({ members: 1, kept: 1 }), limits: { maxRemovals: 77 } });
  expect(plan.shard.allows.maxRemovals).toBe(DEFAULT_POLICY.maxRemovals);
});
