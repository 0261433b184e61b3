import { describe, expect, it } from "vitest";
import { type ApplyOptions, applyPlan } from "../../src/apply/apply-plan.ts";
import type { ApplyReport } from "../../src/apply/report.ts";
import type { KindName } from "../../src/model/address.ts";
import type { Step } from "../../src/model/change.ts";
import { PlatformError } from "../../src/model/errors.ts";
import type { LedgerEntry } from "../../src/model/ledger.ts";
import { openLedger } from "../../src/state/ledger.ts";
import { type Recollection, recallMemory } from "../../src/state/memory.ts";
import { openStore } from "../../src/state/open-store.ts";
import { readLedger } from "../../src/state/read-ledger.ts";
import { makeHandClock } from "../support/hand-clock.ts";
import { makeDisk } from "../support/ledger-disk.ts";
import { approveAll, makePlanOf, makeStep } from "../support/toy-plan.ts";
import {
  makeToyPlatform,
  onceKind,
  type Toy,
  type ToyFault,
  type ToyPlatform,
  toyAddress,
  toyKind,
} from "../support/toy-platform.ts";

// What the platform refuses to make twice is made without a look before: its refusal is the look.

interface Scene {
  /** What others made since the plan. */
  readonly made?: readonly Toy[];
  readonly faults?: Readonly<Record<string, ToyFault>>;
  readonly options?: (platform: ToyPlatform) => Partial<ApplyOptions>;
}

interface Played {
  readonly report: ApplyReport;
  readonly platform: ToyPlatform;
  readonly entries: readonly LedgerEntry[];
  readonly memory: Recollection;
}

async function play(steps: readonly Step[], scene: Scene = {}): Promise<Played> {
  const platform = makeToyPlatform({ toys: scene.made ?? [], faults: new Map(Object.entries(scene.faults ?? {})) });
  const files = makeDisk();
  const clock = makeHandClock();
  const ledger = await openLedger({ store: await openStore({ location: "l", files }), clock });
  const report = await applyPlan({
    plan: makePlanOf(steps),
    kinds: new Map<KindName, typeof onceKind>([["space", onceKind]]),
    observed: new Map(),
    reader: platform.reader,
    writer: platform.writer,
    ledger,
    approvals: approveAll(steps),
    clock,
    parallelism: () => 4,
    signal: new AbortController().signal,
    run: "r1",
    onProgress: () => undefined,
    ...scene.options?.(platform),
  });
  await ledger.close();
  const { lines } = await readLedger({ location: "l", files });
  return { report, platform, entries: lines.map(({ entry }) => entry), memory: recallMemory(lines) };
}

const toy = (name: string, value: string): Toy => ({ id: `id-${name}`, name, value });
const tell = ({ report }: Played): readonly (readonly [string, string | undefined])[] =>
  report.results.map(({ state, because }) => [state, because]);
const outcomeOf = ({ entries }: Played): object | undefined => entries.find(({ type }) => type === "outcome");

