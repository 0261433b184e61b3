import { describe, expect, it, test } from "vitest";
import { countApprovals, isReady } from "../../src/engine/chosen-approvals.ts";
import { givenRules, holdApprovals, type Rules } from "../../src/engine/hold-approvals.ts";
import type { Approval, HeldApproval } from "../../src/model/approval.ts";
import { NO_RULES, type RulesInForce } from "../../src/model/approval-rules.ts";
import { headOf, type LedgerEntry, type LedgerLine } from "../../src/model/ledger.ts";
import type { Plan } from "../../src/model/plan.ts";
import { makeChain, makeLines } from "../support/ledger-lines.ts";
import { BLOCKED, HELD, makeApproval, makePlanOf, makeStep, OPEN, SOME_DIGEST } from "../support/toy-plan.ts";

const NOW = new Date("2026-06-15T00:00:00Z");
const REMOVAL = makeStep("a", { op: "delete" });
const CREATION = makeStep("b");
const STRICT: RulesInForce = { ...NO_RULES, needed: { default: 2 } };
const WEAKER = "chg_weaker";

/** A plan whose rules became weaker than those remembered. */
function weakened(): Plan {
  const { signers: _, ...before } = STRICT;
  return {
    ...makePlanOf([REMOVAL, CREATION]),
    approvals: { rules: NO_RULES, needed: {}, change: { id: WEAKER, weaker: ["It is."], before } },
  };
}

const by = (who: string, ...changes: Approval["changes"]): HeldApproval => makeApproval(changes, { by: who });

function count(plan: Plan, rules: Rules, approvals: readonly HeldApproval[]) {
  return countApprovals({ plan, rules, authors: ["author@x.io"], now: NOW }, approvals);
}

describe("what approvals come to", () => {
  it("releases what enough people approved, and nothing else", () => {
    const plan = makePlanOf([REMOVAL, CREATION, makeStep("c", { op: "delete" })]);
    const one = by("v@x.io", REMOVAL.id);
    const alone = count(plan, {}, [one]);
    expect([...alone.released]).toEqual([REMOVAL.id]);
    expect([...alone.given]).toEqual([[REMOVAL.id, [one]]]);
    expect(alone.voting).toMatchObject({ rules: [], authors: ["author@x.io"] });
    expect(alone.rulesBy).toEqual([]);
    const strict = count(plan, { now: STRICT }, [one]);
    expect([...strict.released]).toEqual([]);
    expect(strict.voting.rules).toEqual([STRICT]);
    expect(strict.notes.map(({ code }) => code)).toEqual(["AX361"]);
    expect([...count(plan, { now: STRICT }, [one, by("o@x.io", REMOVAL.id)]).released]).toEqual([REMOVAL.id]);
    expect([...count(plan, {}, []).released]).toEqual([]);
  });

  it("goes by the old rules and the new until a weakening is approved by the old ones", () => {
    const rules: Rules = { now: NO_RULES, before: { rules: STRICT, line: SOME_DIGEST } };
    const one = by("v@x.io", REMOVAL.id, WEAKER);
    const tooFew = count(weakened(), rules, [one]);
    expect(tooFew.voting.rules).toEqual([STRICT, NO_RULES]);
    expect([...tooFew.released]).toEqual([]);
    expect(tooFew.rulesBy).toBeUndefined();
    const other = by("o@x.io", WEAKER);
    const enough = count(weakened(), rules, [one, other]);
    expect(enough.voting.rules).toEqual([NO_RULES]);
    expect([...enough.released]).toEqual([REMOVAL.id]);
    expect(enough.rulesBy).toEqual([one, other]);
  });

  it("goes by the old rules alone where the manifest has none any more, and by the new where nothing is remembered", () => {
    const before = { rules: STRICT, line: SOME_DIGEST } as const;
    expect(count(weakened(), { before }, []).voting.rules).toEqual([STRICT]);
    expect(count(weakened(), { now: NO_RULES }, [])).toMatchObject({ voting: { rules: [NO_RULES] }, rulesBy: [] });
    expect(count(makePlanOf([]), { now: NO_RULES, before }, []).voting.rules).toEqual([NO_RULES]);
  });
});

