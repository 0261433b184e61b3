import { describe, expect, it } from "vitest";
import { type ApplyReport, reportExit, type StepState } from "../../src/apply/report.ts";
import { makeStep } from "../support/toy-plan.ts";

function exit(
  states: readonly StepState[],
  said: Partial<ApplyReport> = {},
  withheld: number = 0,
  failedAssertions: number = 0,
): number {
  const results = states.map((state, index) => ({ step: makeStep(`s${index}`), state, notes: [] }));
  return reportExit({ results, interrupted: false, ...said }, { withheld, failedAssertions });
}

describe("the exit code of an apply", () => {
  it.each<[number, readonly StepState[]]>([
    [0, []],
    [0, ["done", "already"]],
    [1, ["failed", "already", "skipped", "stale", "held"]],
    [5, ["done", "failed", "stale", "held"]],
    [4, ["stale", "already", "skipped", "held"]],
    [5, ["stale", "done"]],
    [3, ["held", "done", "skipped"]],
    [3, ["blocked"]],
  ])("is %i for %j", (code, states) => expect(exit(states)).toBe(code));

  it("is 130 for an interrupted run, whatever else", () => {
    expect(exit(["failed", "done"], { interrupted: true, stopped: "x" }, 1)).toBe(130);
  });

  it("counts a run that stopped by itself as failed", () => {
    expect(exit(["skipped"], { stopped: "x" })).toBe(1);
    expect(exit(["done", "skipped"], { stopped: "x" })).toBe(5);
  });

  it("is 6 where knowledge is incomplete and nothing graver happened", () => {
    expect(exit(["done", "held"], {}, 2)).toBe(6);
    expect(exit(["stale"], {}, 2)).toBe(4);
    expect(exit(["failed"], {}, 2)).toBe(1);
  });

  it("is 3 where an assertion does not hold, whatever was done", () => {
    expect(exit(["done"], {}, 0, 1)).toBe(3);
    expect(exit([], {}, 1, 1)).toBe(6);
  });
});
