import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ApplyEvent, type ApplyOptions, applyPlan } from "../../src/apply/apply-plan.ts";
import type { ApplyReport } from "../../src/apply/report.ts";
import type { KindName } from "../../src/model/address.ts";
import type { Approval } from "../../src/model/approval.ts";
import type { ChangeId, Gate, Step } from "../../src/model/change.ts";
import { Impossible, PlatformError } from "../../src/model/errors.ts";
import type { LedgerEntry, LedgerLine } from "../../src/model/ledger.ts";
import { openLedger } from "../../src/state/ledger.ts";
import { recallMemory } from "../../src/state/memory.ts";
import { openStore } from "../../src/state/open-store.ts";
import { readLedger } from "../../src/state/read-ledger.ts";
import { makeHandClock } from "../support/hand-clock.ts";
import { type DiskOptions, makeDisk, makePower } from "../support/ledger-disk.ts";
import { approveAll, BLOCKED, HELD, makeApproval, makePlanOf, makeStep, OPEN } from "../support/toy-plan.ts";
import {
  makeToyPlatform,
  observeToys,
  type Toy,
  type ToyFault,
  type ToyOptions,
  type ToyPlatform,
  toyAddress,
  toyKind,
} from "../support/toy-platform.ts";

// The same cases on every machine and every day.
fc.configureGlobal({ seed: 20_261_121 });

interface Scene {
  readonly toys?: readonly Toy[];
  readonly faults?: Readonly<Record<string, ToyFault>>;
  readonly disk?: DiskOptions;
  readonly platform?: Omit<ToyOptions, "toys" | "faults">;
  readonly options?: Partial<ApplyOptions>;
}

interface Played {
  readonly report: ApplyReport;
  readonly platform: ToyPlatform;
  readonly entries: readonly LedgerEntry[];
  readonly lines: readonly LedgerLine[];
  readonly events: readonly ApplyEvent[];
  readonly told: Readonly<Record<string, string>>;
}

async function play(steps: readonly Step[], scene: Scene = {}): Promise<Played> {
  const platform = makeToyPlatform({
    ...scene.platform,
    toys: scene.toys ?? [],
    faults: new Map(Object.entries(scene.faults ?? {})),
  });
  const files = makeDisk(new Map(), scene.disk);
  const clock = makeHandClock();
  const ledger = await openLedger({ store: await openStore({ location: "l", files }), clock });
  const events: ApplyEvent[] = [];
  const report = await applyPlan({
    plan: makePlanOf(steps),
    kinds: new Map<KindName, typeof toyKind>([["space", toyKind]]),
    observed: observeToys(platform.toys),
    reader: platform.reader,
    writer: platform.writer,
    ledger,
    approvals: approveAll(steps),
    clock,
    parallelism: () => 4,
    signal: new AbortController().signal,
    run: "r1",
    onProgress: (event) => events.push(event),
    ...scene.options,
  });
  await ledger.close();
  const { lines } = await readLedger({ location: "l", files });
  const told = Object.fromEntries(
    report.results.map(({ step, state }) => [step.address.slice("space:".length), state]),
  );
  return { report, platform, lines, entries: lines.map(({ entry }) => entry), events, told };
}

const becauseOf = ({ report }: Played, name: string): string | undefined =>
  report.results.find(({ step }) => step.address === toyAddress(name))?.because;

const toy = (id: string, name: string, value: string = "old"): Toy => ({ id, name, value });
const change = (name: string, id: string, said: Partial<Step> = {}): Step =>
  makeStep(name, { op: "update", remote: { id }, from: { value: "old" }, to: { value: "new" }, ...said });
const removal = (name: string, id: string, said: Partial<Step> = {}): Step =>
  makeStep(name, { op: "delete", remote: { id }, from: { value: "old" }, ...said });

