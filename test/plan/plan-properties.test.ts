import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { KINDS } from "../../src/kinds/registry.ts";
import type { Address } from "../../src/model/address.ts";
import type { Step } from "../../src/model/change.ts";
import { canonicalJson } from "../../src/model/json.ts";
import type { Resource } from "../../src/model/resource.ts";
import { makeAttachmentTest } from "../../src/plan/attachment.ts";
import { indexKinds } from "../../src/plan/kinds-by-name.ts";
import { makePlan, type PlanInput } from "../../src/plan/make-plan.ts";
import { readPlan } from "../../src/plan/read-plan.ts";
import { arbitrarySample } from "../support/arbitrary-accounts.ts";
import { planInput } from "../support/plan-input.ts";

const kinds = indexKinds(KINDS);
const RUNS = { numRuns: 250, seed: 20_261_121 };

/** Every plan of a random account, with what it was made from. */
function forEveryPlan(check: (steps: readonly Step[], input: PlanInput) => void): void {
  fc.assert(
    fc.property(arbitrarySample, (sample) => {
      const input = planInput(sample);
      check(makePlan(input).steps, input);
    }),
    RUNS,
  );
}

/** Runs steps one after another on a world that refuses what the platform refuses, and drops what the platform drops. */
function play(steps: readonly Step[], input: PlanInput): ReadonlyMap<Address, Resource> {
  const world = new Map<Address, Resource>(input.observation.world);
  const done = new Set<Address>();
  for (const step of steps) {
    const waits = step.dependsOn.filter((address) => !done.has(address));
    expect(waits, `${step.op} ${step.address} runs before what it waits for`).toEqual([]);
    if (step.op === "delete") {
      expect(world.has(step.address), `${step.address} is there when it is deleted`).toBe(true);
      for (const gone of kinds.of(step.address).cascadeOf(step.address, new Map(world)).certain) world.delete(gone);
      world.delete(step.address);
    } else {
      const missing = kinds
        .of(step.address)
        .attachedTo(step.address)
        .filter((address) => !world.has(address));
      if (step.gate.state !== "blocked") expect(missing, `${step.address} is made on something`).toEqual([]);
      const declared = input.desired.world.get(step.address);
      if (declared !== undefined)
        world.set(step.address, { ...declared, spec: { ...world.get(step.address)?.spec, ...declared.spec } });
    }
    done.add(step.address);
  }
  return world;
}

describe("every plan", () => {
  test("is byte-identical for the same input, in whatever order the worlds are listed", () => {
    fc.assert(
      fc.property(arbitrarySample, (sample) => {
        const turned = {
          ...sample,
          live: (sample.live ?? []).toReversed(),
          declared: (sample.declared ?? []).toReversed(),
        };
        expect(canonicalJson(makePlan(planInput(turned)))).toBe(canonicalJson(makePlan(planInput(sample))));
      }),
      RUNS,
    );
  });

  test("has at most one step for an address, each after what it waits for, each possible where it stands", () => {
    forEveryPlan((steps, input) => {
      expect(new Set(steps.map(({ address }) => address)).size).toBe(steps.length);
      play(steps, input);
    });
  });

  test("makes the declared world true, where it can be seen and nothing is in the way", () => {
    forEveryPlan((steps, input) => {
      if ([...input.observation.coverage.values()].some((coverage) => coverage !== "complete")) return;
      if (steps.some(({ gate }) => gate.state === "blocked") || input.desired.ignore.length > 0) return;
      const world = play(steps, input);
      const again = makePlan({ ...input, observation: { ...input.observation, world } });
      expect(again.steps.map(({ op, address }) => `${op} ${address}`)).toEqual([]);
    });
  });

  test("holds or blocks every deletion", () => {
    forEveryPlan((steps) => {
      for (const { op, gate } of steps) {
        if (op !== "delete") continue;
        expect(["held", "blocked"]).toContain(gate.state);
        if (gate.state !== "open") expect(gate.by.length).toBeGreaterThan(0);
      }
    });
  });

  test("deletes only in classes that are ours and were read completely", () => {
    forEveryPlan((steps, input) => {
      for (const { op, address } of steps) {
        if (op !== "delete") continue;
        expect(input.desired.managed.get(kinds.classOf(address))).toBe("authoritative");
        expect(input.observation.coverage.get(kinds.of(address).name)).toBe("complete");
        expect(input.desired.world.has(address)).toBe(false);
      }
    });
  });

  test("never deletes what is ignored or protected, not even by what a deletion brings along, unless it is blocked", () => {
    forEveryPlan((steps, input) => {
      const isIgnored = makeAttachmentTest(input.desired.ignore, kinds);
      for (const { op, address, cascade, gate } of steps) {
        if (op !== "delete" || gate.state === "blocked") continue;
        expect([address, ...cascade].filter(isIgnored)).toEqual([]);
      }
    });
  });

  test("survives being saved, and is refused when one character of it changes", () => {
    fc.assert(
      fc.property(arbitrarySample, fc.nat(), (sample, at) => {
        const plan = makePlan(planInput(sample));
        const text = JSON.stringify(plan);
        expect(readPlan(text, "plan.json").plan).toEqual(JSON.parse(text));
        const steps = plan.steps.map((step, index) =>
          index === at % Math.max(1, plan.steps.length) ? { ...step, gate: { state: "open" }, op: "update" } : step,
        );
        const forged = JSON.stringify({ ...plan, steps, authoritative: ["forged@"] });
        expect(readPlan(forged, "plan.json").diagnostics).toMatchObject([{ code: "AX332" }]);
      }),
      { ...RUNS, numRuns: 100 },
    );
  });
});
