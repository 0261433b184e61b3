import { expect, test } from "vitest";
import { renderChecks } from "../../../src/cli/render/checks-text.ts";
import { renderMovement } from "../../../src/cli/render/movement-text.ts";
import { PLAIN } from "../../../src/cli/render/paint.ts";
import { renderReport, renderResultLine } from "../../../src/cli/render/report-text.ts";
import { comparePlans, hasMoved } from "../../../src/engine/compare-plans.ts";
import { samplePlan, sampleRemoval, sampleStep } from "../../support/sample-plan.ts";

test("a report tells every step that was not simply done, then counts", () => {
  const report = {
    results: [
      { step: sampleStep(), state: "done", notes: [] },
      { step: sampleStep({ address: "space:a/b" }), state: "done", notes: ["It came out\u001b otherwise."] },
      { step: sampleStep(), state: "failed", because: "No.", notes: [] },
      { step: sampleStep(), state: "skipped", because: "It waits.", notes: [] },
      { step: sampleRemoval(), state: "held", notes: [] },
    ],
    interrupted: true,
    stopped: "The disk is full.",
  } as const;
  expect(renderReport(report, PLAIN)).toBe(`done    + create space:a/b
    note: It came out\\u{1b} otherwise.
failed  + create space:Platform Team/team-alpha
    No.
skipped + create space:Platform Team/team-alpha
    It waits.
held    - delete user:carl@acme.io
The disk is full.
Apply was interrupted: 2 done, 1 failed, 1 skipped, 1 held.
`);
});

test("an empty report is one line", () => {
  expect(renderReport({ results: [], interrupted: false }, PLAIN)).toBe("Nothing to apply.\n");
});

test("a result is one line", () => {
  expect(renderResultLine({ step: sampleRemoval(), state: "already", notes: [] }, PLAIN)).toBe(
    "already - delete user:carl@acme.io",
  );
});

test("checks are one line each", () => {
  const checks = [
    { name: "a", state: "ok", detail: "x" },
    { name: "b", state: "warn", detail: "y\n" },
  ] as const;
  expect(renderChecks(checks, PLAIN)).toBe("ok    a: x\nwarn  b: y\\n\n");
});

test("what moved between two plans", () => {
  const gone = sampleStep({ address: "space:a/gone", id: "chg_1" });
  const fresh = sampleStep({ address: "space:a/new", id: "chg_2" });
  const before = sampleStep({ address: "space:a/other", id: "chg_3" });
  const after = sampleStep({ address: "space:a/other", id: "chg_4", op: "update" });
  const saved = samplePlan({ steps: [sampleStep(), gone, before] });
  expect(renderMovement(comparePlans(saved, samplePlan({ steps: [sampleStep(), fresh, after] }), new Set()))).toBe(
    `  no longer planned: create space:a/gone (chg_1)
  planned only now:  create space:a/new (chg_2)
  planned otherwise: create space:a/other (chg_3), now update chg_4
      no longer: private: true
      now: private: (not set) -> true
`,
  );
});

test("what axcess itself has done since is no movement, what the manifest or a gate became is", () => {
  const saved = samplePlan({ steps: [sampleStep(), sampleStep({ address: "space:a/done", id: "chg_2" })] });
  const fresh = samplePlan({ steps: [sampleStep()] });
  expect(hasMoved(comparePlans(saved, fresh, new Set(["chg_2"])))).toBe(false);
  expect(hasMoved(comparePlans(saved, fresh, new Set()))).toBe(true);
  expect(hasMoved(comparePlans(saved, saved, new Set()))).toBe(false);
  const held = samplePlan({ steps: [sampleStep({ gate: { state: "held", by: ["blind"] } }), ...saved.steps.slice(1)] });
  expect(hasMoved(comparePlans(held, saved, new Set()))).toBe(true);
  const other = { ...saved, basis: { ...saved.basis, desired: "sha256:other" as const } };
  expect(renderMovement(comparePlans(saved, other, new Set()))).toBe("  moved: the manifest\n");
});
