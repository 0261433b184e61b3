import { describe, expect, it } from "vitest";
import { comparePlans, hasMoved } from "../../src/engine/compare-plans.ts";
import type { ChangeId } from "../../src/model/change.ts";
import type { Plan } from "../../src/model/plan.ts";
import { HELD, makePlanOf, makeStep, OPEN } from "../support/toy-plan.ts";

const REMOVAL = makeStep("a", { op: "delete" });
const CREATION = makeStep("b");
const SAVED = makePlanOf([REMOVAL, CREATION]);
const STILL = { onlySaved: [], onlyFresh: [], changed: [], basis: [] };

const compare = (fresh: Plan, done: readonly ChangeId[] = [], saved: Plan = SAVED) =>
  comparePlans(saved, fresh, new Set(done));

describe("between a saved plan and one made now", () => {
  it("nothing moved where they are the same, or what is missing was done since", () => {
    expect(compare(SAVED)).toEqual(STILL);
    expect(hasMoved(compare(SAVED))).toBe(false);
    expect(compare(makePlanOf([REMOVAL]), [CREATION.id])).toEqual(STILL);
  });

  it("nothing moved by that the ledger grew, is another one, or was not known", () => {
    const ledger = (seq: number): Plan => ({
      ...SAVED,
      basis: { ...SAVED.basis, ledger: { seq, digest: SAVED.digest } },
    });
    for (const saved of [SAVED, ledger(3)])
      for (const fresh of [SAVED, ledger(9)]) expect(compare(fresh, [], saved)).toEqual(STILL);
  });

  it.each<readonly [string, () => ReturnType<typeof compare>, Partial<ReturnType<typeof compare>>]>([
    ["a step that is not there any more", () => compare(makePlanOf([REMOVAL])), { onlySaved: [CREATION] }],
    ["the same where another was done", () => compare(makePlanOf([REMOVAL]), [REMOVAL.id]), { onlySaved: [CREATION] }],
    ["a new step", () => compare(SAVED, [], makePlanOf([CREATION])), { onlyFresh: [REMOVAL] }],
    [
      "a new step that was done before",
      () => compare(SAVED, [REMOVAL.id], makePlanOf([CREATION])),
      { onlyFresh: [REMOVAL] },
    ],
    [
      "another change of the same address",
      () => compare(makePlanOf([{ ...REMOVAL, id: "chg_x" }, CREATION])),
      { changed: [{ saved: REMOVAL, fresh: { ...REMOVAL, id: "chg_x" } }] },
    ],
    [
      "a change that is judged otherwise",
      () => compare(makePlanOf([REMOVAL, { ...CREATION, gate: HELD }])),
      { changed: [{ saved: { ...CREATION, gate: OPEN }, fresh: { ...CREATION, gate: HELD } }] },
    ],
    [
      "the manifest",
      () => compare({ ...SAVED, basis: { ...SAVED.basis, desired: "sha256:x" } }),
      { basis: ["the manifest"] },
    ],
    [
      "the policy",
      () => compare({ ...SAVED, basis: { ...SAVED.basis, policy: "sha256:x" } }),
      { basis: ["the policy"] },
    ],
    [
      "the account",
      () =>
        compare({ ...SAVED, account: { url: "https://b.test", name: "B" } }, [], {
          ...SAVED,
          account: { url: "https://a.test", name: "A" },
        }),
      { basis: ["the account: the plan is for A (https://a.test), this is B (https://b.test)"] },
    ],
  ])("moved: %s", (_, make, expected) => {
    const movement = make();
    expect(movement).toEqual({ ...STILL, ...expected });
    expect(hasMoved(movement)).toBe(true);
  });

  it("several things may move at once", () => {
    const fresh = makePlanOf([{ ...REMOVAL, id: "chg_x" }, makeStep("c")]);
    const basis = { desired: "sha256:x", policy: "sha256:y" } as const;
    const movement = compare({ ...fresh, basis });
    expect([movement.onlySaved.length, movement.onlyFresh.length, movement.changed.length, movement.basis]).toEqual([
      ...[1, 1, 1],
      ["the manifest", "the policy"],
    ]);
    expect(hasMoved(movement)).toBe(true);
  });
});
