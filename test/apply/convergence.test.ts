import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyPlan } from "../../src/apply/apply-plan.ts";
import { settleDoubts } from "../../src/apply/settle.ts";
import type { Address, KindName } from "../../src/model/address.ts";
import type { Spec } from "../../src/model/resource.ts";
import { openLedger } from "../../src/state/ledger.ts";
import { recallMemory } from "../../src/state/memory.ts";
import { openStore } from "../../src/state/open-store.ts";
import { readLedger } from "../../src/state/read-ledger.ts";
import { makeHandClock } from "../support/hand-clock.ts";
import { Crash, type DiskContent, makeDisk, makePower, type Power } from "../support/ledger-disk.ts";
import { approveAll, makePlanOf, planToys } from "../support/toy-plan.ts";
import { makeToyPlatform, observeToys, type Toy, toyAddress, toyKind } from "../support/toy-platform.ts";

// The same cases on every machine and every day.
fc.configureGlobal({ seed: 20_261_121 });

/** What outlives a machine: its disk, and the platform. */
interface Outside {
  readonly content: DiskContent;
  toys: readonly Toy[];
  readonly effects: string[];
}

interface Target {
  readonly desired: ReadonlyMap<Address, Spec>;
  readonly dependsOn: (address: Address) => readonly Address[];
}

/** One whole run of axcess, from reading the ledger to the last outcome; the power may fail at any effect. */
async function run(
  outside: Outside,
  target: Target,
  machine: { readonly power: Power; readonly torn: number; readonly name: string },
): Promise<void> {
  const { power, torn, name } = machine;
  const files = makeDisk(outside.content, { power, torn });
  const platform = makeToyPlatform({
    toys: outside.toys,
    idPrefix: `${name}-`,
    // An effect uses power twice: the machine may die right before it, or right after it had its effect.
    onEffect: () => power.use(),
  });
  const clock = makeHandClock();
  try {
    const ledger = await openLedger({ store: await openStore({ location: "l", files }), clock });
    const observed = observeToys(platform.toys);
    const { inDoubt } = ledger.memory();
    await ledger.append(
      settleDoubts({ inDoubt, observed, wasRead: () => true, inRenamed: () => undefined, run: name }),
    );
    const steps = planToys(observed, target.desired, target.dependsOn);
    await applyPlan({
      ...{ plan: makePlanOf(steps), observed, reader: platform.reader, writer: platform.writer, ledger, clock },
      kinds: new Map<KindName, typeof toyKind>([["space", toyKind]]),
      approvals: approveAll(steps),
      parallelism: () => 3,
      signal: new AbortController().signal,
      run: name,
      onProgress: () => {},
    });
    await ledger.close();
  } catch (error) {
    if (!(error instanceof Crash)) throw error;
  } finally {
    outside.toys = [...platform.toys.values()];
    outside.effects.push(...platform.effects);
  }
}

function makeScene(
  before: readonly string[],
  after: readonly string[],
): { readonly outside: Outside; readonly target: Target } {
  const toys = before.flatMap((value, index): Toy[] =>
    value === "" ? [] : [{ id: `t${index}`, name: `s${index}`, value }],
  );
  const desired = new Map(
    after.flatMap((value, index): [Address, Spec][] => (value === "" ? [] : [[toyAddress(`s${index}`), { value }]])),
  );
  const dependsOn = (address: Address): readonly Address[] => {
    const index = Number(address.slice("space:s".length));
    return index % 2 === 0 ? [] : [toyAddress(`s${index - 1}`)];
  };
  return { outside: { content: new Map(), toys, effects: [] }, target: { desired, dependsOn } };
}

const valuesOf = (toys: readonly Toy[]): unknown =>
  Object.fromEntries(toys.map(({ name, value }) => [toyAddress(name), value]));

const values = fc.array(fc.constantFrom("", "a", "b"), { minLength: 5, maxLength: 5 });

describe("a run that lost its power", () => {
  it("at any effect, on the disk or on the platform, is made good by the next one", async () => {
    await fc.assert(
      fc.asyncProperty(values, values, fc.double({ min: 0, max: 1, noNaN: true }), async (before, after, torn) => {
        const untroubled = makePower(undefined);
        const first = makeScene(before, after);
        await run(first.outside, first.target, { power: untroubled, torn, name: "r0" });
        for (let failsAt = 0; failsAt < untroubled.used(); failsAt += 1) {
          const { outside, target } = makeScene(before, after);
          const existing = new Set(outside.toys.map(({ name }) => name));
          await run(outside, target, { power: makePower(failsAt), torn, name: "r1" });
          await run(outside, target, { power: makePower(undefined), torn, name: "r2" });

          expect(valuesOf(outside.toys)).toEqual(valuesOf(first.outside.toys));
          expect(new Set(outside.toys.map(({ name }) => name)).size).toBe(outside.toys.length);
          expect([...outside.effects].sort()).toEqual([...first.outside.effects].sort());
          const reading = await readLedger({ location: "l", files: makeDisk(outside.content) });
          expect(reading.notes).toEqual([]);
          const memory = recallMemory(reading.lines);
          expect(memory.inDoubt).toEqual([]);
          const made = outside.toys.filter(({ name }) => !existing.has(name));
          expect(new Map(memory.owned)).toEqual(new Map(made.map(({ id, name }) => [toyAddress(name), { id }])));
        }
      }),
      { numRuns: 25 },
    );
  });

  it("again and again is made good all the same", async () => {
    await fc.assert(
      fc.asyncProperty(values, values, fc.array(fc.nat(6), { maxLength: 6 }), async (before, after, failures) => {
        const { outside, target } = makeScene(before, after);
        for (const [index, failsAt] of failures.entries()) {
          await run(outside, target, { power: makePower(failsAt), torn: 0.5, name: `r${index}` });
        }
        await run(outside, target, { power: makePower(undefined), torn: 0, name: "last" });
        const wanted = Object.fromEntries([...target.desired].map(([address, spec]) => [address, spec["value"]]));
        expect(valuesOf(outside.toys)).toEqual(wanted);
        const { lines } = await readLedger({ location: "l", files: makeDisk(outside.content) });
        expect(recallMemory(lines).inDoubt).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});
