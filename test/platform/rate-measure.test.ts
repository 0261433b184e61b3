import { describe, expect, it } from "vitest";
import { type Lesson, measureRate, type RateMeasure } from "../../src/platform/rate-measure.ts";

/** Lets so many requests go and through, one each `every` milliseconds from a moment on. */
function pass(measure: RateMeasure, { from, count, every }: { from: number; count: number; every: number }): void {
  for (let at = 0; at < count; at += 1) {
    measure.admit(from + at * every);
    measure.succeed(from + at * every);
  }
}

function refuse(measure: RateMeasure, at: number, more: { wait?: number; kept?: number } = {}): Lesson {
  const lesson = measure.refuse({ now: at, admittedAt: at, wait: more.wait ?? 1000 }, more.kept);
  measure.rest(at + (more.wait ?? 1000));
  return lesson;
}

/** A bucket of 20 that fills with ten a second, of which the first 25 requests in half a second were seen. */
function open(): RateMeasure {
  const measure = measureRate(0);
  pass(measure, { from: 0, count: 25, every: 20 });
  expect(refuse(measure, 500)).toMatchObject({ isFirst: true, rate: 0.05 });
  expect(measure.burst()).toBeUndefined();
  return measure;
}

describe("what refusals of a bucket tell", () => {
  it("the second one tells the rate, waiting included, and with it how much went at once before the first", () => {
    const measure = open();
    pass(measure, { from: 1500, count: 30, every: 60 });
    const { isFirst, rate } = refuse(measure, 3500);
    expect(isFirst).toBe(false);
    expect(rate).toBeCloseTo(0.01);
    expect(measure.burst()).toBeCloseTo(20);
  });

  it("what was on its way at the first refusal went at once, too", () => {
    const measure = open();
    for (let at = 0; at < 4; at += 1) measure.succeed(490);
    pass(measure, { from: 1500, count: 26, every: 60 });
    refuse(measure, 3500);
    expect(measure.burst()).toBeCloseTo(24);
  });

  it("a bucket that was full for a while held what went through since then", () => {
    const measure = measureRate(0);
    pass(measure, { from: 0, count: 5, every: 20 });
    pass(measure, { from: 10_000, count: 25, every: 20 });
    refuse(measure, 10_500);
    pass(measure, { from: 11_500, count: 30, every: 60 });
    refuse(measure, 13_500);
    expect(measure.burst()).toBeCloseTo(20);
  });

  it("the burst is told anew by a longer measurement, and not by a shorter one", () => {
    const measure = open();
    pass(measure, { from: 1500, count: 40, every: 40 });
    refuse(measure, 3500);
    expect(measure.burst()).toBeCloseTo(25 - (500 * 40) / 3000);
    pass(measure, { from: 4500, count: 9, every: 40 });
    refuse(measure, 6500);
    expect(measure.burst()).toBeCloseTo(25 - (500 * 40) / 3000);
    pass(measure, { from: 7500, count: 90, every: 60 });
    refuse(measure, 15_500);
    expect(measure.burst()).toBeGreaterThan(19);
  });

  it("too few requests tell nothing, unless a limiter that asks to wait goes on like that", () => {
    const byChance = open();
    pass(byChance, { from: 600, count: 7, every: 10 });
    expect(refuse(byChance, 1000, { wait: 0 }).rate).toBeUndefined();
    pass(byChance, { from: 1100, count: 7, every: 10 });
    expect(refuse(byChance, 1500, { wait: 0 }).rate).toBeUndefined();

    const slow = open();
    pass(slow, { from: 1500, count: 5, every: 10 });
    expect(refuse(slow, 1550).rate).toBeUndefined();
    pass(slow, { from: 2550, count: 5, every: 10 });
    expect(refuse(slow, 2600).rate).toBeCloseTo(10 / 2100);
  });

  it("where it filled up while everybody waited, the rate is what was surely seen, and hardly more", () => {
    const learnFrom = (count: number, milliseconds: number): number => {
      const measure = measureRate(0);
      measure.recall(5, 0);
      refuse(measure, 1000);
      measure.fill(2000);
      pass(measure, { from: 2000, count, every: milliseconds / count });
      return refuse(measure, 2000 + milliseconds, { kept: 0.04 }).rate ?? 0;
    };
    // 5 at once, and 30 a second. Of the second that was waited most ran over.
    expect(learnFrom(14, 300)).toBeCloseTo((1.1 * 14) / 1300);
    // The longer it lasts, the less may have been saved up.
    expect(learnFrom(65, 2000)).toBeCloseTo((65 - 5 - 8) / 2000);
    expect(learnFrom(605, 20_000)).toBeCloseTo(0.03, 3);
  });

  it("where it was full without that, a rate is believed as far as the count allows", () => {
    const learnAt = (kept: number): number | undefined => {
      const measure = measureRate(0);
      measure.recall(20, 0);
      pass(measure, { from: 0, count: 60, every: 60 });
      return refuse(measure, 4000, { kept }).rate;
    };
    expect(learnAt(0.0105)).toBeCloseTo(0.0105);
    expect(learnAt(0.05)).toBeCloseTo(48 / 4000);
    expect(learnAt(0.001)).toBeCloseTo(32 / 4000);
  });

  it("refused soon after it was full, it holds less than was believed, where that is less than a second's worth", () => {
    const hold = (passed: number, more: { isRecalled?: boolean; at?: number } = {}): number | undefined => {
      const measure = measureRate(0);
      measure.recall(30, 0);
      if (more.isRecalled !== true) measure.fill(10_000);
      const from = more.isRecalled === true ? 0 : 10_000;
      pass(measure, { from, count: passed, every: 1 });
      refuse(measure, from + (more.at ?? 100), { kept: 0.02 });
      return measure.burst();
    };
    expect(hold(12)).toBeCloseTo(10);
    // It may have been somebody else, and costs more to believe.
    expect(hold(28)).toBe(30);
    expect(hold(12, { at: 1000 })).toBe(30);
    expect(hold(12, { isRecalled: true })).toBe(30);
  });

  it("what was on its way then belongs to it", () => {
    const measure = measureRate(0);
    measure.recall(30, 0);
    measure.fill(10_000);
    pass(measure, { from: 10_000, count: 12, every: 1 });
    refuse(measure, 10_100, { kept: 0.02 });
    measure.succeed(10_090);
    expect(measure.burst()).toBeCloseTo(11);
  });

  it("after a long pause the opening is seen anew, where the burst is not known", () => {
    const measure = open();
    measure.restart(60_000);
    pass(measure, { from: 60_000, count: 25, every: 20 });
    expect(refuse(measure, 60_500).isFirst).toBe(true);
    measure.recall(20, 61_000);
    measure.restart(90_000);
    expect(refuse(measure, 91_000).isFirst).toBe(false);
  });
});
