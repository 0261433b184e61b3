import { expect, test } from "vitest";
import { checkApprovals, draftApproval, selectApprovals } from "../../src/apply/approvals.ts";
import type { HeldApproval } from "../../src/model/approval.ts";
import type { Step } from "../../src/model/change.ts";
import { HELD, makeApproval, makePlanOf, makeStep } from "../support/toy-plan.ts";

const NOW = new Date("2026-06-15T00:00:00Z");
const WAS = makeStep("a", {
  id: "chg_was",
  op: "update",
  gate: HELD,
  remote: { id: "1" },
  from: { role: "member", x: 1 },
  to: { role: "admin" },
});
const DRAFT = { ids: ["chg_was"], by: "v@x.io", reason: "r", now: NOW, expires: new Date("2026-06-16T00:00:00Z") };
const GIVEN = draftApproval({ ...DRAFT, plan: makePlanOf([WAS]) });
const IS: Step = { ...WAS, id: "chg_is" };
const tell = (step: Step, approval: HeldApproval = GIVEN): readonly (readonly string[])[] =>
  selectApprovals(makePlanOf([step]), [approval], NOW).notes.map(({ code, detail }) => [code, detail]);
const begin = "v@x.io approved chg_was (update space:a), and now it is chg_is:";

test.each<readonly [Partial<Step>, string]>([
  [{ from: { role: "read-only", x: 1 } }, 'before, role was "member" and is "read-only".'],
  [
    { from: { role: "member" }, to: { role: "admin", y: true } },
    "before, x was 1 and is not there; after, y was not there and is true.",
  ],
  [{ remote: { id: "2" } }, "another object has taken its place."],
  [{ op: "delete" }, "it was to update and is to delete."],
  [{ hazards: [{ code: "blind", detail: "" }] }, "whom it hits, or what goes with it, has moved."],
])("what moved is told: %j", (said, words) => {
  expect(tell({ ...IS, ...said })).toEqual([["AX369", `${begin} ${words}`]]);
});

test("of what is not planned, or was never told, nothing more is said", () => {
  const { deeds: _, ...older } = GIVEN;
  const other = makeStep("b", { id: "chg_is", op: "delete" });
  for (const [code] of [...tell(other), ...tell(IS, older)]) expect(code).toBe("AX402");
});

test("an approval that tells of another change than its id counts for nothing", () => {
  const deeds = [{ id: "chg_was" as const, op: "create" as const, address: "space:harmless" as const }];
  const lying = { ...GIVEN, deeds };
  expect(tell(WAS)).toEqual([]);
  expect(tell(WAS, lying)).toMatchObject([
    [
      "AX370",
      expect.stringContaining("chg_was is create space:harmless, and it is update space:a: it is somewhere else;"),
    ],
  ]);
  expect(selectApprovals(makePlanOf([WAS]), [lying], NOW).approvals.size).toBe(0);
});

test("what moved is told in the order of its fields, as a warning with what to do", () => {
  const moved = { ...IS, from: { z: 1, a: 1, role: "member", x: 1 } };
  expect(selectApprovals(makePlanOf([moved]), [GIVEN], NOW).notes).toEqual([
    {
      code: "AX369",
      severity: "warning",
      summary: "An approval is for another state",
      detail: `${begin} before, a was not there and is 1; before, z was not there and is 1.`,
      fix: "Have it approved again.",
    },
  ]);
  expect(selectApprovals(makePlanOf([]), [GIVEN], NOW).notes).toEqual([
    {
      code: "AX402",
      severity: "note",
      summary: "An approval is for a change that is not planned",
      detail:
        "v@x.io approved chg_was, which is not in this plan: it is done, no longer wanted, or what it changes has moved since.",
    },
  ]);
});

test("of several changes each is compared with what is told of it", () => {
  const other = makeStep("b", { id: "chg_b", op: "delete", gate: HELD });
  const both = draftApproval({ ...DRAFT, plan: makePlanOf([WAS, other]), ids: ["chg_was", "chg_b"] });
  const counted = (approval: HeldApproval): readonly string[] => [
    ...selectApprovals(makePlanOf([WAS, other]), [approval], NOW).approvals.keys(),
  ];
  expect(counted(both)).toEqual(["chg_was", "chg_b"]);
  const deeds = (both.deeds ?? []).map((deed) => (deed.id === "chg_b" ? { ...deed, op: "update" as const } : deed));
  expect(counted({ ...both, deeds })).toEqual(["chg_was"]);
  const moved = { ...other, id: "chg_c" as const, remote: { id: "2" } };
  expect(selectApprovals(makePlanOf([WAS, moved]), [both], NOW).notes.map(({ detail }) => detail)).toEqual([
    "v@x.io approved chg_b (delete space:b), and now it is chg_c: another object has taken its place.",
  ]);
});

