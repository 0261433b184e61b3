import { describe, expect, it } from "vitest";
import { type ApplyEvent, type ApplyOptions, applyPlan } from "../../src/apply/apply-plan.ts";
import type { ApplyKind } from "../../src/apply/look-at-step.ts";
import type { ApplyReport } from "../../src/apply/report.ts";
import type { KindName } from "../../src/model/address.ts";
import type { HeldApproval } from "../../src/model/approval.ts";
import type { Step } from "../../src/model/change.ts";
import { PlatformError } from "../../src/model/errors.ts";
import type { LedgerEntry } from "../../src/model/ledger.ts";
import { makeFileStore } from "../../src/state/file-store.ts";
import { openLedger } from "../../src/state/ledger.ts";
import { readLedger } from "../../src/state/read-ledger.ts";
import { makeHandClock } from "../support/hand-clock.ts";
import { type DiskOptions, makeDisk, makePower } from "../support/ledger-disk.ts";
import { approveAll, BLOCKED, makeApproval, makePlanOf, makeStep, SOME_DIGEST } from "../support/toy-plan.ts";
import { makeToyPlatform, observeToys, toyAddress, toyKind } from "../support/toy-platform.ts";

const TOYS = ["1", "2", "3"].map((id) => ({ id, name: `toy${id}`, value: "old" }));
const from = { value: "old" };
const REMOVAL = makeStep("toy1", { op: "delete", remote: { id: "1" }, from });
const UPDATE = makeStep("toy2", { op: "update", remote: { id: "2" }, from, to: { value: "new" } });

interface Played {
  readonly report: ApplyReport;
  readonly entries: readonly LedgerEntry[];
  readonly events: readonly ApplyEvent[];
}

async function play(
  steps: readonly Step[],
  options: Partial<ApplyOptions> = {},
  disk: DiskOptions = {},
): Promise<Played> {
  const platform = makeToyPlatform({ toys: TOYS });
  const clock = makeHandClock();
  const files = makeDisk(new Map(), disk);
  const events: ApplyEvent[] = [];
  const report = await applyPlan({
    plan: makePlanOf(steps),
    kinds: new Map<KindName, ApplyKind>([["space", toyKind]]),
    observed: observeToys(platform.toys),
    reader: platform.reader,
    writer: platform.writer,
    ledger: await openLedger({ store: makeFileStore("l", files), clock }),
    approvals: approveAll(steps),
    clock,
    parallelism: () => 1,
    signal: new AbortController().signal,
    run: "r1",
    onProgress: (event) => events.push(event),
    ...options,
  });
  const { lines } = await readLedger({ location: "l", files });
  return { report, entries: lines.map(({ entry }) => entry), events };
}

describe("what the ledger keeps of a step", () => {
  it("is all that tells later whether it was done: what was there, and what was to be", async () => {
    const renamed = makeStep("new", {
      ...{ op: "update", remote: { id: "3" }, renamedFrom: toyAddress("toy3"), from, to: from },
    });
    const { entries } = await play([makeStep("made"), UPDATE, renamed], { approvals: new Map() });
    const written = { run: "r1", kind: "space", type: "intent" } as const;
    expect(entries.filter(({ type }) => type === "intent")).toEqual([
      { ...written, change: "chg_create-made", op: "create", address: "space:made", to: { value: "new" } },
      {
        ...{ ...written, change: "chg_update-toy2", op: "update", address: "space:toy2" },
        ...{ remote: { id: "2" }, from, to: { value: "new" } },
      },
      {
        ...{ ...written, change: "chg_update-new", op: "update", address: "space:new" },
        ...{ renamedFrom: "space:toy3", remote: { id: "3" }, from, to: from },
      },
    ]);
  });

  it("is with which key it was approved, where it was signed", async () => {
    const given = { plan: SOME_DIGEST, given: "2026-06-01T00:00:00Z", reason: "because" } as const;
    const signed: HeldApproval = { ...makeApproval([REMOVAL.id], { by: "vera" }), key: "SHA256:x" };
    const plain = makeApproval([REMOVAL.id], { by: "otto" });
    const { entries } = await play([REMOVAL], { approvals: new Map([[REMOVAL.id, [signed, plain]]]) });
    const used = { ...given, type: "approval", run: "r1", change: REMOVAL.id } as const;
    expect(entries.filter(({ type }) => type === "approval")).toEqual([
      { ...used, by: "vera", key: "SHA256:x" },
      { ...used, by: "otto" },
    ]);
  });
});

