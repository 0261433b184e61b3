import { Ajv } from "ajv";
import { describe, expect, it, test } from "vitest";
import schema from "../../schema/approval.schema.json" with { type: "json" };
import {
  checkApprovals,
  describeNoApprovals,
  draftApproval,
  listHeld,
  selectApprovals,
} from "../../src/apply/approvals.ts";
import { UsageError } from "../../src/model/errors.ts";
import { BLOCKED, HELD, makeApproval, makePlanOf, makeStep, SOME_DIGEST } from "../support/toy-plan.ts";

const NOW = new Date("2026-06-15T00:00:00Z");
const accepts = new Ajv().compile(schema);
const good = makeApproval(["chg_a"]);

function faults(value: unknown): readonly string[] {
  const { approvals, diagnostics } = checkApprovals(value, "approvals/a.yaml");
  expect(approvals).toEqual([]);
  expect(diagnostics.every(({ code, severity }) => code === "AX401" && severity === "error")).toBe(true);
  return diagnostics.map(({ detail }) => detail);
}

describe("an approvals file", () => {
  it("that is sound is taken as it is, by the check and by the schema", () => {
    const bound = [0, 7].map((seq) => ({ ...good, ledger: { seq, digest: SOME_DIGEST } }));
    const file = { version: 1, approvals: [good, { ...good, at: "2026-06-01T00:00:00.5+02:00" }, ...bound] };
    expect(checkApprovals(file, "a.yaml")).toEqual({ approvals: file.approvals, diagnostics: [] });
    expect(accepts(file)).toBe(true);
    expect(checkApprovals({ version: 1, approvals: [] }, "a.yaml")).toEqual({ approvals: [], diagnostics: [] });
  });

  it("is what it says itself, whatever an object hides behind it", () => {
    const hidden = { provedBy: [SOME_DIGEST], key: "SHA256:x", typed: true };
    const inherits = Object.assign(Object.create(hidden), good);
    const hides = Object.defineProperty({ ...good }, "typed", { value: true });
    const [one, other] = checkApprovals({ version: 1, approvals: [inherits, hides] }, "approvals").approvals;
    for (const key of Object.keys(hidden))
      expect([one, other].map((each) => key in (each ?? {}))).toEqual([false, false]);
    expect(faults({ version: 1, approvals: [Object.create(good)] })).not.toEqual([]);
  });

  it("takes every id of a change that axcess writes, and an instant as exact as one likes", () => {
    const file = { version: 1, approvals: [makeApproval(["chg_A-z_0", "chg_b"], { at: "2026-06-01T00:00:00.123Z" })] };
    expect(checkApprovals(file, "a.yaml").approvals).toEqual(file.approvals);
  });

  it("tells what is wrong with it, and how it is written", () => {
    const [version, one] = [{ version: 1 }, makeApproval(["chg_a"])];
    const empty = Object.fromEntries(Object.keys(one).map((key) => [key, ""]));
    const wrong = { ...empty, ledger: null, deeds: 1, signature: 1 };
    expect(checkApprovals({ ...version, approvals: [wrong] }, "a.yaml").diagnostics).toEqual(
      [
        "changes: a list of change ids, chg_ and what follows",
        "plan: the digest of a plan",
        "ledger: seq and digest of a line of the ledger",
        "by: a text that is not empty",
        "at: an RFC 3339 instant, such as 2027-01-31T00:00:00Z",
        "expires: an RFC 3339 instant, such as 2027-01-31T00:00:00Z",
        "reason: a text that is not empty",
        "deeds: a list of what was approved",
        "signature: an SSH signature",
      ].map((needs) => ({
        code: "AX401",
        severity: "error",
        summary: "An approvals file is not well formed",
        detail: `Approval 1 in a.yaml needs ${needs}.`,
        fix: "Write it anew with `axcess approve`.",
      })),
    );
    expect(describeNoApprovals("a.yaml")).toMatchObject({
      code: "AX401",
      detail: "a.yaml holds no mapping with version, approvals.",
    });
  });

  it("that is no such file is refused", () => {
    const list = [
      null,
      "x",
      [],
      { version: 2, approvals: [] },
      { version: 1, approvals: {} },
      { version: 1, approvals: [], x: 1 },
    ];
    for (const value of list) {
      expect(faults(value).length).toBeGreaterThan(0);
      expect(accepts(value)).toBe(false);
    }
    expect(faults({ version: "1", more: 1 })).toEqual([
      'approvals/a.yaml has the unknown key "more"; its keys are version, approvals.',
      "approvals/a.yaml needs version: 1.",
      "approvals/a.yaml needs approvals: a list.",
    ]);
    expect(faults(null)).toEqual(["approvals/a.yaml must be a mapping with version, approvals."]);
  });

  it.each([
    ["changes", []],
    ["changes", "chg_a"],
    ["changes", ["chg_"]],
    ["changes", [1]],
    ["changes", ["chg_a", "a"]],
    ["changes", ["a chg_a"]],
    ["changes", ["chg_a b"]],
    ["changes", [["chg_a"]]],
    ["plan", `x${SOME_DIGEST}`],
    ["plan", `${SOME_DIGEST}0`],
    ["at", "on 2026-06-01T00:00:00Z"],
    ["at", "2026-06-01T00:00:00Z sharp"],
    ["plan", "sha256:x"],
    ["plan", 1],
    ["by", " "],
    ["by", undefined],
    ["reason", 1],
    ["at", "2026-06-01"],
    ["expires", 1],
    ["ledger", null],
    ["ledger", SOME_DIGEST],
    ["ledger", [3, SOME_DIGEST]],
    ["ledger", {}],
    ["ledger", { seq: 3 }],
    ["ledger", { digest: SOME_DIGEST }],
    ["ledger", { seq: "3", digest: SOME_DIGEST }],
    ["ledger", { seq: -1, digest: SOME_DIGEST }],
    ["ledger", { seq: 0.5, digest: SOME_DIGEST }],
    ["ledger", { seq: 3, digest: `${SOME_DIGEST}0` }],
    ["ledger", { seq: 3, digest: `x${SOME_DIGEST}` }],
    ["ledger", { seq: 3, digest: SOME_DIGEST, at: "2026-06-01T00:00:00Z" }],
  ])("with a wrong %s %j loses that approval and no other", (key, value) => {
    const file = { version: 1, approvals: [good, JSON.parse(JSON.stringify({ ...good, [key]: value }))] };
    const { approvals, diagnostics } = checkApprovals(file, "a.yaml");
    expect(approvals).toEqual([good]);
    expect(diagnostics.map(({ detail }) => detail)).toEqual([
      expect.stringContaining(`Approval 2 in a.yaml needs ${key}: `),
    ]);
    expect(accepts(file)).toBe(false);
  });

  it("takes no instant that is in no calendar", () => {
    for (const expires of ["2026-13-01T00:00:00Z", "2026-02-31T00:00:00Z", "2026-06-01T25:00:00Z"]) {
      expect(faults({ version: 1, approvals: [{ ...good, expires }] })).toHaveLength(1);
    }
  });

  it("with an unknown key in an approval is refused", () => {
    expect(faults({ version: 1, approvals: [{ ...good, sign: "x" }, 5] })).toEqual([
      expect.stringContaining('Approval 1 in approvals/a.yaml has the unknown key "sign"'),
      expect.stringContaining("Approval 2 in approvals/a.yaml must be a mapping"),
    ]);
  });
});