test("a step is ready where its gate is open, or held and released", () => {
  const released = new Set([REMOVAL.id]);
  const ready = (said: Parameters<typeof makeStep>[1]): boolean =>
    isReady(makeStep("a", { op: "delete", ...said }), { released });
  expect(ready({ gate: OPEN })).toBe(true);
  expect(ready({ gate: HELD })).toBe(true);
  expect(ready({ gate: HELD, id: "chg_other" })).toBe(false);
  expect(ready({ gate: BLOCKED })).toBe(false);
});

test("the rules are the same for planning", () => {
  const before = { rules: STRICT, line: SOME_DIGEST } as const;
  expect(givenRules({})).toStrictEqual({});
  expect(givenRules({ now: NO_RULES, before: undefined })).toStrictEqual({ now: NO_RULES });
  expect(givenRules({ now: undefined, before })).toStrictEqual({ before });
});

describe("approvals from files", () => {
  const NOWHERE = {} as Parameters<typeof holdApprovals>[0];
  const used = (change: Approval["changes"][number], given: string): LedgerEntry => ({
    ...{ type: "approval", run: "r", change, by: "v@x.io", reason: "because", plan: SOME_DIGEST, given },
  });
  const done = (change: Approval["changes"][number]): LedgerEntry => ({
    ...{ type: "outcome", run: "r", change, op: "delete", address: REMOVAL.address, result: "done" },
  });
  const unsound = "-----BEGIN SSH SIGNATURE-----";
  const hold = (approvals: readonly Approval[], entries: readonly LedgerEntry[] = [], plan: Plan = weakened()) =>
    holdApprovals(NOWHERE, { plan, approvals, lines: makeLines(entries), rules: {} });

  it("that were used already do not count again, and are told where they name what is planned", async () => {
    const approval = by("v@x.io", REMOVAL.id, WEAKER, "chg_other");
    const entries = [
      used(REMOVAL.id, approval.at),
      done(REMOVAL.id),
      used("chg_other", approval.at),
      done("chg_other"),
    ];
    const { approvals, notes } = await hold([approval], entries);
    expect(approvals).toEqual([{ ...approval, changes: [WEAKER] }]);
    expect(notes).toEqual([
      {
        code: "AX371",
        severity: "note",
        summary: "An approval was used already",
        detail: `What v@x.io approved on ${approval.at} was done by that approval, and is wanted again: ${REMOVAL.id}.`,
        fix: "Have it approved again.",
      },
    ]);
    expect(await hold([approval])).toEqual({ approvals: [approval], notes: [] });
    const both = [...entries, used(WEAKER, approval.at), done(WEAKER)];
    expect((await hold([approval], both)).notes[0]?.detail).toContain(`again: ${REMOVAL.id}, ${WEAKER}.`);
  });

  it.each<readonly [string, Partial<Approval>]>([
    ["person", { by: "o@x.io" }],
    ["moment", { at: "2026-06-02T00:00:00Z" }],
    ["plan", { plan: `sha256:${"b".repeat(64)}` }],
    ["reason", { reason: "again" }],
  ])("that were used are told though another of another %s counts", async (_, said) => {
    const spent = by("v@x.io", REMOVAL.id);
    const fresh = { ...spent, ...said };
    const { approvals, notes } = await hold([fresh, spent], [used(REMOVAL.id, spent.at), done(REMOVAL.id)]);
    expect(approvals).toEqual([fresh]);
    expect(notes.map(({ code }) => code)).toEqual(["AX371"]);
  });

  describe("that tell the ledger of their plan", () => {
    const lines = makeChain(3);
    const spentLine = makeChain(3, [used(REMOVAL.id, "2026-06-01T00:00:00Z"), done(REMOVAL.id)]);
    const approval = { ...by("v@x.io", REMOVAL.id, "chg_other"), ledger: headOf(lines) };
    const holdWith = (given: readonly Approval[], known: readonly LedgerLine[] | undefined) =>
      holdApprovals(NOWHERE, { plan: weakened(), approvals: given, lines: known, rules: {} });

    it("count where the ledger is that one, or grew out of it", async () => {
      for (const known of [lines, makeChain(4), makeChain(30)]) {
        expect(await holdWith([approval], known)).toEqual({ approvals: [approval], notes: [] });
      }
    });

    it("count for nothing where it is an older copy, another one, or gone, and are told", async () => {
      const other = makeChain(0, Array(5).fill(used(WEAKER, "2026-06-01T00:00:00Z")));
      for (const known of [lines.slice(0, 2), other, other.slice(1), []]) {
        const { approvals, notes } = await holdWith([approval], known);
        expect(approvals).toEqual([]);
        expect(notes).toEqual([
          {
            code: "AX404",
            severity: "warning",
            summary: "An approval was given on another ledger",
            detail: `What v@x.io approved on ${approval.at} counts only for a ledger with the line 3 (${lines[2]?.digest}), and this one does not hold it: it is another one, or an older copy that does not know what was used since. It counts for nothing: ${REMOVAL.id}, chg_other.`,
            fix: "Make a new plan, and have it approved anew. Where --ledger names the wrong ledger, name the one the plan was made with.",
          },
        ]);
      }
    });

    it("count beside such as do not, and those that tell none count for any", async () => {
      const older = by("o@x.io", REMOVAL.id);
      const { approvals, notes } = await holdWith([older, approval], lines.slice(0, 2));
      expect(approvals).toEqual([older]);
      expect(notes.map(({ code }) => code)).toEqual(["AX404"]);
    });

    it("are told as used where the ledger holds both", async () => {
      const { approvals, notes } = await holdWith([approval], spentLine);
      expect(approvals).toEqual([{ ...approval, changes: ["chg_other"] }]);
      expect(notes.map(({ code }) => code)).toEqual(["AX371"]);
    });

    it("do not weaken the rules where the ledger does not hold their line", async () => {
      const rules: Rules = { now: NO_RULES, before: { rules: STRICT, line: SOME_DIGEST } };
      const given = ["v@x.io", "o@x.io"].map((who) => ({ ...by(who, WEAKER), ledger: headOf(lines) }));
      const released = async (known: readonly LedgerLine[]): Promise<unknown> =>
        count(weakened(), rules, (await holdWith(given, known)).approvals).rulesBy;
      expect(await released(lines)).toEqual(given);
      expect(await released(lines.slice(0, 2))).toBeUndefined();
    });

    it("are not told where they are for nothing of the plan, and not judged where the ledger is not at hand", async () => {
      const others = { ...by("v@x.io", "chg_other"), ledger: headOf(lines) };
      expect(await holdWith([others], [])).toEqual({ approvals: [others], notes: [] });
      expect(await holdWith([approval, others], undefined)).toEqual({ approvals: [approval, others], notes: [] });
    });
  });

  it("have their signatures looked at where they are for something of the plan, also for a weakening of the rules", async () => {
    const signed = (...changes: Approval["changes"]): Approval => ({ ...by("v@x.io", ...changes), signature: unsound });
    const refused = await hold([signed("chg_other", REMOVAL.id), signed(WEAKER)]);
    expect(refused.approvals).toEqual([]);
    expect(refused.notes).toHaveLength(2);
    const other = signed("chg_other");
    expect(await hold([other])).toEqual({ approvals: [other], notes: [] });
    expect((await hold([signed(WEAKER)], [], makePlanOf([REMOVAL]))).notes).toEqual([]);
  });
});
