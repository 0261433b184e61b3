import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runSchedule } from "../../src/apply/run-schedule.ts";
import { makeSchedule } from "../../src/apply/schedule.ts";
import type { Address } from "../../src/model/address.ts";
import type { Step } from "../../src/model/change.ts";
import { Impossible } from "../../src/model/errors.ts";
import { makeStep } from "../support/toy-plan.ts";
import { toyAddress } from "../support/toy-platform.ts";

// The same cases on every machine and every day.
fc.configureGlobal({ seed: 20_261_121 });

function step(name: string, ...waitsFor: readonly string[]): Step {
  return makeStep(name, { dependsOn: waitsFor.map(toyAddress) });
}

const addresses = (steps: readonly Step[]): readonly Address[] => steps.map(({ address }) => address);

describe("a schedule", () => {
  it("hands out what is ready, in plan order, each step once", () => {
    const [c, b, a, d] = [step("c", "a"), step("b"), step("a"), step("d", "a", "b")];
    const schedule = makeSchedule([c, b, a, d]);
    expect([schedule.next(), schedule.next(), schedule.next()]).toEqual([b, a, undefined]);
    schedule.clear(a);
    expect(schedule.next()).toBe(c);
    expect(schedule.next()).toBeUndefined();
    schedule.clear(b);
    expect([schedule.next(), schedule.next()]).toEqual([d, undefined]);
    expect(schedule.drain()).toEqual([]);
  });

  it("puts what becomes ready where it stands in the plan", () => {
    const steps = [step("a"), step("b", "a"), step("c"), step("d", "a"), step("e"), step("f", "a")];
    const schedule = makeSchedule(steps);
    schedule.clear(schedule.next() ?? step("x"));
    expect(steps.slice(1).map(() => schedule.next()?.address)).toEqual(addresses(steps.slice(1)));
  });

  it("takes out all that waits for a step that was not done, and says for what", () => {
    const steps = [step("a"), step("b", "a"), step("c", "b"), step("d", "a", "c"), step("e"), step("f", "e", "d")];
    const schedule = makeSchedule(steps);
    const first = schedule.next() ?? step("x");
    expect(schedule.doom(first).map((doomed) => [doomed.step.address, doomed.blocker.address])).toEqual([
      ["space:b", "space:a"],
      ["space:d", "space:a"],
      ["space:c", "space:b"],
      ["space:f", "space:d"],
    ]);
    expect(schedule.next()?.address).toBe("space:e");
    schedule.clear(step("e"));
    expect([schedule.next(), schedule.drain()]).toEqual([undefined, []]);
  });

  it("gives back what was not handed out", () => {
    const steps = [step("a"), step("b", "a"), step("c")];
    const schedule = makeSchedule(steps);
    schedule.next();
    expect(addresses(schedule.drain())).toEqual(["space:b", "space:c"]);
    expect(schedule.next()).toBeUndefined();
  });

  it.each([
    ["two steps of one address", [step("a"), step("a")], "the plan has two steps for space:a"],
    ["waiting for no step", [step("a", "b")], "the plan has no step for space:b, which another step waits for"],
    ["waiting for itself", [step("a", "a")], "the steps of the plan wait for each other in a circle"],
    [
      "a circle beside what is sound",
      [step("z"), step("a", "b"), step("b", "a", "z")],
      "the steps of the plan wait for each other in a circle",
    ],
  ])("is Impossible for a plan that contradicts itself: %s", (_, steps, message) => {
    expect(() => makeSchedule(steps)).toThrow(new Impossible(message));
  });
});

const dags: fc.Arbitrary<readonly Step[]> = fc
  .array(fc.array(fc.nat(20), { maxLength: 3 }), { maxLength: 14 })
  .chain((rows) => {
    const steps = rows.map((waits, index) =>
      step(`s${index}`, ...new Set(waits.filter((to) => to < index).map((to) => `s${to}`))),
    );
    return fc.shuffledSubarray(steps, { minLength: steps.length });
  });

