import { expect, test } from "vitest";
import { isLapseAlone, type Removal } from "../../src/model/lapsed.ts";

const LAPSE: Removal = {
  op: "delete",
  reason: "expired",
  address: "space-member:A/x/ana@acme.io",
  expires: "2026-06-01T00:00:00Z",
  cascade: [],
  from: { role: "member" },
  hazards: [{ code: "removes-access", detail: "" }],
  loses: ["user:ana@acme.io"],
};

test("a grant whose time is over goes alone; an admin right may hide what would go along, and does not", () => {
  expect(isLapseAlone(LAPSE)).toBe(true);
  expect(isLapseAlone({ ...LAPSE, from: undefined })).toBe(true);
  expect(isLapseAlone({ ...LAPSE, from: { role: "admin" } })).toBe(false);
});
