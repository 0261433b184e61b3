import { expect, test } from "vitest";
import type { Address } from "../../src/model/address.ts";
import type { ChangeRecord, RunRecord } from "../../src/model/history.ts";
import type { Resource } from "../../src/model/resource.ts";
import { indexGrants, recallGrant } from "../../src/packets/recall-grants.ts";

const GRANT: Address = "space-member:A/b/ana@x.example";
const LIVE: Resource = {
  kind: "space-member",
  address: GRANT,
  spec: { role: "admin" },
  origin: { from: "platform", remote: { id: "1" } },
};

function change(more: Partial<ChangeRecord>): ChangeRecord {
  return {
    ...{ run: "run_1", change: "chg_1", op: "create", address: GRANT, at: "2027-01-01T00:00:00.000Z", line: 2 },
    ...{ result: "done", unseen: false, cascade: [], taken: [], approvals: [], lapsed: false },
    ...{ remote: { id: "1" }, to: { role: "admin" } },
    ...more,
  };
}

function runOf(...changes: readonly ChangeRecord[]): RunRecord {
  return { run: "run_1", at: "2027-01-01T00:00:00.000Z", by: "eve", flags: [], changes, adoptions: [], managed: [] };
}

function recall(...runs: readonly RunRecord[]): string | undefined {
  const record = recallGrant(LIVE, indexGrants(runs));
  return record && `${record.what} ${record.at} ${record.by}`;
}

test("the newest that made a grant as it is now is what is told of it", () => {
  expect(recall(runOf(change({})))).toBe("made 2027-01-01T00:00:00.000Z eve");
  const later = change({ op: "update", at: "2027-02-01T00:00:00.000Z" });
  expect(recall(runOf(change({}), later))).toBe("changed 2027-02-01T00:00:00.000Z eve");
  const adoption = { address: GRANT, at: "2027-03-01T00:00:00.000Z", remote: { id: "1" } };
  expect(recall({ ...runOf(), adoptions: [adoption] })).toBe("adopted 2027-03-01T00:00:00.000Z eve");
});

test.each([
  ["another object by now", [change({ remote: { id: "2" } })]],
  ["changed by somebody else", [change({ to: { role: "member" } })]],
  ["deleted since, and there again", [change({}), change({ op: "delete" })]],
  ["gone along with its space", [change({}), change({ op: "delete", address: "space:A/b", cascade: [GRANT] })]],
  ["renamed away", [change({}), change({ op: "update", address: "space-member:A/c/x", renamedFrom: GRANT })]],
  ["in doubt", [change({}), change({ op: "update", result: "open" })]],
  ["failed", [change({ result: "failed" })]],
])("nothing is told of what is %s", (_why, changes) => {
  expect(recall(runOf(...changes))).toBeUndefined();
  expect(recallGrant(undefined, indexGrants([runOf(...changes)]))).toBeUndefined();
});
