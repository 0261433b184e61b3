import { expect, test } from "vitest";
import type { ApplyReport, StepState } from "../../../src/apply/report.ts";
import { renderClosing } from "../../../src/cli/render/closing-text.ts";
import type { Diagnostic } from "../../../src/model/diagnostic.ts";
import type { Plan } from "../../../src/model/plan.ts";
import { NO_LIMITS } from "../../../src/model/policy.ts";
import { sampleFailure, samplePlan, sampleRemoval, sampleStep } from "../../support/sample-plan.ts";

const KEY = "service-key:A/b/ci";
const { basis } = samplePlan();
const rotate: Plan["basis"] = { ...basis, rotate: { address: KEY, at: "2026-06-01T00:00:00Z" } };
const targets = { ...NO_LIMITS, targets: [KEY] };

const ran = (...states: readonly StepState[]): ApplyReport => ({
  results: states.map((state) => ({ step: sampleStep({ address: KEY }), state, notes: [] })),
  interrupted: false,
});
const noted = (code: Diagnostic["code"], severity: Diagnostic["severity"]): Diagnostic => ({
  ...{ code, severity, summary: "S", detail: "D." },
});

const MATCHES = "the account now matches the manifest";

test.each<[string, ApplyReport, Partial<Plan>, string]>([
  ["all done", ran("done"), {}, "The account now matches the manifest.\n"],
  ["was so already", ran("done", "already"), {}, "The account now matches the manifest.\n"],
  ["failed", ran("failed"), {}, `1 failed; even so ${MATCHES}.\n`],
  ["all that can go wrong", ran("done", "failed", "skipped", "stale", "held", "blocked"), {}, `${MATCHES}.\n`],
  ["stopped", { ...ran("done"), stopped: "Disk full." }, {}, `The run stopped early; even so ${MATCHES}.\n`],
  ["limited", ran("done"), { limits: targets }, "What this run was limited to now matches the manifest.\n"],
  ["undone", ran("done"), { basis: { ...basis, undo: "run_1" } }, "All of run_1 that can be undone is undone.\n"],
  ["undone, one failed", ran("failed"), { basis: { ...basis, undo: "run_1" } }, "1 failed; even so all of run_1"],
  ["rotated", ran("done"), { basis: rotate, limits: targets }, `${KEY} has a new secret.\n`],
  ["not rotated", ran("failed"), { basis: rotate, limits: targets }, "1 failed; even so what this run was limited to"],
  ["not all visible", ran("done"), { unknowns: [noted("AX301", "warning")] }, "manifest, as far as it can be seen.\n"],
  ["taken for so", ran("done"), { unknowns: [noted("AX307", "note")] }, "The account now matches the manifest.\n"],
  [
    "by hand",
    ran("done"),
    { notes: [noted("AX308", "warning")] },
    ", but for 1 difference that has to be settled by hand (AX308).\n",
  ],
  [
    "several by hand",
    ran("done"),
    { notes: [noted("AX308", "warning"), noted("AX308", "warning")] },
    ", but for 2 differences that have to be",
  ],
])("nothing is left: %s", (_, report, left, text) => {
  expect(renderClosing(report, samplePlan(left))).toContain(text);
});

test("what did not happen is counted in front", () => {
  expect(renderClosing(ran("done", "failed", "skipped", "stale", "held", "blocked"), samplePlan())).toBe(
    `1 failed, 1 stale, 1 skipped, 1 held, 1 blocked; even so ${MATCHES}.\n`,
  );
});

test("what is left is listed, and never called a match", () => {
  const left = samplePlan({ steps: [sampleRemoval()], withheld: ["user:x@y.z"], incomplete: ["user@"] });
  expect(renderClosing(ran("failed"), left)).toBe(`Left: 1 to delete; 1 held, 1 withheld.
  - delete user:carl@acme.io  held chg_000000000002
  withheld user:x@y.z
  not read whole user@
`);
});

test("no step, and yet no match, is told as that", () => {
  expect(renderClosing(ran("done"), samplePlan({ incomplete: ["user@"], assertions: [sampleFailure()] }))).toBe(
    "No step is left, but not everything could be judged, and 1 assertion does not hold.\n  not read whole user@\n",
  );
  const other = sampleFailure({ source: "access.yaml:91:5" });
  expect(renderClosing(ran("done"), samplePlan({ assertions: [sampleFailure(), other] }))).toBe(
    "No step is left, but 2 assertions do not hold.\n",
  );
});
