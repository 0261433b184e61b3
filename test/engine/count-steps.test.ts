import { describe, expect, it } from "vitest";
import { countSteps } from "../../src/engine/execute-plan.ts";

const CASES: readonly (readonly [string, number | undefined, number])[] = [
  ["no limit is known: one is sent, one looked at, one written down for each call", undefined, 48],
  ["a limit that lets all of them go out within a second", 60 * 100, 48],
  ["a limit that lets fewer go out within a second", 60 * 30, 30],
  ["a limit so slow that one step for each call and half of them is enough", 60 * 10, 24],
];

describe("how many steps may be under way", () => {
  it.each(CASES)("%s", (_, writesPerMinute, steps) => {
    const pacing = { writesPerMinute: () => writesPerMinute, learned: () => ({}), recall: () => {} };
    expect(countSteps({ parallelism: 16, pacing })).toBe(steps);
  });

  it("is at most three for each call where nothing keeps a pace", () => {
    expect(countSteps({ parallelism: 5 })).toBe(15);
  });
});
