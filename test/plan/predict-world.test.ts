import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { KINDS } from "../../src/kinds/registry.ts";
import type { Address } from "../../src/model/address.ts";
import type { Step } from "../../src/model/change.ts";
import type { Resource, World } from "../../src/model/resource.ts";
import { indexKinds } from "../../src/plan/kinds-by-name.ts";
import { makePlan } from "../../src/plan/make-plan.ts";
import { findFormerAddress, type Prediction, predictWorld } from "../../src/plan/predict-world.ts";
import { arbitrarySample } from "../support/arbitrary-accounts.ts";
import { declare, live, type PlanSample, planInput } from "../support/plan-input.ts";

const kinds = indexKinds(KINDS);
const ORG = "organization:Acme";
const SPACE = "space:Acme/alpha";
const ANA = "user:ana@acme.io";
const IN_ORG = "org-member:Acme/ana@acme.io";
const IN_SPACE = "space-member:Acme/alpha/ana@acme.io";

const PEACE = [
  live(ORG),
  live(SPACE, { private: true }),
  live(ANA, { role: "member" }),
  live(IN_ORG, { role: "member" }),
];

/** The plan of a sample, done on the account of the sample, or on another one. */
function predict(sample: PlanSample, now: PlanSample = sample): Prediction {
  const { steps } = makePlan(planInput(sample));
  return predictWorld(planInput(now).observation, steps, kinds);
}

function specsOf(world: World): Readonly<Record<string, unknown>> {
  return Object.fromEntries([...world.values()].map(({ address, spec }) => [address, spec]));
}

describe("the account after a plan", () => {
  const sample: PlanSample = {
    declared: [declare(IN_SPACE, { role: "member", also: null }), declare(SPACE, { private: false })],
    live: [...PEACE, live("user:ben@acme.io"), live("org-member:Acme/ben@acme.io", { role: "admin" })],
    absent: { "user:ben@acme.io": "declared-absent" },
  };

  test("has what is made, as it is changed, without what goes and what goes with it", () => {
    const { before, after, moved } = predict(sample);
    expect(moved).toEqual([]);
    expect(specsOf(after)).toEqual({
      [ORG]: {},
      [SPACE]: { private: false },
      [ANA]: { role: "member" },
      [IN_ORG]: { role: "member" },
      [IN_SPACE]: { role: "member", also: null },
    });
    expect(before.size).toBe(6);
    expect(after.get(SPACE)?.origin).toEqual({ from: "platform", remote: { id: `id(${SPACE})` } });
    expect(after.get(IN_SPACE)?.origin).toEqual({ from: "platform", remote: {} });
  });

  test("keeps what is known beside, and no longer hides what the plan writes", () => {
    const hidden = (fields: readonly string[]): Resource =>
      live(IN_ORG, {}, { unknown: fields, facts: { status: "INVITED" } });
    const rest = PEACE.filter(({ address }) => address !== IN_ORG);
    const declared = [declare(IN_ORG, { role: "admin" })];
    const role = predict({ declared, live: [...rest, hidden(["role"])] }).after.get(IN_ORG);
    expect(role).toEqual({ ...live(IN_ORG, { role: "admin" }), facts: { status: "INVITED" } });
    const other = predict({ declared, live: [...rest, hidden(["role", "other"])] }).after.get(IN_ORG);
    expect(other?.unknown).toEqual(["other"]);
  });

  test("stands under its new names, containers and what is in them renamed at once", () => {
    const renaming: PlanSample = {
      declared: [declare("organization:New"), declare("space:New/beta", { private: false })],
      live: [...PEACE, live(IN_SPACE, { role: "role:Old", also: null }), live("role:Old")],
      renames: { "organization:New": [ORG], "space:New/beta": ["space:New/alpha"], "role:Now": ["role:Old"] },
      covered: [IN_ORG],
    };
    const { before, after, covered, moved } = predict({
      ...renaming,
      declared: [...(renaming.declared ?? []), declare("role:Now")],
    });
    expect(moved).toEqual([]);
    expect(specsOf(after)).toMatchObject({
      "space:New/beta": { private: false },
      "space-member:New/beta/ana@acme.io": { role: "role:Now" },
    });
    expect(before.get("space:New/beta")?.spec).toEqual({ private: true });
    expect(covered).toEqual(new Set(["org-member:New/ana@acme.io"]));
  });

  test("is asked for under the names of before where it has to be read", () => {
    const { steps } = makePlan(
      planInput({
        declared: [declare("organization:New"), declare("space:New/beta"), declare("space:New/made")],
        live: PEACE,
        renames: { "organization:New": [ORG], "space:New/beta": ["space:New/alpha"] },
      }),
    );
    const former = (address: Address): Address => findFormerAddress(address, steps, kinds);
    expect(former("project:New/beta/web")).toBe("project:Acme/alpha/web");
    expect(former("space:New/made")).toBe("space:Acme/made");
    expect(former("organization:Other")).toBe("organization:Other");
  });
});