test("an approval that tells nothing of its change counts by the id alone", () => {
  const { deeds: _, ...older } = GIVEN;
  const { approvals, notes } = selectApprovals(makePlanOf([WAS]), [older], NOW);
  expect([[...approvals.keys()], notes]).toEqual([["chg_was"], []]);
});

test("that an approval tells of another change is an error, with what to do", () => {
  const lying = { ...GIVEN, deeds: [{ id: "chg_was" as const, op: "create" as const, address: WAS.address }] };
  expect(selectApprovals(makePlanOf([WAS]), [lying], NOW).notes).toMatchObject([
    {
      code: "AX370",
      severity: "error",
      summary: "An approval tells of another change",
      fix: "Find out who changed the file, and have it approved again.",
    },
  ]);
});

test("a weakening of the rules is approved like a change, told first", () => {
  const change = { id: "chg_rules", weaker: ["x"], before: { needed: {}, notBy: [], signed: false } } as const;
  const plan = { ...makePlanOf([WAS]), approvals: { rules: change.before, needed: {}, change } };
  const both = draftApproval({ ...DRAFT, plan, ids: ["chg_was", "chg_rules"] });
  expect(both.changes).toEqual(["chg_rules", "chg_was"]);
  expect([...selectApprovals(plan, [both], NOW).approvals.keys()]).toEqual(["chg_rules", "chg_was"]);
  const alone = draftApproval({ ...DRAFT, plan, ids: ["chg_rules"] });
  expect(alone).not.toHaveProperty("deeds");
  expect(draftApproval({ ...DRAFT, plan }).changes).toEqual(["chg_was"]);
});

test.each([
  [{ deeds: [] }, true],
  [{ deeds: "x" }, false],
  [{ deeds: [1] }, false],
  [{ deeds: [{ id: "chg_a", op: "delete", address: "space:a", more: 1 }] }, false],
  [{ deeds: [{ id: "chg_a", op: "delete", address: "space:a", from: 1 }] }, false],
  [{ deeds: [{ id: "a", op: "delete", address: "space:a" }] }, false],
  [{ deeds: [{ id: "chg_a", op: "drop", address: "space:a" }] }, false],
  [{ deeds: [{ id: "chg_a", op: "drop", address: 1 }] }, false],
  [{ deeds: [{ id: "chg_a", op: "delete", address: "a" }] }, false],
  [{ deeds: [{ id: "chg_a", op: "delete", address: "space:" }] }, false],
  [{ deeds: [{ id: "chg_a", op: "delete", address: "1 space:a" }] }, false],
  [{ deeds: [{ id: "chg_a", op: "delete", address: "space:\n" }] }, true],
  [{ deeds: [{ id: "chg_abc", op: "create", address: "org-member:a/b" }] }, true],
  [{ deeds: [{ id: "x chg_a", op: "delete", address: "space:a" }] }, false],
  [{ deeds: [{ id: "chg_a!", op: "delete", address: "space:a" }] }, false],
  [{ deeds: [{ id: "chg_a", op: "undelete", address: "space:a" }] }, false],
  [{ deeds: [{ id: "chg_a", op: "deleted", address: "space:a" }] }, false],
  [{ deeds: [{ id: "chg_a", op: "delete", address: "space:a", remote: 1 }] }, false],
  [{ deeds: [{ id: "chg_a", op: "update", address: "space:a", to: 1 }] }, false],
  [{ deeds: [{ id: "chg_a", op: "update", address: "space:a", to: {} }] }, true],
  [{ deeds: [{ id: "chg_a", op: "delete", address: "space:a", from: {}, remote: { id: "1" } }] }, true],
  [{ signature: "x" }, false],
  [{ signature: "x-----BEGIN SSH SIGNATURE-----\n" }, false],
  [{ signature: "-----BEGIN SSH SIGNATURE-----\n" }, true],
])("the file is read with care: %j", (said, isSound) => {
  const file = { version: 1, approvals: [{ ...makeApproval(["chg_a"]), ...said }] };
  expect(checkApprovals(file, "a.yaml").approvals).toHaveLength(isSound ? 1 : 0);
});