describe("applying a plan", () => {
  it("writes down what goes along as it was, and what nobody could see before", async () => {
    const along = observeToys(makeToyPlatform({ toys: [toy("2", "along", "x")] }).toys).get(toyAddress("along"));
    if (along === undefined) throw new Error("a toy is missing");
    const observed = new Map(observeToys(makeToyPlatform({ toys: [toy("1", "gone")] }).toys))
      .set(toyAddress("along"), along)
      .set(toyAddress("inherited"), { ...along, builtin: true })
      .set(toyAddress("hidden"), { ...along, unknown: ["value"] });
    const cascade = ["along", "inherited", "hidden", "unseen"].map(toyAddress);
    const steps = [removal("gone", "1", { cascade }), makeStep("blind", { reason: "ensure" })];
    const { entries } = await play(steps, { toys: [toy("1", "gone")], options: { observed, parallelism: () => 1 } });
    const [gone, blind] = entries.filter((entry) => entry.type === "intent");
    expect(gone?.taken).toEqual([
      { address: "space:along", spec: { value: "x" }, remote: { id: "2" } },
      { address: "space:hidden", spec: {}, remote: { id: "2" } },
    ]);
    expect([gone?.unseen, blind?.unseen]).toEqual([undefined, true]);
  });

  it("lets a grant go whose time is over, where the run's own policy says so, and says why in the ledger", async () => {
    const ended = removal("ana@acme.io", "1", {
      reason: "expired",
      expires: "2020-01-01T00:00:00Z",
      gate: { state: "open", by: ["expired"] },
    });
    const scene = { toys: [toy("1", "ana@acme.io")] };
    const held = await play([ended], { ...scene, options: { approvals: new Map() } });
    expect([held.told, held.entries]).toEqual([{ "ana@acme.io": "held" }, []]);
    const gone = await play([ended], { ...scene, options: { approvals: new Map(), expire: "automatic" } });
    expect(gone.told).toEqual({ "ana@acme.io": "done" });
    expect(gone.entries[0]).toMatchObject({ type: "intent", gate: "expired" });
    expect(gone.entries[0]).not.toHaveProperty("approvedBy");
    expect(gone.report.results[0]?.approvedBy).toBeUndefined();
  });

  it("does every kind of change, and writes down each before and after", async () => {
    const steps = [
      makeStep("made", { creation: { by: "hand" } }),
      makeStep("child", { to: { value: "new", parent: toyAddress("made") }, dependsOn: [toyAddress("made")] }),
      change("changed", "1", { gate: HELD }),
      change("renamed", "2", { renamedFrom: toyAddress("former"), to: { value: "old" } }),
      removal("gone", "3", { cascade: [toyAddress("along")] }),
    ];
    const approval = makeApproval(["chg_delete-gone"], { by: "bob" });
    const approvals = new Map<ChangeId, readonly Approval[]>([
      ["chg_delete-gone", [approval, makeApproval(["chg_delete-gone"]), approval]],
      ["chg_update-changed", [makeApproval(["chg_update-changed"])]],
    ]);
    const toys = [toy("1", "changed"), toy("2", "former"), toy("3", "gone")];
    const played = await play(steps, { toys, options: { parallelism: () => 1, approvals } });

    expect(played.told).toEqual({ made: "done", child: "done", changed: "done", renamed: "done", gone: "done" });
    expect(played.report.interrupted).toBe(false);
    expect(played.report.results.map(({ approvedBy, notes }) => [approvedBy, notes])).toEqual([
      [undefined, []],
      [undefined, []],
      [["ana"], ["as asked"]],
      [undefined, ["as asked"]],
      [["bob", "ana"], []],
    ]);
    expect([...played.platform.toys.values()].map(({ name, value, parent }) => [name, value, parent])).toEqual([
      ["changed", "new", undefined],
      ["renamed", "old", undefined],
      ["made", "new", undefined],
      ["child", "new", "t4"],
    ]);
    expect(played.entries.map(({ type }) => type).join(" ")).toBe(
      "intent outcome intent outcome approval intent outcome intent outcome approval approval approval intent outcome",
    );
    expect(played.entries.at(-2)).toEqual({
      ...{ type: "intent", run: "r1", change: "chg_delete-gone", op: "delete", kind: "space", address: "space:gone" },
      ...{ remote: { id: "3" }, from: { value: "old" }, cascade: ["space:along"], approvedBy: ["bob", "ana"] },
    });
    expect(played.entries[7]).toMatchObject({ renamedFrom: "space:former" });
    expect(played.entries[1]).toEqual({
      ...{ type: "outcome", run: "r1", change: "chg_create-made", op: "create", address: "space:made" },
      ...{ result: "done", remote: { id: "t4" }, to: { value: "new" } },
    });
    expect(played.entries[9]).toEqual({
      ...{ type: "approval", run: "r1", change: "chg_delete-gone", by: "bob" },
      ...{ reason: "because", plan: approval.plan, given: approval.at },
    });
    expect(JSON.stringify(played.entries)).not.toContain("hand");
    expect(
      played.events.map((event) => (event.type === "started" ? "started" : `${event.settled}/${event.total}`)),
    ).toEqual([1, 2, 3, 4, 5].flatMap((count) => ["started", `${count}/5`]));
  });

  it("holds what is not approved, and lets what waits for it wait", async () => {
    const steps = [
      removal("gone", "1"),
      makeStep("after", { dependsOn: [toyAddress("gone")] }),
      removal("later", "2", { dependsOn: [toyAddress("gone")] }),
      makeStep("blocked", { gate: BLOCKED }),
      makeStep("free"),
      removal("open", "3", { gate: OPEN }),
    ];
    const toys = [toy("1", "gone"), toy("2", "later"), toy("3", "open")];
    const played = await play(steps, { toys, options: { approvals: new Map() } });
    expect(played.told).toEqual({
      ...{ gone: "held", after: "skipped", later: "held", blocked: "blocked", free: "done", open: "held" },
    });
    expect(played.platform.effects).toEqual(["create free"]);
    expect(becauseOf(played, "after")).toBe("It waits for space:gone, which was not done.");
    expect(becauseOf(played, "gone")).toBe("It waits for an approval of chg_delete-gone.");
    expect(played.events.filter(({ type }) => type === "started")).toHaveLength(1);
  });

  it("does not count an approval that expires while it looks", async () => {
    const clock = makeHandClock("2026-06-30T23:59:59Z");
    const steps = [removal("gone", "1")];
    const pause = async (): Promise<void> => clock.advance(2000);
    const played = await play(steps, { toys: [toy("1", "gone")], platform: { pause }, options: { clock } });
    expect([played.told, played.platform.effects, played.entries]).toEqual([{ gone: "held" }, [], []]);
  });

  it("leaves alone what moved or is so already, and goes on behind what is so already", async () => {
    const steps = [
      change("moved", "1"),
      makeStep("behind", { dependsOn: [toyAddress("moved")] }),
      makeStep("there"),
      makeStep("child", { to: { value: "new", parent: toyAddress("there") }, dependsOn: [toyAddress("there")] }),
      removal("absent", "9"),
    ];
    const observed = observeToys(new Map());
    const toys = [toy("1", "moved", "other"), toy("2", "there", "new")];
    const played = await play(steps, { toys, options: { observed } });
    expect(played.told).toEqual({
      moved: "stale",
      behind: "skipped",
      there: "already",
      child: "done",
      absent: "already",
    });
    expect(becauseOf(played, "moved")).toBe("It changed since the plan: value.");
    expect([...played.platform.toys.values()].at(-1)?.parent).toBe("2");
    expect(played.entries).toHaveLength(2);
  });

  it("says so when a thing goes between the look and the deletion", async () => {
    const platformWriter = {
      write: () => Promise.reject(new Error("no")),
      remove: async () => "absent" as const,
      editIdentityProvider: () => Promise.reject(new Error("no")),
    };
    const played = await play([removal("gone", "1")], {
      toys: [toy("1", "gone")],
      options: { writer: platformWriter },
    });
    expect([played.told, becauseOf(played, "gone")]).toEqual([{ gone: "already" }, "It was gone already."]);
    expect(played.entries.at(-1)).toMatchObject({ type: "outcome", result: "absent" });
  });

  it("skips what waits for a failure, not the rest", async () => {
    const steps = [
      makeStep("bad"),
      makeStep("child", { dependsOn: [toyAddress("bad")] }),
      makeStep("grandchild", { dependsOn: [toyAddress("child")] }),
      makeStep("good"),
    ];
    const played = await play(steps, { faults: { bad: "refused" } });
    expect(played.told).toEqual({ bad: "failed", child: "skipped", grandchild: "skipped", good: "done" });
    expect(becauseOf(played, "bad")).toBe("create /toys: no");
    expect(becauseOf(played, "grandchild")).toBe("It waits for space:child, which was not done.");
    const outcome = played.entries.find((entry) => entry.type === "outcome" && entry.result === "failed");
    expect(outcome).toMatchObject({ error: "invalid 422 create /toys" });
    expect(outcome).not.toHaveProperty("to");
  });

  it("does not know what a lost answer or a fault of ours left behind", async () => {
    const played = await play([makeStep("a"), makeStep("b"), makeStep("c")], {
      faults: { a: "lost", b: "lost-before", c: "broken" },
      options: { parallelism: () => 1 },
    });
    expect(played.told).toEqual({ a: "failed", b: "failed", c: "failed" });
    expect(becauseOf(played, "a")).toContain("It is not known whether this took effect");
    const outcomes = played.entries.flatMap((entry) => (entry.type === "outcome" ? [[entry.result, entry.error]] : []));
    expect(outcomes).toEqual([
      ["unknown", "timeout create /toys"],
      ["unknown", "network create /toys"],
      ["unknown", "TypeError"],
    ]);
    expect(recallMemory(played.lines).inDoubt).toHaveLength(3);
    expect(JSON.stringify(played.lines)).not.toContain("secret");
  });

  it("does not know either what was interrupted, or threw what is no error", async () => {
    for (const [thrown, error] of [
      [new PlatformError("interrupted", "POST /toys", "stopped"), "interrupted POST /toys"],
      ["text", "unexpected"],
    ] as const) {
      const writer = {
        write: () => Promise.reject(thrown),
        remove: () => Promise.reject(thrown),
        editIdentityProvider: () => Promise.reject(thrown),
      };
      const played = await play([makeStep("a")], { options: { writer } });
      expect(played.told).toEqual({ a: "failed" });
      expect(played.entries.at(-1)).toMatchObject({ result: "unknown", error });
    }
  });

  it("changes nothing where looking fails", async () => {
    const fail = (cause: Error) => ({ ...makeToyPlatform().reader, list: () => Promise.reject(cause) });
    const failed = await play([makeStep("a")], {
      options: { reader: fail(new PlatformError("server", "GET /toys", "broke")) },
    });
    expect([failed.told, becauseOf(failed, "a")]).toEqual([
      { a: "failed" },
      "Looking failed, so nothing was changed. GET /toys: broke",
    ]);
    const stopped = await play([makeStep("a")], {
      options: { reader: fail(new PlatformError("interrupted", "GET /toys", "")) },
    });
    expect(stopped.told).toEqual({ a: "skipped" });
    const unknown = await play([makeStep("a")], { options: { kinds: new Map() } });
    expect([unknown.told, becauseOf(unknown, "a")]).toEqual([
      { a: "failed" },
      "Looking failed, so nothing was changed. no kind is called space",
    ]);
    for (const played of [failed, stopped, unknown])
      expect([played.platform.effects, played.entries]).toEqual([[], []]);
  });

  it("refuses a plan that contradicts itself before it touches anything", async () => {
    await expect(play([makeStep("a", { dependsOn: [toyAddress("b")] })])).rejects.toThrow(Impossible);
  });

  it("sees a rename of what a spec refers to as no change of it", async () => {
    const steps = [
      change("New", "1", { renamedFrom: toyAddress("Old"), to: { value: "old" } }),
      change("child", "2", {
        ...{ from: { value: "old", parent: toyAddress("Old") }, to: { value: "new", parent: toyAddress("New") } },
        dependsOn: [toyAddress("New")],
      }),
    ];
    const played = await play(steps, { toys: [toy("1", "Old"), { ...toy("2", "child"), parent: "1" }] });
    expect(played.told).toEqual({ New: "done", child: "done" });
  });

  it("looks for what it renames under the name it still has", async () => {
    const looked: string[] = [];
    const kind: typeof toyKind = {
      ...toyKind,
      look: (context) => {
        looked.push(`${context.address} ${context.believed?.["id"]}`);
        return toyKind.look(context);
      },
    };
    const steps = [change("New", "1", { renamedFrom: toyAddress("Old"), to: { value: "old" } }), makeStep("other")];
    await play(steps, { toys: [toy("1", "Old")], options: { kinds: new Map([["space", kind]]) } });
    expect(looked).toEqual(["space:Old 1", "space:other undefined"]);
  });

  it("shares what it reads between the looks of one wave", async () => {
    const played = await play(
      Array.from({ length: 40 }, (_, index) => makeStep(`s${index}`)),
      { options: { parallelism: () => 8 } },
    );
    expect(Object.values(played.told).every((state) => state === "done")).toBe(true);
    expect(played.platform.reads()).toBe(1);
  });
});