describe("running a schedule", () => {
  it("runs each step after all it waits for, never more at once than allowed, and skips only behind failures", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        dags,
        fc.integer({ min: 0, max: 4 }),
        fc.nat(3),
        async (scheduler, steps, parallelism, fails) => {
          const seen = new Map<Address, string>();
          let underWay = 0;
          let most = 0;
          await scheduler.waitFor(
            runSchedule({
              steps,
              parallelism: () => parallelism,
              isStopped: () => false,
              run: async (one) => {
                for (const address of one.dependsOn) expect(seen.get(address)).toBe("done");
                expect(seen.has(one.address)).toBe(false);
                underWay += 1;
                most = Math.max(most, underWay);
                await scheduler.schedule(Promise.resolve());
                underWay -= 1;
                const failed = fails > 0 && Number(one.address.slice("space:s".length)) % 4 === fails;
                seen.set(one.address, failed ? "failed" : "done");
                return !failed;
              },
              onDoomed: (doomed) => {
                expect(seen.has(doomed.step.address)).toBe(false);
                expect(doomed.step.dependsOn).toContain(doomed.blocker.address);
                expect(["failed", "doomed"]).toContain(seen.get(doomed.blocker.address));
                seen.set(doomed.step.address, "doomed");
              },
              onUnstarted: () => expect.unreachable(),
            }),
          );
          expect(seen.size).toBe(steps.length);
          expect(most).toBeLessThanOrEqual(Math.max(1, parallelism));
          expect(underWay).toBe(0);
        },
      ),
      { numRuns: 200 },
    );
  });

  it("runs in plan order what could start", async () => {
    const order: Address[] = [];
    const steps = [step("c", "a"), step("b"), step("a"), step("d", "b")];
    await runSchedule({
      ...{ steps, parallelism: () => 1, isStopped: () => false, onDoomed: () => {}, onUnstarted: () => {} },
      run: async ({ address }) => {
        order.push(address);
        return true;
      },
    });
    expect(order).toEqual(["space:b", "space:a", "space:c", "space:d"]);
  });

  it("has fewer under way as soon as fewer may be", async () => {
    let most = 3;
    let underWay = 0;
    const seen: number[] = [];
    await runSchedule({
      steps: [step("a"), step("b"), step("c"), step("d"), step("e"), step("f")],
      parallelism: () => most,
      ...{ isStopped: () => false, onDoomed: () => {}, onUnstarted: () => {} },
      run: async () => {
        underWay += 1;
        seen.push(underWay);
        await Promise.resolve();
        most = 1.9;
        underWay -= 1;
        return true;
      },
    });
    expect(seen).toEqual([1, 2, 3, 1, 1, 1]);
  });

  it("starts nothing new after a stop, and tells what was left", async () => {
    let stopped = false;
    const left: Address[] = [];
    await runSchedule({
      steps: [step("a"), step("b", "a"), step("c")],
      parallelism: () => 1,
      isStopped: () => stopped,
      run: async () => {
        stopped = true;
        return true;
      },
      onDoomed: () => expect.unreachable(),
      onUnstarted: ({ address }) => left.push(address),
    });
    expect(left).toEqual(["space:b", "space:c"]);
  });

  it("rejects with the first fault once what is under way has finished", async () => {
    const finished: Address[] = [];
    const run = runSchedule({
      steps: [step("a"), step("b"), step("c"), step("d")],
      parallelism: () => 3,
      isStopped: () => false,
      run: async ({ address }) => {
        if (address === "space:a") throw new Error("first");
        await Promise.resolve();
        if (address === "space:b") throw new Error("second");
        finished.push(address);
        return true;
      },
      onDoomed: () => {},
      onUnstarted: () => {},
    });
    await expect(run).rejects.toEqual(new Error("first"));
    expect(finished).toEqual(["space:c"]);
  });
});
