import { describe, expect, it } from "vitest";
import { type ApplyOptions, applyPlan } from "../../src/apply/apply-plan.ts";
import type { ApplyKind } from "../../src/apply/look-at-step.ts";
import type { KindName } from "../../src/model/address.ts";
import { NO_RULES } from "../../src/model/approval-rules.ts";
import type { Step } from "../../src/model/change.ts";
import { makeFileStore } from "../../src/state/file-store.ts";
import { openLedger } from "../../src/state/ledger.ts";
import { makeHandClock } from "../support/hand-clock.ts";
import { makeDisk } from "../support/ledger-disk.ts";
import { HELD, makeApproval, makePlanOf, makeStep } from "../support/toy-plan.ts";
import { makeToyPlatform, observeToys, toyAddress, toyKind } from "../support/toy-platform.ts";

const TOYS = [
  { id: "1", name: "a", value: "old" },
  { id: "2", name: "b", value: "old" },
];
const UPDATE = makeStep("a", { op: "update", remote: { id: "1" }, from: { value: "old" }, to: { value: "new" } });
const REMOVAL = makeStep("a", { op: "delete", remote: { id: "1" }, from: { value: "old" } });

/** What becomes of steps of a kind, without any approval unless said, and every effect that it had. */
async function play(
  steps: readonly Step[],
  { kind = {}, options = {} }: { readonly kind?: Partial<ApplyKind>; readonly options?: Partial<ApplyOptions> } = {},
): Promise<{ readonly states: readonly string[]; readonly effects: readonly string[] }> {
  const platform = makeToyPlatform({ toys: TOYS });
  const clock = makeHandClock();
  const { results } = await applyPlan({
    plan: makePlanOf(steps),
    kinds: new Map<KindName, ApplyKind>([["space", { ...toyKind, ...kind }]]),
    observed: observeToys(platform.toys),
    reader: platform.reader,
    writer: platform.writer,
    ledger: await openLedger({ store: makeFileStore("l", makeDisk()), clock }),
    approvals: new Map(),
    clock,
    parallelism: () => 1,
    signal: new AbortController().signal,
    run: "r1",
    onProgress: () => undefined,
    ...options,
  });
  return { states: results.map(({ state }) => state), effects: platform.effects };
}

describe("whatever a kind tries", () => {
  const removing = (path: string): Partial<ApplyKind> => ({
    update: async ({ writer }) => {
      await writer.remove(path);
      return { remote: { id: "1" }, notes: [] };
    },
    remove: ({ writer }) => writer.remove(path),
  });

  it("nothing is deleted by a step that nobody approved", async () => {
    expect(await play([UPDATE], { kind: removing("/toys/1") })).toEqual({ states: ["failed"], effects: [] });
    const held = { ...UPDATE, gate: HELD };
    const approvals = new Map([[held.id, [makeApproval([held.id])]]]);
    expect(await play([held], { kind: removing("/toys/1"), options: { approvals } })).toEqual({
      states: ["done"],
      effects: ["delete a"],
    });
  });

  it("a grant whose time is over takes nothing but itself along", async () => {
    const lapsed = makeStep("a", {
      ...{ ...REMOVAL, address: toyAddress("a") },
      ...{ reason: "expired", expires: "2020-01-01T00:00:00Z", gate: { state: "open", by: ["expired"] } },
    });
    const options = { expire: "automatic" } as const;
    expect(await play([lapsed], { kind: removing("/toys/2"), options })).toEqual({ states: ["failed"], effects: [] });
    expect(await play([lapsed], { options })).toEqual({ states: ["done"], effects: ["delete a"] });
    expect(await play([lapsed])).toEqual({ states: ["held"], effects: [] });
  });
});

it("the rules of the run count, and not one approval by anybody", async () => {
  const voting = { rules: [{ ...NO_RULES, needed: { default: 2 } }], authors: [], gains: new Map() };
  const given = (...people: readonly string[]): Partial<ApplyOptions> => ({
    voting,
    approvals: new Map([[REMOVAL.id, people.map((by) => makeApproval([REMOVAL.id], { by }))]]),
  });
  expect(await play([REMOVAL], { options: given("v@x.io") })).toEqual({ states: ["held"], effects: [] });
  expect(await play([REMOVAL], { options: given("v@x.io", "o@x.io") })).toEqual({
    states: ["done"],
    effects: ["delete a"],
  });
});

it("what is made in something that this run made is not looked at, and only what is ensured is done without being seen", async () => {
  const looked: [string, boolean][] = [];
  const kind: Partial<ApplyKind> = {
    attachedTo: (address) => (address === toyAddress("made") ? [] : [toyAddress("made"), toyAddress("b")]),
    look: (looking) => {
      looked.push([looking.address, looking.mayBeBlind]);
      return toyKind.look(looking);
    },
  };
  const dependsOn = [toyAddress("made")];
  const steps = [
    makeStep("made"),
    makeStep("within", { dependsOn }),
    // What was there before is looked at, wherever it is.
    { ...UPDATE, dependsOn },
    makeStep("ensured", { reason: "ensure", dependsOn }),
  ];
  expect((await play(steps, { kind })).states).toEqual(["done", "done", "done", "done"]);
  expect(looked).toEqual([
    [toyAddress("made"), false],
    [UPDATE.address, false],
  ]);
  looked.length = 0;
  const alone = [makeStep("alone"), makeStep("ensured", { reason: "ensure" })];
  await play(alone, { kind: { ...kind, attachedTo: () => [] } });
  expect(looked).toEqual([
    [toyAddress("alone"), false],
    [toyAddress("ensured"), true],
  ]);
  looked.length = 0;
  const elsewhere: Partial<ApplyKind> = { ...kind, attachedTo: () => [toyAddress("b")] };
  await play([makeStep("made"), makeStep("beside", { dependsOn })], { kind: elsewhere });
  expect(looked).toEqual([
    [toyAddress("made"), false],
    [toyAddress("beside"), false],
  ]);
});
