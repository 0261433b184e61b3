import { expect, test } from "vitest";
import { NO_LIMITS } from "../../src/model/policy.ts";
import { draftPlan } from "../../src/plan/draft-plan.ts";
import { declare, live, planInput } from "../support/plan-input.ts";

test("the same parts are drafted once, and any other part anew", () => {
  const input = planInput({ declared: [declare("organization:A")], live: [live("organization:B")] });
  const first = draftPlan(input);
  expect(first.drafts.map(({ op, address }) => `${op} ${address}`)).toEqual(["create organization:A"]);
  expect(draftPlan({ ...input })).toBe(first);
  const others = [
    { limits: { ...NO_LIMITS, targets: ["organization:X"] } },
    { memory: { ...input.memory } },
    { desired: { ...input.desired, world: new Map() } },
    { kinds: [...input.kinds] },
    { observation: { ...input.observation } },
    { isElsewhere: () => true },
  ];
  for (const other of others) expect(draftPlan({ ...input, ...other })).not.toBe(first);
  expect(draftPlan({ ...input, ...others[0] }).drafts).toEqual([]);
  // And what was drafted between them does not come back as the first.
  expect(draftPlan(input).drafts).toEqual(first.drafts);
});

test("where nothing changes, the planned world is the live one, and no copy of it", () => {
  const same = draftPlan(planInput({ declared: [declare("organization:A")], live: [live("organization:A")] }));
  expect(same.drafts).toEqual([]);
  expect(same.worlds.planned).toBe(same.worlds.live);
  const other = draftPlan(planInput({ declared: [declare("organization:A")], live: [] }));
  expect([...other.worlds.planned.keys()]).toEqual(["organization:A"]);
  expect(other.worlds.live.size).toBe(0);
});
