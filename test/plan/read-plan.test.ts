import { expect, test } from "vitest";
import { readPlan } from "../../src/plan/read-plan.ts";
import { makePlanOf } from "../support/toy-plan.ts";

const PLAN = makePlanOf([]);

test.each([
  ["text that is not JSON", "{", "AX330"],
  ["a list", "[]", "AX330"],
  ["null", "null", "AX330"],
  ["a number", "1", "AX330"],
  ["an object without a digest", JSON.stringify({ ...PLAN, digest: undefined }), "AX330"],
  ["an object whose steps are no list", JSON.stringify({ ...PLAN, steps: {} }), "AX330"],
  ["a plan that does not say who loses", JSON.stringify({ ...PLAN, access: undefined }), "AX330"],
  ["a plan of another format", JSON.stringify({ ...PLAN, format: 2 }), "AX331"],
  ["a plan that was changed", JSON.stringify(PLAN), "AX332"],
])("%s is refused, with the file named", (_, text, code) => {
  expect(readPlan(text, "plan.json")).toMatchObject({
    plan: undefined,
    diagnostics: [{ code, severity: "error", at: { file: "plan.json" } }],
  });
});
