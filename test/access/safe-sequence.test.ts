import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findSafeSequence, type MomentJudge, type SafeSequence } from "../../src/access/safe-sequence.ts";

type Moment = ReturnType<MomentJudge>;

/** A judge that knows a few moments by their masks; the rest is fine. */
function judgeOf(bad: Readonly<Record<number, Moment>>): MomentJudge {
  return (mask) => bad[mask] ?? "fine";
}

describe("a few changes", () => {
  test("of which no moment is bad may run in any order", () => {
    expect(findSafeSequence([0, 0, 0], judgeOf({}))).toEqual({ rules: [], moments: [] });
  });

  test("get the one rule without which a bad moment could come, and what it avoids", () => {
    expect(findSafeSequence([0, 0], judgeOf({ 2: "excess" })).rules).toEqual([
      { first: 0, second: 1, avoids: "excess", mask: 0b10 },
    ]);
    expect(findSafeSequence([0, 0], judgeOf({ 1: "gap" })).rules).toEqual([
      { first: 1, second: 0, avoids: "gap", mask: 0b1 },
    ]);
  });

  test("get no rule for what waits anyway", () => {
    expect(findSafeSequence([0, 0b01], judgeOf({ 2: "excess" }))).toEqual({ rules: [], moments: [] });
  });

  test("that cannot all go well have a gap rather than an excess", () => {
    const { rules, moments } = findSafeSequence([0, 0], judgeOf({ 1: "excess", 2: "gap" }));
    expect(rules).toEqual([{ first: 1, second: 0, avoids: "excess", mask: 0b1 }]);
    expect(moments).toEqual([{ change: 1, is: "gap", mask: 0b10 }]);
  });

  test("tell a bad moment that lasts once, from the change on by which it comes", () => {
    const { moments } = findSafeSequence([0, 0b001, 0b010], judgeOf({ 1: "gap", 3: "gap" }));
    expect(moments).toEqual([{ change: 0, is: "gap", mask: 0b1 }]);
  });

  test("tell it again where it becomes another", () => {
    const { moments } = findSafeSequence([0, 0b001, 0b010], judgeOf({ 1: "gap", 3: "excess" }));
    expect(moments).toEqual([
      { change: 0, is: "gap", mask: 0b1 },
      { change: 1, is: "excess", mask: 0b11 },
    ]);
  });

  test("keep the order of their numbers where all orders are equally bad", () => {
    const all = judgeOf({ 1: "excess", 2: "excess" });
    expect(findSafeSequence([0, 0], all)).toEqual({
      rules: [{ first: 0, second: 1, avoids: "excess", mask: 0b10 }],
      moments: [{ change: 0, is: "excess", mask: 0b1 }],
    });
  });
});

interface Sample {
  readonly waits: readonly number[];
  readonly judge: MomentJudge;
}

/** Up to four changes, of which each may wait for earlier ones, waits by way of each other among them. */
const anySample: fc.Arbitrary<Sample> = fc
  .tuple(
    fc.array(fc.nat(15), { minLength: 1, maxLength: 4 }),
    fc.array(fc.constantFrom<Moment>("fine", "fine", "gap", "excess"), { minLength: 16, maxLength: 16 }),
  )
  .map(([numbers, moments]) => {
    const waits: number[] = [];
    for (const [change, number] of numbers.entries()) {
      const own = number & ((1 << change) - 1);
      waits.push(waits.reduce((mask, earlier, at) => ((own & (1 << at)) === 0 ? mask : mask | earlier), own));
    }
    const full = (1 << waits.length) - 1;
    return { waits, judge: (mask) => (mask === 0 || mask === full ? "fine" : (moments[mask] ?? "fine")) };
  });

/** Every mask that can come while each change waits for those in its own. */
function listReachable(waits: readonly number[]): readonly number[] {
  const masks = Array.from({ length: 1 << waits.length }, (_, mask) => mask);
  return masks.filter((mask) => waits.every((needed, at) => (mask & (1 << at)) === 0 || (needed & ~mask) === 0));
}

function addRules(waits: readonly number[], rules: SafeSequence["rules"]): readonly number[] {
  return waits.map((needed, at) =>
    rules.filter(({ second }) => second === at).reduce((mask, { first }) => mask | (1 << first), needed),
  );
}

/** The fewest bad moments that any order has: excesses, then gaps. */
function findLeast({ waits, judge }: Sample, mask = 0): number {
  if (mask === (1 << waits.length) - 1) return 0;
  const costs = waits.flatMap((needed, at) => {
    const next = mask | (1 << at);
    if (next === mask || (needed & ~mask) !== 0) return [];
    const is = judge(next);
    return [(is === "fine" ? 0 : is === "gap" ? 1 : 1000) + findLeast({ waits, judge }, next)];
  });
  return Math.min(...costs);
}

test("whatever is bad: what remains possible under the rules is fine or unavoidable, and every rule is needed", () => {
  fc.assert(
    fc.property(anySample, (sample) => {
      const { waits, judge } = sample;
      const { rules, moments } = findSafeSequence(waits, judge);
      const bad = listReachable(addRules(waits, rules)).filter((mask) => judge(mask) !== "fine");
      const cost = bad.reduce((sum, mask) => sum + (judge(mask) === "gap" ? 1 : 1000), 0);
      expect(cost).toBe(findLeast(sample));
      expect(moments.length > 0).toBe(bad.length > 0);
      for (const rule of rules) {
        const fewer = rules.filter((other) => other !== rule);
        const more = listReachable(addRules(waits, fewer)).filter((mask) => judge(mask) !== "fine");
        expect(more.length, `${rule.first} before ${rule.second} is needed`).toBeGreaterThan(bad.length);
      }
    }),
    { numRuns: 2000, seed: 20_261_121 },
  );
});
