import { expect, test } from "vitest";
import { digestPlan } from "../../src/plan/digest.ts";
import { readPlan } from "../../src/plan/read-plan.ts";
import { makePlanOf } from "../support/toy-plan.ts";

const PLAN = makePlanOf([]);
const withLedger = (ledger: unknown): string => JSON.stringify({ ...PLAN, basis: { ...PLAN.basis, ledger } });

test.each([
  ["text that is not JSON", "{", "AX330"],
  ["a list", "[]", "AX330"],
  ["null", "null", "AX330"],
  ["a number", "1", "AX330"],
  ["an object without a digest", JSON.stringify({ ...PLAN, digest: undefined }), "AX330"],
  ["an object whose steps are no list", JSON.stringify({ ...PLAN, steps: {} }), "AX330"],
  ["a plan that does not say who loses", JSON.stringify({ ...PLAN, access: undefined }), "AX330"],
  ["a plan of a line of the ledger that could not be", withLedger({ seq: -1, digest: PLAN.digest }), "AX330"],
  ["a plan of a line of the ledger without a digest", withLedger({ seq: 1, digest: "" }), "AX330"],
  ["a plan of more than a line of the ledger", withLedger({ seq: 1, digest: PLAN.digest, more: 1 }), "AX330"],
  ["a plan whose ledger was changed", withLedger({ seq: 1, digest: PLAN.digest }), "AX332"],
  ["a plan of another format", JSON.stringify({ ...PLAN, format: 2 }), "AX331"],
  ["a plan that was changed", JSON.stringify(PLAN), "AX332"],
])("%s is refused, with the file named", (_, text, code) => {
  expect(readPlan(text, "plan.json")).toMatchObject({
    plan: undefined,
    diagnostics: [{ code, severity: "error", at: { file: "plan.json" } }],
  });
});

test("a plan is read with the ledger that it was made with, and without as older ones are", () => {
  for (const ledger of [{ seq: 0, digest: PLAN.digest }, { seq: 12, digest: PLAN.digest }, undefined]) {
    const plan = { ...PLAN, basis: { ...PLAN.basis, ...(ledger !== undefined && { ledger }) } };
    const sealed = { ...plan, digest: digestPlan(plan) };
    expect(readPlan(JSON.stringify(sealed), "plan.json").plan).toEqual(sealed);
  }
});
