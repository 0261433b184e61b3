import { describe, expect, it } from "vitest";
import { isValid, mayRun, needsApproval } from "../../src/apply/may-run.ts";
import type { ChangeOp, Gate, Hazard, HazardCode } from "../../src/model/change.ts";
import { HAZARD_TITLES } from "../../src/model/change.ts";
import { BLOCKED, HELD, makeApproval, makeStep, OPEN } from "../support/toy-plan.ts";

const NOW = new Date("2026-06-15T00:00:00Z");
const OPS: readonly ChangeOp[] = ["create", "update", "delete"];
const GATES: readonly Gate[] = [OPEN, HELD, BLOCKED];
const CODES = Object.keys(HAZARD_TITLES) as HazardCode[];
const hazard = (code: HazardCode): Hazard => ({ code, detail: "x" });

describe("whether a step may run", () => {
  for (const op of OPS) {
    for (const gate of GATES) {
      for (const code of [undefined, ...CODES]) {
        const hazards = code === undefined ? [] : [hazard(code)];
        const step = makeStep("a", { op, gate, hazards });
        const takes = code === "removes-access";
        const needs = gate.state === "held" || op === "delete" || takes;

        it(`${op}, ${gate.state}, ${code ?? "no hazard"}`, () => {
          const without = mayRun(step, [], NOW).state;
          const withOne = mayRun(step, [makeApproval([step.id])], NOW).state;
          const expected = needs ? ["held", "granted"] : ["granted", "granted"];
          expect([without, withOne]).toEqual(gate.state === "blocked" ? ["blocked", "blocked"] : expected);
          expect(needsApproval(step)).toBe(needs);
        });
      }
    }
  }

  it("is told with the reason", () => {
    const held = makeStep("a", { op: "delete" });
    expect(mayRun(held, [], NOW)).toEqual({ state: "held", because: "It waits for an approval of chg_delete-a." });
    expect(mayRun(makeStep("a", { gate: BLOCKED }), [], NOW)).toEqual({
      state: "blocked",
      because: "It is protected.",
    });
    expect(mayRun(makeStep("a"), [makeApproval(["chg_create-a"])], NOW)).toEqual({ state: "granted", by: [] });
  });

  it("counts a hazard that removes access among others", () => {
    const hazards = [hazard("widens-access"), hazard("removes-access")];
    expect(needsApproval(makeStep("a", { op: "update", hazards }))).toBe(true);
  });

  it("counts only approvals that name it and have not expired", () => {
    const step = makeStep("a", { op: "delete" });
    const good = [makeApproval(["chg_x", step.id], { by: "bob" }), makeApproval([step.id])];
    const bad = [makeApproval(["chg_x"]), makeApproval([step.id], { expires: "2026-06-15T00:00:00Z" })];
    expect(mayRun(step, bad, NOW).state).toBe("held");
    expect(mayRun(step, [...bad, ...good], NOW)).toEqual({ state: "granted", by: good });
  });

  it("takes an expiry as the first instant at which the approval no longer counts", () => {
    const expiring = (expires: string): boolean => isValid(makeApproval(["chg_x"], { expires }), NOW);
    expect(expiring("2026-06-15T00:00:00.001Z")).toBe(true);
    expect(expiring("2026-06-15T02:00:00.001+02:00")).toBe(true);
    expect(expiring("2026-06-15T00:00:00Z")).toBe(false);
    expect(expiring("soon")).toBe(false);
  });
});