describe("a creation that the platform would refuse the second time", () => {
  it("is one call and no look", async () => {
    const { platform, report } = await play([makeStep("a"), makeStep("b")]);
    expect(report.results.map(({ state }) => state)).toEqual(["done", "done"]);
    expect([platform.effects, platform.reads()]).toEqual([["create a", "create b"], 0]);
  });

  it("is so already where somebody made just that: what waits for it goes on, and nothing is ours", async () => {
    const child = makeStep("child", {
      to: { value: "new", parent: toyAddress("a") },
      dependsOn: [toyAddress("a")],
    });
    const played = await play([makeStep("a"), child], { made: [toy("a", "new")] });
    expect(tell(played)).toEqual([
      ["already", "It exists already, as wanted."],
      ["done", undefined],
    ]);
    expect(played.platform.effects).toEqual(["create child"]);
    expect([...played.platform.toys.values()].at(-1)).toMatchObject({ name: "child", parent: "id-a" });
    expect(outcomeOf(played)).toEqual({
      ...{ type: "outcome", run: "r1", change: "chg_create-a", op: "create", address: "space:a" },
      ...{ result: "failed", error: "conflict 409 POST /toys" },
    });
    expect([...played.memory.owned.keys()]).toEqual(["space:child"]);
    expect(played.memory.inDoubt).toEqual([]);
  });

  it("is stale where somebody made something else, and nothing is built on that", async () => {
    const child = makeStep("child", { dependsOn: [toyAddress("a")] });
    const played = await play([makeStep("a"), child], { made: [toy("a", "other")] });
    expect(tell(played)).toEqual([
      ["stale", "It exists by now, and otherwise than wanted."],
      ["skipped", "It waits for space:a, which was not done."],
    ]);
    expect([played.platform.effects, outcomeOf(played)]).toEqual([[], expect.objectContaining({ result: "failed" })]);
    expect([played.memory.owned.size, played.memory.inDoubt]).toEqual([0, []]);
  });

  it("has failed where nothing stands there under its name, or nobody can tell", async () => {
    const refuse = (platform: ToyPlatform): Partial<ApplyOptions> => ({
      writer: {
        ...platform.writer,
        write: () => Promise.reject(new PlatformError("conflict", "POST /toys", "the name is taken", { status: 409 })),
      },
    });
    const hidden = await play([makeStep("a")], { options: refuse });
    expect(tell(hidden)).toEqual([["failed", "POST /toys: the name is taken"]]);
    const unseen = await play([makeStep("a")], {
      options: (platform) => ({
        ...refuse(platform),
        reader: { ...platform.reader, list: () => Promise.reject(new PlatformError("server", "GET /toys", "down")) },
      }),
    });
    expect(tell(unseen)).toEqual([["failed", "POST /toys: the name is taken"]]);
    expect([unseen.memory.owned.size, unseen.memory.inDoubt]).toEqual([0, []]);
  });

  it("that is refused for another reason is not looked at", async () => {
    const played = await play([makeStep("a")], { faults: { a: "refused" } });
    expect([played.platform.reads(), tell(played)]).toEqual([0, [["failed", "create /toys: no"]]]);
  });

  it("and nothing but that, is looked at after a conflict", async () => {
    const refuse = (platform: ToyPlatform): Partial<ApplyOptions> => ({
      writer: {
        ...platform.writer,
        write: () => Promise.reject(new PlatformError("conflict", "/toys", "the name is taken", { status: 409 })),
      },
    });
    const change = makeStep("a", { op: "update", remote: { id: "id-a" }, from: { value: "old" } });
    const changed = await play([change], { made: [toy("a", "old")], options: refuse });
    expect([changed.platform.reads(), tell(changed)]).toEqual([1, [["failed", "/toys: the name is taken"]]]);
    const kinds = new Map<KindName, typeof toyKind>([["space", toyKind]]);
    const looked = await play([makeStep("a")], { options: (platform) => ({ ...refuse(platform), kinds }) });
    expect([looked.platform.reads(), tell(looked)]).toEqual([1, [["failed", "/toys: the name is taken"]]]);
  });

  it("whose answer was lost counts as made where what is found is as wanted", async () => {
    const played = await play([makeStep("a")], { faults: { a: "found" } });
    expect([tell(played), [...played.memory.owned.keys()]]).toEqual([[["done", undefined]], ["space:a"]]);
  });

  it("whose answer was lost is in doubt where what is found is not as wanted: it may be somebody else's", async () => {
    const played = await play([makeStep("a")], { made: [toy("a", "other")], faults: { a: "found" } });
    expect(tell(played)).toEqual([
      [
        "failed",
        "It is not known whether this took effect; the next run settles it by looking. Its answer was lost, and what stands there is not surely as wanted.",
      ],
    ]);
    expect(played.memory.inDoubt.map(({ address }) => address)).toEqual(["space:a"]);
    expect(played.memory.owned.size).toBe(0);
  });

  it("is judged by what is there after the refusal, and not by an answer from before", async () => {
    // The deletion looks at the list first; the toy is made right after, by somebody else.
    const gone = makeStep("gone", { op: "delete", remote: { id: "id-gone" }, from: { value: "old" } });
    const played = await play([gone, makeStep("a", { dependsOn: [gone.address] })], {
      made: [toy("gone", "old")],
      options: (platform) => ({
        writer: {
          ...platform.writer,
          remove: async (path) => {
            platform.toys.set("id-a", toy("a", "new"));
            return platform.writer.remove(path);
          },
        },
      }),
    });
    expect(tell(played)[1]).toEqual(["already", "It exists already, as wanted."]);
  });

  it("has changes and deletions looked at as ever", async () => {
    const change = makeStep("a", { op: "update", remote: { id: "id-a" }, from: { value: "old" } });
    const removal = makeStep("b", { op: "delete", remote: { id: "id-b" }, from: { value: "old" } });
    const played = await play([change, removal], { made: [toy("a", "moved"), toy("b", "moved")] });
    expect(played.report.results.map(({ state }) => state)).toEqual(["stale", "stale"]);
    expect(played.platform.effects).toEqual([]);
  });
});