describe("what was approved, as an approval tells it", () => {
  const deed = { id: "chg_a", op: "delete", address: "space:a" };
  const file = (deeds: unknown): unknown => ({ version: 1, approvals: [{ ...good, deeds }] });

  it("may be nothing, or all there is of each change", () => {
    const whole = { ...deed, remote: { id: "1" }, from: { role: "member" }, to: {} };
    for (const deeds of [[], [deed], [whole, { ...deed, op: "update" }, { ...deed, op: "create" }]]) {
      expect(checkApprovals(file(deeds), "a.yaml").diagnostics).toEqual([]);
      expect(accepts(file(deeds))).toBe(true);
    }
  });

  it.each([
    5,
    [5],
    [null],
    [[]],
    [deed, 5],
    [{ ...deed, gate: "open" }],
    [{ ...deed, id: undefined }],
    [{ ...deed, id: "chg_" }],
    [{ ...deed, id: "x chg_a" }],
    [{ ...deed, id: "chg_a x" }],
    [{ ...deed, op: "deleted" }],
    [{ ...deed, op: "a delete" }],
    [{ ...deed, address: "space:" }],
    [{ ...deed, address: ":a" }],
    [{ ...deed, address: " space:a" }],
    [{ ...deed, remote: 1 }],
    [{ ...deed, from: "x" }],
    [{ ...deed, to: [] }],
  ])("is refused as %j", (deeds) => {
    expect(faults(file(deeds))).toEqual(["Approval 1 in approvals/a.yaml needs deeds: a list of what was approved."]);
  });
});

