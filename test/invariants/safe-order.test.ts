import fc from "fast-check";
import { describe, test } from "vitest";
import { evaluateAccess } from "../../src/access/effective-access.ts";
import { listPeople } from "../../src/access/questions.ts";
import { KINDS } from "../../src/kinds/registry.ts";
import type { Address } from "../../src/model/address.ts";
import type { Step } from "../../src/model/change.ts";
import type { Resource, World } from "../../src/model/resource.ts";
import { indexKinds } from "../../src/plan/kinds-by-name.ts";
import { makePlan, type PlanInput } from "../../src/plan/make-plan.ts";
import { arbitrarySample } from "../support/arbitrary-accounts.ts";
import { planInput } from "../support/plan-input.ts";

const RUNS = { numRuns: 1500, seed: 20_261_121 };
const kinds = indexKinds(KINDS);

/** What a step leaves of a world, with what goes along. */
function play(step: Step, world: Map<Address, Resource>, input: PlanInput): void {
  if (step.op === "delete") {
    for (const gone of kinds.of(step.address).cascadeOf(step.address, new Map(world)).certain) world.delete(gone);
    world.delete(step.address);
    return;
  }
  const declared = input.desired.world.get(step.address);
  if (declared === undefined) return;
  const before = world.get(step.address);
  world.set(step.address, { ...declared, ...before, spec: { ...before?.spec, ...declared.spec } });
}

type Snapshot = ReadonlyMap<string, ReadonlySet<string>>;

const EVERYTHING = "everything";

/** What everybody has everywhere, in words of its own: a role of unknown contents is one permission more. */
function photograph(world: World, people: readonly Address[], places: readonly Address[]): Snapshot {
  return new Map(
    places.flatMap((place) =>
      people.map((person): readonly [string, ReadonlySet<string>] => {
        if (!world.has(place)) return [`${person} ${place}`, new Set()];
        const { permissions, paths } = evaluateAccess(world, person, place);
        if (permissions === "all") return [`${person} ${place}`, new Set([EVERYTHING])];
        const unknown = paths
          .filter((path) => path.permissions === "unknown")
          .map(({ role, reason }) => `${role} by ${reason}`);
        return [`${person} ${place}`, new Set([...permissions, ...unknown])];
      }),
    ),
  );
}

function has(held: ReadonlySet<string> | undefined, permission: string): boolean {
  return held?.has(permission) === true || held?.has(EVERYTHING) === true;
}

/** Where a moment gives what neither end gives, and where it lacks what both ends give. */
function compare(
  moment: Snapshot,
  before: Snapshot,
  after: Snapshot,
): { readonly excess: string[]; readonly gap: string[] } {
  const [excess, gap]: [string[], string[]] = [[], []];
  for (const [cell, held] of moment) {
    const [old, later] = [before.get(cell), after.get(cell)];
    for (const permission of held)
      if (!has(old, permission) && !has(later, permission)) excess.push(`${cell}: ${permission}`);
    const stays = [...(old ?? []), ...(later ?? [])].filter(
      (permission) => has(old, permission) && has(later, permission),
    );
    for (const permission of stays) if (!has(held, permission)) gap.push(`${cell}: ${permission}`);
  }
  return { excess, gap };
}

/** A run that takes any step whose turn may have come, and for which some steps are never approved. */
function* run(steps: readonly Step[], dice: fc.Stream<number> | Iterator<number>): Generator<Step> {
  const open = new Set(steps.filter(({ gate }) => gate.state !== "blocked" && roll(dice) % 8 !== 0));
  const done = new Set<Address>();
  for (;;) {
    const ready = [...open].filter(({ dependsOn }) => dependsOn.every((address) => done.has(address)));
    const step = ready[roll(dice) % Math.max(1, ready.length)];
    if (step === undefined) return;
    open.delete(step);
    done.add(step.address);
    yield step;
  }
}

function roll(dice: Iterator<number>): number {
  return dice.next().value ?? 0;
}

function tellScenario(input: PlanInput, steps: readonly Step[], done: readonly Address[]): string {
  const list = (world: World): string =>
    [...world.values()]
      .map(({ address, spec }) => `  ${address} ${JSON.stringify(spec)}`)
      .sort()
      .join("\n");
  return [
    "live:",
    list(input.observation.world),
    "declared:",
    list(input.desired.world),
    "managed:",
    ...[...input.desired.managed].map(([key, mode]) => `  ${key} ${mode}`),
    "plan:",
    ...steps.map(({ op, address, dependsOn }) => `  ${op} ${address} after ${dependsOn.join(", ")}`),
    "done so far:",
    ...done.map((address) => `  ${address}`),
  ].join("\n");
}

describe("however a plan is run, and however much of it", () => {
  test("nobody ever has what they have neither before nor after, and nobody lacks what they have before and after, but where the plan says so", () => {
    fc.assert(
      fc.property(arbitrarySample, fc.infiniteStream(fc.nat(10_000)), (sample, dice) => {
        const input = planInput({ ...sample, coverage: {}, ignore: [], protect: [] });
        const { steps } = makePlan(input);
        const { world: live } = input.observation;
        const planned = new Map(live);
        for (const step of steps) play(step, planned, input);
        const people = listPeople(new Map([...live, ...planned]));
        // What is new holds nothing yet, and what goes is lost in any case.
        const places = [...live.values()]
          .filter(({ kind, address }) => ["organization", "space", "project"].includes(kind) && planned.has(address))
          .map(({ address }) => address);
        const [before, after] = [photograph(live, people, places), photograph(planned, people, places)];
        const world = new Map(live);
        const done: Address[] = [];
        const told = new Set<string>();
        for (const step of run(steps, dice)) {
          play(step, world, input);
          done.push(step.address);
          for (const { code } of step.hazards) told.add(code);
          const { excess, gap } = compare(photograph(world, people, places), before, after);
          const untold = [...(told.has("exposes") ? [] : excess), ...(told.has("interrupts") ? [] : gap)];
          if (untold.length > 0) throw new Error(`${untold.join("\n")}\n${tellScenario(input, steps, done)}`);
        }
      }),
      RUNS,
    );
  });
});
