import { describe, expect, test } from "vitest";
import { summarizePlan } from "../../../src/cli/render/plan-summary.ts";
import type { AccessShift } from "../../../src/model/access.ts";
import {
  sampleAccess,
  sampleFailure,
  samplePlan,
  sampleRemoval,
  sampleShift,
  sampleSide,
  sampleStep,
} from "../../support/sample-plan.ts";

const GAIN: Partial<AccessShift> = { gained: "p2", lost: "none", after: sampleSide("p2", "member") };
const ADMIN: Partial<AccessShift> = { gained: "all", lost: "none", after: sampleSide("all", "admin") };

function summarize(shifts: readonly AccessShift[]): string {
  return summarizePlan(samplePlan({ steps: [sampleStep()], access: sampleAccess(shifts) }), "Plan");
}

describe("the summary of a plan", () => {
  test("counts changes and what may run", () => {
    const steps = [sampleStep(), sampleStep({ op: "update" }), sampleRemoval()];
    expect(summarizePlan(samplePlan({ steps }), "Left")).toBe(
      "Left: 1 to create, 1 to update, 1 to delete; 2 open, 1 held.",
    );
  });

  test("counts people, each once", () => {
    const [kim, lee] = ["user:kim@acme.io", "user:lee@acme.io"] as const;
    expect(summarize([sampleShift()])).toBe("Plan: 1 to create; 1 open; 1 person loses.");
    expect(summarize([sampleShift(), sampleShift({ person: kim })])).toContain("; 2 people lose.");
    expect(summarize([sampleShift(GAIN), sampleShift({ ...GAIN, place: "space:a/b" })])).toContain("; 1 person gains.");
    expect(summarize([sampleShift({ ...GAIN, lost: "p3" })])).toContain("; 1 person gains, 1 loses.");
    const admin = sampleShift({ ...ADMIN, person: kim });
    expect(summarize([sampleShift(), admin, sampleShift({ ...GAIN, person: lee })])).toContain(
      "; 2 people gain (1 as admin), 1 loses.",
    );
  });

  test("counts assertions that fail, each once, also where nothing changes", () => {
    const other = sampleFailure({ source: "access.yaml:95:5" });
    const steps = [sampleStep()];
    const text = (overrides: Parameters<typeof samplePlan>[0]): string => summarizePlan(samplePlan(overrides), "Plan");
    expect(text({ steps, assertions: [sampleFailure(), sampleFailure()] })).toContain(
      "1 open; 1 assertion would not hold.",
    );
    expect(text({ steps, assertions: [sampleFailure(), other] })).toContain("; 2 assertions would not hold.");
    expect(text({ assertions: [sampleFailure()] })).toBe("No changes. 1 assertion does not hold.");
    expect(text({ assertions: [sampleFailure(), other] })).toBe("No changes. 2 assertions do not hold.");
    expect(text({})).toBe("No changes.");
  });
});
