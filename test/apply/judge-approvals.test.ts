import { describe, expect, it } from "vitest";
import { findGains, judgeApprovals, type Voting } from "../../src/apply/judge-approvals.ts";
import { mayRun } from "../../src/apply/may-run.ts";
import type { HeldApproval } from "../../src/model/approval.ts";
import { NO_RULES, type RulesInForce } from "../../src/model/approval-rules.ts";
import type { Hazard } from "../../src/model/change.ts";
import { sampleAccess, sampleShift } from "../support/sample-plan.ts";
import { HELD, makeApproval, makePlanOf, makeStep, OPEN, SOME_DIGEST } from "../support/toy-plan.ts";

const NOW = new Date("2026-06-15T00:00:00Z");
const STEP = makeStep("s", {
  id: "chg_s",
  op: "update",
  gate: HELD,
  address: "space-member:A/s/ana@x.io",
  renamedFrom: "space-member:A/old@x.io/ana@x.io",
});
const by = (email: string, said: Partial<HeldApproval> = {}): HeldApproval => ({
  ...makeApproval(["chg_s"], { by: email }),
  ...said,
});
const voting = (rules: Partial<RulesInForce>, said: Partial<Voting> = {}): Voting => ({
  rules: [{ ...NO_RULES, ...rules }],
  authors: [],
  gains: new Map(),
  ...said,
});
const codes = (approvals: readonly HeldApproval[], of: Voting): readonly string[] =>
  judgeApprovals(STEP, approvals, { voting: of, now: NOW }).refused.map(({ code }) => code);

