import { expect, test } from "vitest";
import { takeDrift } from "../../src/cli/edits/take-drift.ts";
import { DiagnosedError } from "../../src/model/errors.ts";
import type { DriftItem } from "../../src/plan/find-drift.ts";
import { memoryFiles } from "../manifest/load-text.ts";
import { openWrittenSession } from "../support/open-written-session.ts";
import { live, planInput } from "../support/plan-input.ts";

const MANIFEST = "version: 1\norganizations:\n  A: { description: one }\n";

test("what would still have a step on the account that was read is not written", async () => {
  const written: string[] = [];
  const session = { ...(await openWrittenSession(written)), files: memoryFiles({ "access.yaml": MANIFEST }) };
  const item: DriftItem = {
    sort: "changed",
    address: "organization:A",
    fields: [{ field: "description", from: "one", to: "two" }],
  };
  const sight = planInput({ live: [live("organization:A", { description: "three" })] });
  const drift = { items: [item], ahead: [], notes: [], unread: [] };
  const taking = takeDrift(session, { drift, sight, memory: sight.memory });
  await expect(taking).rejects.toThrow(DiagnosedError);
  await expect(taking).rejects.toMatchObject({
    diagnostics: [{ code: "AX349", detail: "A plan of the edited manifest would still change organization:A." }],
  });
  expect(written).toEqual(["Nothing was written.\n"]);
});