test.each([
  { signature: "x-----BEGIN SSH SIGNATURE-----" },
  { at: "x2026-06-01T00:00:00Z" },
  { at: "2026-06-01T00:00:00Zx" },
  { expires: "2026-06-16T00:00:00+02:00x" },
])("what only holds the right form is refused: %j", (said) => {
  expect(faults({ version: 1, approvals: [{ ...good, ...said }] })).toHaveLength(1);
});

describe("a weakening of the rules", () => {
  const rules = { needed: {}, notBy: [], signed: false };
  const change = { id: "chg_rules", weaker: ["x"], before: rules } as const;
  const plan = { ...makePlanOf([makeStep("a", { op: "delete" })]), approvals: { rules, needed: {}, change } };
  const draft = { plan, by: "ana", reason: "r", now: NOW, expires: new Date("2026-06-16T00:00:00Z") };

  it("is bound by its id, like a change", () => {
    const approval = makeApproval(["chg_rules"]);
    const { approvals, notes } = selectApprovals(plan, [approval], NOW);
    expect([[...approvals], notes]).toEqual([[["chg_rules", [approval]]], []]);
  });

  it("is drafted first, alone or with others, and only where it is named", () => {
    const alone = draftApproval({ ...draft, ids: ["chg_rules"] });
    expect(alone.changes).toEqual(["chg_rules"]);
    expect(alone).not.toHaveProperty("deeds");
    expect(draftApproval({ ...draft, ids: ["chg_delete-a", "chg_rules"] }).changes).toEqual([
      "chg_rules",
      "chg_delete-a",
    ]);
    expect(draftApproval({ ...draft, ids: ["chg_delete-a"] }).changes).toEqual(["chg_delete-a"]);
  });
});

describe("selecting approvals", () => {
  const plan = makePlanOf([makeStep("a", { op: "delete" }), makeStep("b", { op: "delete" })]);

  it("binds them to the changes of the plan", () => {
    const both = makeApproval(["chg_delete-a", "chg_delete-b", "chg_delete-a"]);
    const one = makeApproval(["chg_delete-b"], { by: "bob" });
    const { approvals, notes } = selectApprovals(plan, [both, one], NOW);
    expect([...approvals]).toEqual([
      ["chg_delete-a", [both]],
      ["chg_delete-b", [both, one]],
    ]);
    expect(notes).toEqual([]);
  });

  it("leaves out one that tells of another change than its id", () => {
    const deeds = [{ id: "chg_delete-a", op: "delete", address: "space:harmless" }] as const;
    const { approvals, notes } = selectApprovals(plan, [makeApproval(["chg_delete-a"], { deeds })], NOW);
    expect([approvals.size, notes.map(({ code }) => code)]).toEqual([0, ["AX370"]]);
  });

  it("tells of expired ones and of those for nothing that is planned", () => {
    const expired = { expires: "2026-06-14T00:00:00Z" };
    const { approvals, notes } = selectApprovals(
      plan,
      [
        makeApproval(["chg_delete-a"], expired),
        makeApproval(["chg_old"], expired),
        makeApproval(["chg_old", "chg_delete-b"]),
      ],
      NOW,
    );
    expect([...approvals.keys()]).toEqual(["chg_delete-b"]);
    expect(notes.map(({ code, severity }) => `${code} ${severity}`)).toEqual([
      "AX403 note",
      "AX402 note",
      "AX402 note",
    ]);
    expect(notes[0]).toMatchObject({
      summary: "An approval has expired",
      detail: "What ana approved on 2026-06-01T00:00:00Z counted until 2026-06-14T00:00:00Z: chg_delete-a.",
      fix: "Have it approved again.",
    });
    const [both] = selectApprovals(plan, [makeApproval(["chg_delete-a", "chg_delete-b"], expired)], NOW).notes;
    expect(both?.detail).toContain(": chg_delete-a, chg_delete-b.");
  });
});

