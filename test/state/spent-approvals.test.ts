import { expect, test } from "vitest";
import type { Approval } from "../../src/model/approval.ts";
import type { LedgerEntry, OutcomeEntry } from "../../src/model/ledger.ts";
import { dropSpent } from "../../src/state/spent-approvals.ts";
import { makeLines } from "../support/ledger-lines.ts";
import { SOME_DIGEST } from "../support/toy-plan.ts";

const APPROVAL: Approval = {
  changes: ["chg_a", "chg_b"],
  plan: SOME_DIGEST,
  by: "vera",
  at: "2026-06-01T00:00:00Z",
  expires: "2026-07-01T00:00:00Z",
  reason: "left",
};
const used = (given: string | undefined): LedgerEntry => ({
  ...{ type: "approval", run: "r", change: "chg_a", by: "vera", reason: "left", plan: SOME_DIGEST },
  ...(given === undefined ? {} : { given }),
});
const ended = (result: OutcomeEntry["result"]): LedgerEntry => ({
  ...{ type: "outcome", run: "r", change: "chg_a", op: "delete", address: "space:A/a", result },
});

test("an approval lets one change happen once", () => {
  const left = dropSpent([APPROVAL], makeLines([used(APPROVAL.at), ended("done")]));
  expect(left).toEqual([{ ...APPROVAL, changes: ["chg_b"] }]);
  // Gone by itself meanwhile, or found to be gone by a later run: it happened all the same.
  for (const result of ["absent", "settled-done"] as const) {
    expect(dropSpent([APPROVAL], makeLines([used(APPROVAL.at), ended(result)]))).toEqual(left);
  }
  expect(dropSpent([{ ...APPROVAL, changes: ["chg_a"] }], makeLines([used(undefined), ended("done")]))).toEqual([]);
});

test("what failed may be tried again, and a new approval of the same change counts", () => {
  for (const result of ["failed", "unknown", "settled-not-done"] as const) {
    expect(dropSpent([APPROVAL], makeLines([used(APPROVAL.at), ended(result)]))).toEqual([APPROVAL]);
  }
  const again = { ...APPROVAL, at: "2026-06-02T00:00:00Z" };
  expect(dropSpent([again], makeLines([used(APPROVAL.at), ended("done")]))).toEqual([again]);
  expect(dropSpent([APPROVAL], makeLines([ended("done")]))).toEqual([APPROVAL]);
});