describe("an approval", () => {
  it.each<readonly [string, HeldApproval, Voting, readonly string[]]>([
    ["of anybody", by("vera@x.io"), voting({}), []],
    ["of no e-mail", by("vera"), voting({}), ["AX362"]],
    ["of no e-mail, where there are no rules", by("vera"), { rules: [], authors: [], gains: new Map() }, []],
    ["of somebody else", by("vera@x.io"), voting({ by: ["otto@x.io"] }), ["AX362"]],
    ["of whose grant it is", by("ANA@x.io"), voting({ notBy: ["beneficiary"] }), ["AX363"]],
    ["of whose grant it was", by("old@x.io"), voting({ notBy: ["beneficiary"] }), ["AX363"]],
    [
      "of who gains",
      by("gus@x.io"),
      voting({ notBy: ["beneficiary"] }, { gains: new Map([[STEP.address, new Set(["gus@x.io"])]]) }),
      ["AX363"],
    ],
    ["of its author", by("vera@x.io"), voting({ notBy: ["author"] }, { authors: ["vera@x.io"] }), ["AX364"]],
    [
      "of who runs it",
      by("v@x.io", { typed: true }),
      voting({ notBy: ["author"] }, { authors: ["o@x.io"] }),
      ["AX364"],
    ],
    ["of who knows whom", by("vera@x.io"), voting({ notBy: ["author"] }), ["AX365"]],
    ["of somebody else than its author", by("vera@x.io"), voting({ notBy: ["author"] }, { authors: ["o@x.io"] }), []],
    ["without a signature", by("vera@x.io"), voting({ signed: true }), ["AX366"]],
    ["by another key", by("vera@x.io", { key: "k" }), voting({ signed: true }), ["AX367"]],
    [
      "by another key than the list says",
      by("vera@x.io", { key: "k", provedBy: ["sha256:0"] }),
      voting({ signed: true, signers: { digest: SOME_DIGEST, text: "" } }),
      ["AX367"],
    ],
    [
      "by a key that no list was asked for",
      by("vera@x.io", { key: "k" }),
      voting({ signed: true, signers: { digest: SOME_DIGEST, text: "" } }),
      ["AX367"],
    ],
    [
      "by the right key of a list that is no longer there",
      by("vera@x.io", { key: "k", provedBy: [SOME_DIGEST] }),
      voting({ signed: true }),
      ["AX367"],
    ],
    [
      "by the right key",
      by("vera@x.io", { key: "k", provedBy: [SOME_DIGEST] }),
      voting({ signed: true, signers: { digest: SOME_DIGEST, text: "" } }),
      [],
    ],
  ])("%s", (_name, approval, of, expected) => {
    expect(codes([approval], of)).toEqual(expected);
  });

  it("of anybody else counts where a beneficiary's does not", () => {
    const of = voting({ notBy: ["beneficiary"] }, { gains: new Map([[STEP.address, new Set(["gus@x.io"])]]) });
    const { renamedFrom: _, ...unmoved } = STEP;
    for (const step of [STEP, unmoved]) {
      expect(judgeApprovals(step, [by("vera@x.io")], { voting: of, now: NOW })).toMatchObject({
        isEnough: true,
        refused: [],
      });
    }
  });

  it("is refused with the reason", () => {
    const reasons = (approval: HeldApproval, of: Voting): readonly string[] =>
      judgeApprovals(STEP, [approval], { voting: of, now: NOW }).refused.map(({ because }) => because);
    const notByAuthor = voting({ notBy: ["author"] }, { authors: ["o@x.io"] });
    expect([
      ...reasons(by("ana@x.io"), voting({ notBy: ["beneficiary"] })),
      ...reasons(by("V@x.io", { typed: true }), notByAuthor),
      ...reasons(by("O@x.io"), notByAuthor),
      ...reasons(by("v@x.io"), voting({ signed: true })),
      ...reasons(by("v@x.io", { key: "k" }), voting({ signed: true })),
    ]).toEqual([
      "ana@x.io gains by chg_s, or it is their own grant.",
      "v@x.io runs the change, and whoever runs it does not approve it.",
      "o@x.io authored the change.",
      "The approval of v@x.io is not signed.",
      "The key k may not sign for v@x.io, by the list of allowed signers and today's date.",
    ]);
  });

  it("names a few of those who may", () => {
    const five = ["a@x", "b@x", "c@x", "d@x", "e@x"];
    const [all] = judgeApprovals(STEP, [by("v@x")], { voting: voting({ by: five }), now: NOW }).refused;
    expect(all?.because).toBe("v@x is not among those whose approval counts: a@x, b@x, c@x, d@x, e@x.");
    const six = ["a@x", "b@x", "c@x", "d@x", "e@x", "f@x"];
    const [refusal] = judgeApprovals(STEP, [by("v@x")], { voting: voting({ by: six }), now: NOW }).refused;
    expect(refusal?.because).toBe("v@x is not among those whose approval counts: a@x, b@x, c@x, d@x, e@x and 1 more.");
  });
});