describe("an interruption", () => {
  it("lets what is under way finish, and starts nothing new", async () => {
    const stop = new AbortController();
    const steps = [
      makeStep("a"),
      makeStep("b", { dependsOn: [toyAddress("a")] }),
      removal("c", "1"),
      removal("d", "2"),
    ];
    const played = await play(steps, {
      toys: [toy("1", "c"), toy("2", "d")],
      platform: { onEffect: (when) => when === "before" && stop.abort() },
      options: {
        signal: stop.signal,
        parallelism: () => 1,
        approvals: new Map([["chg_delete-d", [makeApproval(["chg_delete-d"])]]]),
      },
    });
    expect(played.told).toEqual({ a: "done", b: "skipped", c: "held", d: "skipped" });
    expect(becauseOf(played, "b")).toBe("The run was interrupted before its turn.");
    expect(played.report.interrupted).toBe(true);
    expect(played.entries.map(({ type }) => type)).toEqual(["intent", "outcome"]);
  });

  it("between look and intent keeps the step from running", async () => {
    const stop = new AbortController();
    const played = await play([makeStep("a")], {
      platform: { pause: async () => stop.abort() },
      options: { signal: stop.signal },
    });
    expect([played.told, played.entries]).toEqual([{ a: "skipped" }, []]);
  });

  it("before the first step leaves all undone", async () => {
    const played = await play([makeStep("a"), makeStep("b", { dependsOn: [toyAddress("a")] })], {
      options: { signal: AbortSignal.abort() },
    });
    expect([played.told, played.report.interrupted, played.platform.reads()]).toEqual([
      { a: "skipped", b: "skipped" },
      true,
      0,
    ]);
  });
});

