import fc from "fast-check";
import { expect, test } from "vitest";
import { countApprovals } from "../../src/engine/chosen-approvals.ts";
import { holdApprovals } from "../../src/engine/hold-approvals.ts";
import type { Approval } from "../../src/model/approval.ts";
import { headOf, type LedgerEntry, type LedgerLine } from "../../src/model/ledger.ts";
import { makeChain } from "../support/ledger-lines.ts";
import { makeApproval, makePlanOf, makeStep, SOME_DIGEST } from "../support/toy-plan.ts";

const SEED = 20_261_122;
const NOW = new Date("2026-06-15T00:00:00Z");
const REMOVAL = makeStep("a", { op: "delete" });
const NOWHERE = {} as Parameters<typeof holdApprovals>[0];

/** What happened around a ledger: a run, an approval on a plan that was made then, or one being used by the deed it names. */
const events = fc.array(
  fc.oneof(
    fc.record({ type: fc.constant("run" as const) }),
    fc.record({ type: fc.constant("approve" as const) }),
    fc.record({ type: fc.constant("use" as const), which: fc.nat(5) }),
  ),
  { maxLength: 14 },
);

interface Given {
  readonly approval: Approval;
  /** How many lines there were when its plan was made. */
  readonly seen: number;
  /** How many there were once it was used; undefined: never. */
  usedBy: number | undefined;
}

function play(happened: typeof events extends fc.Arbitrary<infer T> ? T : never) {
  const entries: LedgerEntry[] = [];
  const given: Given[] = [];
  for (const event of happened) {
    const run = `run_${entries.length}`;
    if (event.type === "run") entries.push({ type: "end", run, exit: 0 });
    if (event.type === "approve") {
      const ledger = headOf(makeChain(0, entries));
      const approval = makeApproval([REMOVAL.id], { by: `p${given.length}@x.io`, ledger });
      given.push({ approval, seen: entries.length, usedBy: undefined });
    }
    const used = event.type === "use" ? given[event.which % Math.max(1, given.length)] : undefined;
    if (used === undefined) continue;
    const { by, reason, at } = used.approval;
    entries.push(
      { type: "approval", run, change: REMOVAL.id, by, reason, plan: SOME_DIGEST, given: at },
      { type: "outcome", run, change: REMOVAL.id, op: "delete", address: REMOVAL.address, result: "done" },
    );
    used.usedBy ??= entries.length;
  }
  return { entries, given };
}

async function releases(approval: Approval, lines: readonly LedgerLine[]): Promise<boolean> {
  const plan = makePlanOf([REMOVAL]);
  const { approvals } = await holdApprovals(NOWHERE, { plan, approvals: [approval], lines, rules: {} });
  return countApprovals({ plan, rules: {}, authors: [], now: NOW }, approvals).released.has(REMOVAL.id);
}

test("whatever copy of a ledger is put in its place, only one that knows the approval's line, and not its use, lets it count", async () => {
  let [released, strange, spent] = [0, 0, 0];
  await fc.assert(
    fc.asyncProperty(events, fc.nat(), fc.nat(2), async (happened, cut, others) => {
      const { entries, given } = play(happened);
      const kept = cut % (entries.length + 1);
      // Cut short, and perhaps gone on with by runs that the true one never saw.
      const more = Array.from({ length: others }, (_, n): LedgerEntry => ({ type: "end", run: `other_${n}`, exit: 1 }));
      const copy = makeChain(0, [...entries.slice(0, kept), ...more]);
      for (const { approval, seen, usedBy } of given) {
        const [isKnown, isUsed] = [seen <= kept, usedBy !== undefined && usedBy <= kept];
        expect(await releases(approval, copy)).toBe(isKnown && !isUsed);
        released += isKnown && !isUsed ? 1 : 0;
        strange += isKnown ? 0 : 1;
        spent += isUsed ? 1 : 0;
      }
    }),
    { seed: SEED, numRuns: 600 },
  );
  for (const count of [released, strange, spent]) expect(count).toBeGreaterThan(100);
});