describe("counting", () => {
  it("takes each person once, and each key", () => {
    const two = voting({ needed: { default: 2 } });
    const judge = (...approvals: readonly HeldApproval[]): unknown[] => {
      const { isEnough, people } = judgeApprovals(STEP, approvals, { voting: two, now: NOW });
      return [isEnough, people];
    };
    expect(judge(by("v@x.io"), by(" V@X.io"))).toEqual([false, 1]);
    expect(judge(by("v@x.io", { key: "k" }), by("o@x.io", { key: "k" }))).toEqual([false, 1]);
    expect(judge(by("v@x.io", { key: "k" }), by("o@x.io", { key: "l" }), by("o@x.io", { key: "k" }))).toEqual([
      false,
      1,
    ]);
    expect(judge(by("v@x.io", { key: "k" }), by("o@x.io"))).toEqual([true, 2]);
    expect(judge(by("v@x.io", { key: "k" }), by("o@x.io", { key: "l" }))).toEqual([true, 2]);
  });

  it("keeps all rules at once, and tells each reason once", () => {
    const all: Voting = {
      ...voting({}),
      rules: [
        { ...NO_RULES, by: ["v@x.io"], needed: { default: 2 } },
        { ...NO_RULES, by: ["v@x.io"] },
        { ...NO_RULES, signed: true },
      ],
    };
    const verdict = judgeApprovals(STEP, [by("v@x.io"), by("o@x.io")], { voting: all, now: NOW });
    expect(verdict).toMatchObject({ isEnough: false, needed: 2, people: 0 });
    expect(verdict.counted).toHaveLength(1);
    expect(verdict.refused.map(({ code }) => code)).toEqual(["AX362", "AX366", "AX366"]);
  });

  it("is enough where each of several rules is kept, and tells no reason twice that two of them give", () => {
    const named = (...people: readonly string[]): RulesInForce => ({ ...NO_RULES, by: people });
    const judge = (rules: readonly RulesInForce[], ...approvals: readonly HeldApproval[]) =>
      judgeApprovals(STEP, approvals, { voting: { ...voting({}), rules }, now: NOW });
    expect(judge([NO_RULES, named("v@x.io")], by("v@x.io"))).toMatchObject({ isEnough: true, people: 1, refused: [] });
    expect(judge([named("v@x.io"), named("o@x.io")], by("v@x.io"))).toMatchObject({ isEnough: false, people: 0 });
    const twice = judge([named("v@x.io"), named("v@x.io")], by("a@x.io"), by("b@x.io"));
    expect(twice.refused.map(({ approval }) => approval.by)).toEqual(["a@x.io", "b@x.io"]);
  });

  it("asks for more only where a change has the hazard that the rules name", () => {
    const of = voting({ needed: { default: 1, blind: 3 } });
    const needed = (hazards: readonly Hazard[]): number =>
      judgeApprovals({ ...STEP, hazards }, [], { voting: of, now: NOW }).needed;
    expect(needed([])).toBe(1);
    expect(needed([{ code: "blind", detail: "" }])).toBe(3);
  });

  it("asks of weaker rules the most that the old ones ask for", () => {
    const old = voting({ needed: { default: 1, blind: 2 }, notBy: ["beneficiary"] });
    const judge = (...approvals: readonly HeldApproval[]): boolean =>
      judgeApprovals({ id: "chg_s" }, approvals, { voting: old, now: NOW }).isEnough;
    expect(judge(by("ana@x.io"))).toBe(false);
    expect(judge(by("ana@x.io"), by("v@x.io"))).toBe(true);
  });

  it("tells what is missing", () => {
    const held = mayRun(STEP, [by("v@x.io"), by("v")], {
      now: NOW,
      expire: "held",
      voting: voting({ needed: { default: 2 } }),
    });
    expect(held).toEqual({
      state: "held",
      because:
        "It waits for approvals of chg_s: 1 of 2 are there. v is no e-mail, so nobody knows whose approval it is.",
    });
  });

  it("holds what has a hazard that the rules name, though its gate is open", () => {
    const step = { ...STEP, gate: OPEN, hazards: [{ code: "gains-admin", detail: "" }] } as const;
    const ask = (rules: Partial<RulesInForce>, approvals: readonly HeldApproval[] = []): string =>
      mayRun(step, approvals, { now: NOW, expire: "automatic", voting: voting(rules) }).state;
    expect(ask({})).toBe("granted");
    expect(ask({ needed: { "gains-admin": 1 } })).toBe("held");
    expect(ask({ needed: { "gains-admin": 1 } }, [by("v@x.io")])).toBe("granted");
    // One of its hazards is enough.
    const hazards = [{ code: "widens-access", detail: "" }, ...step.hazards] as const;
    const of = voting({ needed: { "gains-admin": 1 } });
    expect(mayRun({ ...step, hazards }, [], { now: NOW, expire: "automatic", voting: of }).state).toBe("held");
  });
});

it("who gains is told by the plan", () => {
  const plan = {
    ...makePlanOf([]),
    access: sampleAccess([
      sampleShift({ person: "user:Ana@x.io", givenBy: ["space:A/s", "space:A/t"] }),
      sampleShift({ person: "user:bob@x.io", givenBy: ["space:A/s"] }),
    ]),
  };
  expect([...findGains(plan)]).toEqual([
    ["space:A/s", new Set(["ana@x.io", "bob@x.io"])],
    ["space:A/t", new Set(["ana@x.io"])],
  ]);
});