describe("a ledger that cannot be written", () => {
  it("before an effect prevents it, and stops the run", async () => {
    const played = await play([makeStep("a"), makeStep("b")], {
      disk: { power: makePower(0) },
      options: { parallelism: () => 1 },
    });
    expect([played.told, played.platform.effects]).toEqual([{ a: "failed", b: "skipped" }, []]);
    expect(becauseOf(played, "a")).toContain("The ledger could not be written, so nothing was changed.");
    expect(becauseOf(played, "b")).toBe(played.report.stopped);
    expect(played.report.interrupted).toBe(false);
  });

  it("after an effect is told with it, and stops the run", async () => {
    const played = await play([makeStep("a"), makeStep("b")], {
      disk: { power: makePower(1) },
      options: { parallelism: () => 1 },
    });
    expect([played.told, played.platform.effects]).toEqual([{ a: "done", b: "skipped" }, ["create a"]]);
    expect(played.report.results[0]?.notes).toEqual([expect.stringContaining("could not be recorded")]);
    expect(recallMemory(played.lines).inDoubt).toHaveLength(1);
  });
});

const gates: fc.Arbitrary<Gate> = fc.constantFrom(OPEN, HELD, BLOCKED);

interface Draw {
  readonly op: Step["op"];
  readonly gate: Gate;
  readonly approved: boolean;
  readonly moved: boolean;
  readonly fault: ToyFault | undefined;
  readonly waits: readonly number[];
}