test("what waits for an approval is what is held, and first of all a weakening of the rules", () => {
  const plan = makePlanOf([makeStep("a", { op: "delete" }), makeStep("b"), makeStep("c", { gate: BLOCKED })]);
  const rules = { needed: {}, notBy: [], signed: false };
  expect(listHeld(plan)).toEqual(["chg_delete-a"]);
  expect(listHeld({ ...plan, approvals: { rules, needed: {} } })).toEqual(["chg_delete-a"]);
  const change = { id: "chg_rules", weaker: ["x"], before: rules } as const;
  expect(listHeld({ ...plan, approvals: { rules, needed: {}, change } })).toEqual(["chg_rules", "chg_delete-a"]);
});

describe("drafting an approval", () => {
  const steps = [
    makeStep("a", { op: "delete" }),
    makeStep("b", { gate: HELD }),
    makeStep("c"),
    makeStep("d", { gate: BLOCKED }),
  ];
  const draft = {
    plan: makePlanOf(steps),
    by: "ana",
    reason: "left",
    now: NOW,
    expires: new Date("2026-06-16T00:00:00Z"),
  };

  it("names the changes in plan order", () => {
    expect(draftApproval({ ...draft, ids: ["chg_create-b", "chg_delete-a", "chg_create-b"] })).toEqual({
      changes: ["chg_delete-a", "chg_create-b"],
      plan: SOME_DIGEST,
      by: "ana",
      at: "2026-06-15T00:00:00.000Z",
      expires: "2026-06-16T00:00:00.000Z",
      reason: "left",
      deeds: [
        { id: "chg_delete-a", op: "delete", address: "space:a" },
        { id: "chg_create-b", op: "create", address: "space:b", to: { value: "new" } },
      ],
    });
  });

  it("tells the ledger that the plan was made with, where there was one", () => {
    const ids = ["chg_delete-a"];
    expect(draftApproval({ ...draft, ids })).not.toHaveProperty("ledger");
    const ledger = { seq: 0, digest: SOME_DIGEST };
    const plan = { ...draft.plan, basis: { ...draft.plan.basis, ledger } };
    expect(draftApproval({ ...draft, plan, ids }).ledger).toEqual(ledger);
  });

  it("refuses what cannot or need not be approved, all at once", () => {
    expect(() => draftApproval({ ...draft, ids: ["chg_create-c", "chg_create-d", "chg_x", "chg_delete-a"] })).toThrow(
      new UsageError(
        "chg_create-c (space:c) needs no approval. chg_create-d (space:d) is blocked; no approval releases it. The plan has no change chg_x.",
      ),
    );
  });

  it("says what to do where nothing is named, and knows no weakening where the rules have none", () => {
    const named = { ...draft, ids: [] };
    expect(() => draftApproval(named)).toThrow(
      expect.objectContaining({ fix: "Name change ids, or approve all that are held." }),
    );
    const approvals = { rules: { needed: {}, notBy: [], signed: false }, needed: {} };
    const plan = { ...draft.plan, approvals };
    expect(draftApproval({ ...draft, plan, ids: ["chg_delete-a"] }).changes).toEqual(["chg_delete-a"]);
  });

  it.each([
    [{ ids: [] }, "No change is named."],
    [{ by: " " }, "An approval names who gives it."],
    [{ reason: "" }, "An approval needs a reason."],
    [{ reason: " " }, "An approval needs a reason."],
    [{ expires: NOW }, "An approval must expire in the future."],
  ])("refuses %j", (said, message) => {
    expect(() => draftApproval({ ...draft, ids: ["chg_delete-a"], ...said })).toThrow(
      expect.objectContaining({ name: "UsageError", message }),
    );
  });
});