describe("an account that moved since the plan", () => {
  const CREATES: PlanSample = { declared: [declare(IN_SPACE, { role: "member", also: null })], live: PEACE };
  const UPDATES: PlanSample = { declared: [declare(SPACE, { private: false })], live: PEACE };
  const DELETES: PlanSample = { live: PEACE, absent: { [IN_ORG]: "declared-absent" } };
  const RENAMES: PlanSample = {
    declared: [declare("role:New")],
    live: [live("role:Old")],
    renames: { "role:New": ["role:Old"] },
  };
  const without = (gone: string): readonly Resource[] => PEACE.filter(({ address }) => address !== gone);
  const again = (address: Address): Resource =>
    live(address, PEACE.find((one) => one.address === address)?.spec, { remote: { id: "other" } });

  test.each<readonly [string, PlanSample, readonly Resource[], readonly string[]]>([
    [
      "what is to be made is there otherwise",
      CREATES,
      [...PEACE, live(IN_SPACE, { role: "admin", also: null })],
      [IN_SPACE],
    ],
    ["what is to be made is there as wanted", CREATES, [...PEACE, live(IN_SPACE, { role: "member", also: null })], []],
    ["what it stands on is gone", CREATES, without(SPACE), [IN_SPACE]],
    ["who is to hold it is gone", CREATES, without(ANA), [IN_SPACE]],
    ["what is to be changed is gone", UPDATES, without(SPACE), [SPACE]],
    ["what is to be changed was made again", UPDATES, [...without(SPACE), again(SPACE)], [SPACE]],
    ["what is to be changed is so already", UPDATES, [...without(SPACE), live(SPACE, { private: false })], []],
    ["what is to go is another one", DELETES, [...without(IN_ORG), again(IN_ORG)], [IN_ORG]],
    ["what is to go has another role", DELETES, [...without(IN_ORG), live(IN_ORG, { role: "admin" })], [IN_ORG]],
    ["what is to go is gone", DELETES, without(IN_ORG), []],
    [
      "the new name is taken",
      RENAMES,
      [live("role:Old"), live("role:New", {}, { remote: { id: "other" } })],
      ["role:New"],
    ],
    [
      "it is renamed already, and the old name given anew",
      RENAMES,
      [live("role:New", {}, { remote: { id: "id(role:Old)" } }), live("role:Old", {}, { remote: { id: "other" } })],
      [],
    ],
  ])("%s", (_what, planned, now, moved) => {
    expect(predict(planned, { live: now }).moved).toEqual(moved);
  });

  test("is not told of what was not read, nor of what cannot be seen", () => {
    const unread = { "space-member": "unreadable", space: "partial" } as const;
    expect(predict(UPDATES, { live: without(SPACE), coverage: unread }).moved).toEqual([]);
    const hidden = live(SPACE, {}, { unknown: ["private"] });
    expect(predict(UPDATES, { live: [...without(SPACE), hidden] }).moved).toEqual([]);
  });

  test("is not blamed for what the plan itself lacks", () => {
    const lacking: PlanSample = { ...CREATES, live: without(ANA) };
    expect(predict(lacking).moved).toEqual([]);
  });
});

describe("in every account", () => {
  function forEveryPlan(check: (prediction: Prediction, steps: readonly Step[], sample: PlanSample) => void): void {
    fc.assert(
      fc.property(arbitrarySample, (sample) => {
        const input = planInput(sample);
        const { steps } = makePlan(input);
        check(predictWorld(input.observation, steps, kinds), steps, sample);
      }),
      { numRuns: 200, seed: 20_261_121 },
    );
  }

  test("a plan fits the account it was made for, and the account it leaves behind", () => {
    forEveryPlan(({ after, moved }, steps, sample) => {
      expect(moved).toEqual([]);
      const later = predictWorld({ ...planInput(sample).observation, world: after }, steps, kinds);
      expect(later.moved).toEqual([]);
      expect(specsOf(later.after)).toEqual(specsOf(after));
    });
  });

  test("once a plan is done there is nothing left to plan", () => {
    forEveryPlan(({ after }, _steps, sample) => {
      expect(makePlan(planInput({ ...sample, live: [...after.values()] })).steps).toEqual([]);
    });
  });
});