const draws: fc.Arbitrary<readonly Draw[]> = fc.array(
  fc.record({
    op: fc.constantFrom("create", "update", "delete"),
    gate: gates,
    approved: fc.boolean(),
    moved: fc.boolean(),
    fault: fc.option(fc.constantFrom("refused", "lost", "lost-before", "broken"), { nil: undefined, freq: 3 }),
    waits: fc.array(fc.nat(12), { maxLength: 3 }),
  }),
  { maxLength: 12 },
);

function drawStep(draw: Draw, index: number): Step {
  const waits = new Set(draw.waits.filter((other) => other < index));
  const said = { gate: draw.gate, dependsOn: [...waits].map((other) => toyAddress(`s${other}`)) };
  if (draw.op === "create") return makeStep(`s${index}`, said);
  return (draw.op === "update" ? change : removal)(`s${index}`, `${index}`, said);
}

describe("whatever the plan, the faults and the order of events", () => {
  it("intents come before effects, nothing runs without leave, and nothing behind what was not done", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        draws,
        fc.integer({ min: 1, max: 5 }),
        fc.nat(60),
        async (scheduler, drawn, parallelism, failsAt) => {
          const steps = drawn.map(drawStep);
          const pause = (): Promise<void> => scheduler.schedule(Promise.resolve());
          const durable = new Set<string>();
          const settled = new Map<string, string>();
          const approved = steps.filter((_, index) => drawn[index]?.approved);
          // Collected, since what is thrown here would only look like a fault of the platform.
          const violations: string[] = [];
          const onEffect = (when: string, effect: string): void => {
            if (when === "after") return;
            const [op, name] = effect.split(" ");
            const step = steps.find(({ address }) => address === toyAddress(name ?? ""));
            const needs = op === "delete" || step?.gate.state === "held";
            if (step?.op !== op) violations.push(`${effect} is not planned`);
            if (!durable.has(step?.id ?? "")) violations.push(`${effect} before its intent`);
            if (step?.gate.state === "blocked") violations.push(`${effect} although blocked`);
            if (needs && !approved.some(({ id }) => id === step?.id)) violations.push(`${effect} without approval`);
            for (const address of step?.dependsOn ?? []) {
              if (!["done", "already"].includes(settled.get(address) ?? ""))
                violations.push(`${effect} before ${address}`);
            }
          };
          const toys = drawn.flatMap((draw, index) =>
            draw.op === "create" ? [] : [toy(`${index}`, `s${index}`, draw.moved ? "moved" : "old")],
          );
          const played = await scheduler.waitFor(
            play(steps, {
              toys,
              faults: Object.fromEntries(drawn.flatMap(({ fault }, index) => (fault ? [[`s${index}`, fault]] : []))),
              disk: {
                pause,
                power: makePower(failsAt > 40 ? undefined : failsAt),
                onDurable: (text) => {
                  for (const line of text.split("\n").filter(Boolean)) {
                    const { entry } = JSON.parse(line) as LedgerLine;
                    if (entry.type === "intent") durable.add(entry.change);
                  }
                },
              },
              platform: { pause, onEffect },
              options: {
                parallelism: () => parallelism,
                approvals: approveAll(approved),
                onProgress: (event) => {
                  if (event.type === "started") return;
                  expect(settled.has(event.result.step.address)).toBe(false);
                  settled.set(event.result.step.address, event.result.state);
                },
              },
            }),
          );
          expect(violations).toEqual([]);
          expect(played.report.results.map(({ step }) => step)).toEqual(steps);
          expect(Object.fromEntries(settled)).toEqual(
            Object.fromEntries(played.report.results.map(({ step, state }) => [step.address, state])),
          );
          const done = played.report.results.filter(({ state }) => state === "done").length;
          const lost = played.platform.effects.length - done;
          expect(lost).toBe(
            played.platform.effects.filter((effect) => drawn[Number(effect.split(" s")[1])]?.fault === "lost").length,
          );
        },
      ),
      { numRuns: 300 },
    );
  });
});