describe("what is told of a step that was not carried out", () => {
  const refuse = (cause: Error): Partial<ApplyOptions> => ({
    kinds: new Map<KindName, ApplyKind>([["space", { ...toyKind, look: () => Promise.reject(cause) }]]),
  });
  const secretive: Partial<ApplyOptions> = {
    kinds: new Map<KindName, ApplyKind>([["space", { ...toyKind, showsSecret: () => true }]]),
  };

  it.each<readonly [string, Step, Partial<ApplyOptions>, DiskOptions, string, string]>([
    ["held", REMOVAL, { approvals: new Map() }, {}, "held", "It waits for an approval of chg_delete-toy1."],
    ["blocked", makeStep("a", { gate: BLOCKED }), {}, {}, "blocked", "It is protected."],
    ["moved", { ...UPDATE, from: { value: "x" } }, {}, {}, "stale", "It changed since the plan: value."],
    [
      "interrupted while looking",
      UPDATE,
      refuse(new PlatformError("interrupted", "GET /toys", "")),
      {},
      "skipped",
      "The run was interrupted while looking; nothing was changed.",
    ],
    [
      "without a place for its secret",
      makeStep("a"),
      secretive,
      {},
      "failed",
      "Nothing was changed. There is no place for its secret.",
    ],
    [
      "that could not be written down",
      UPDATE,
      {},
      { power: makePower(0) },
      "failed",
      "The ledger could not be written, so nothing was changed. the machine lost its power",
    ],
  ])("%s: its state and why, and nothing else", async (_, step, options, disk, state, because) => {
    const { report } = await play([step], options, disk);
    expect(report.results).toEqual([{ step, state, because, notes: [] }]);
  });

  it("is that the run stopped before its turn, and why", async () => {
    const because = "The run stopped before its turn, because the ledger could not be written.";
    const { report, events } = await play([UPDATE, makeStep("b")], {}, { power: makePower(0) });
    expect(report).toMatchObject({ interrupted: false, stopped: because });
    expect(report.results[1]).toEqual({ step: makeStep("b"), state: "skipped", because, notes: [] });
    expect(events.map(({ type }) => type)).toEqual(["started", "settled", "settled"]);
    expect((await play([UPDATE])).report).not.toHaveProperty("stopped");
  });

  it("is that the run was interrupted once the look was over", async () => {
    const stop = new AbortController();
    const look: ApplyKind["look"] = (looking) => {
      stop.abort();
      return toyKind.look(looking);
    };
    const { report, entries } = await play([UPDATE], {
      signal: stop.signal,
      kinds: new Map<KindName, ApplyKind>([["space", { ...toyKind, look }]]),
    });
    const because = "The run was interrupted before its turn.";
    expect(report.results).toEqual([{ step: UPDATE, state: "skipped", because, notes: [] }]);
    expect(entries).toEqual([]);
  });

  it("is that its approval ended during the look", async () => {
    const clock = makeHandClock("2026-06-30T23:59:59Z");
    const look: ApplyKind["look"] = (looking) => {
      clock.advance(2000);
      return toyKind.look(looking);
    };
    const { report } = await play([REMOVAL], {
      clock,
      kinds: new Map<KindName, ApplyKind>([["space", { ...toyKind, look }]]),
    });
    expect(report.results).toMatchObject([{ state: "held", notes: [] }]);
  });
});
