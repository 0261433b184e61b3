import { describe, expect, it } from "vitest";
import type { Address } from "../../src/model/address.ts";
import type { ChangeId } from "../../src/model/change.ts";
import type { IntentEntry, LedgerEntry, OutcomeEntry } from "../../src/model/ledger.ts";
import { findRun, listChangingRuns, listRuns, traceAddresses } from "../../src/state/history.ts";
import { makeLines } from "../support/ledger-lines.ts";
import { SOME_DIGEST } from "../support/toy-plan.ts";

const begin = (run: string): LedgerEntry => ({
  ...{ type: "run", run, command: "apply", plan: SOME_DIGEST, by: "key@x.io", flags: ["--allow", "blind"] },
});
const intent = (run: string, address: Address, said: Partial<IntentEntry> = {}): IntentEntry => ({
  ...{ type: "intent", run, change: `chg_${address}`, op: "create", kind: "space", address },
  ...said,
});
const outcome = (run: string, address: Address, said: Partial<OutcomeEntry> = {}): OutcomeEntry => ({
  ...{ type: "outcome", run, change: `chg_${address}`, op: "create", address, result: "done" },
  ...said,
});
const tell = (...entries: readonly LedgerEntry[]) => listRuns(makeLines(entries));

describe("runs of a ledger", () => {
  it("follow no plan where something was only adopted", () => {
    const [run] = tell({ type: "run", run: "run_1", command: "adopt", by: "key@x.io", flags: [] });
    expect(run).toMatchObject({ command: "adopt", by: "key@x.io" });
    expect(run).not.toHaveProperty("plan");
  });

  it("tell of keys and of rules for approvals, without the list of signers", () => {
    const rules = { needed: { blind: 2 }, notBy: [], signed: true } as const;
    const [run] = tell(
      begin("run_1"),
      {
        ...{ type: "approval", run: "run_1", change: "chg_space:A/a", by: "v", reason: "why" },
        plan: SOME_DIGEST,
        key: "k",
      },
      intent("run_1", "space:A/a"),
      { type: "rules", run: "run_1", rules: { ...rules, signers: { digest: SOME_DIGEST, text: "x" } } },
    );
    expect(run?.rules).toEqual(rules);
    expect(run?.changes[0]?.approvals).toEqual([{ by: "v", reason: "why", key: "k" }]);
  });

  it("have what the lines say of them together", () => {
    const approval = (by: string, change: ChangeId): LedgerEntry => ({
      ...{ type: "approval", run: "run_1", change, by, reason: "why", plan: SOME_DIGEST },
    });
    const runs = tell(
      begin("run_1"),
      approval("vera", "chg_space:A/a"),
      approval("vito", "chg_space:A/a"),
      approval("vera", "chg_other"),
      intent("run_1", "space:A/a", {
        op: "delete",
        remote: { id: "1" },
        from: { description: "d" },
        cascade: ["project:A/a/p"],
        taken: [{ address: "project:A/a/p", spec: {}, remote: { id: "2" } }],
        approvedBy: ["vera", "vito"],
      }),
      outcome("run_1", "space:A/a", { op: "delete" }),
      intent("run_1", "space:A/b", { renamedFrom: "space:A/c", op: "update", to: { description: "" } }),
      outcome("run_1", "space:A/b", { op: "update", result: "failed", error: "no", remote: { id: "3" } }),
      intent("run_1", "org-member:A/x@y.z", { op: "delete", gate: "expired" }),
      { type: "adoption", run: "run_1", address: "space:A/d", remote: { id: "4" }, spec: {} },
      { type: "managed", run: "run_1", classes: ["role@"] },
      { type: "end", run: "run_1", exit: 5 },
    );
    expect(runs).toEqual([
      {
        run: "run_1",
        at: "2026-06-01T00:00:00Z",
        command: "apply",
        by: "key@x.io",
        plan: SOME_DIGEST,
        flags: ["--allow", "blind"],
        exit: 5,
        managed: ["role@"],
        adoptions: [{ address: "space:A/d", at: "2026-06-01T00:09:00Z", remote: { id: "4" } }],
        changes: [
          {
            ...{ run: "run_1", change: "chg_space:A/a", op: "delete", address: "space:A/a", line: 5, result: "done" },
            at: "2026-06-01T00:04:00Z",
            remote: { id: "1" },
            from: { description: "d" },
            cascade: ["project:A/a/p"],
            taken: [{ address: "project:A/a/p", spec: {}, remote: { id: "2" } }],
            ...{ lapsed: false, unseen: false },
            approvals: [
              { by: "vera", reason: "why" },
              { by: "vito", reason: "why" },
            ],
          },
          {
            ...{ run: "run_1", change: "chg_space:A/b", op: "update", address: "space:A/b", line: 7, result: "failed" },
            at: "2026-06-01T00:06:00Z",
            renamedFrom: "space:A/c",
            to: { description: "" },
            remote: { id: "3" },
            error: "no",
            ...{ cascade: [], taken: [], lapsed: false, unseen: false, approvals: [] },
          },
          {
            ...{ run: "run_1", change: "chg_org-member:A/x@y.z", op: "delete", address: "org-member:A/x@y.z" },
            ...{
              at: "2026-06-01T00:08:00Z",
              line: 9,
              result: "open",
              cascade: [],
              taken: [],
              lapsed: true,
              unseen: false,
            },
            approvals: [],
          },
        ],
      },
    ]);
  });

  it("say which later run found out what became of a change, and leave out what fits no intent", () => {
    const runs = tell(
      intent("run_1", "space:A/a"),
      outcome("run_2", "space:A/a", { result: "settled-done" }),
      outcome("run_2", "space:A/z"),
      outcome("run_2", "space:A/a", { change: "chg_other", result: "failed" }),
      { type: "of another version", run: "run_2" } as unknown as LedgerEntry,
    );
    expect(runs.map(({ changes }) => changes.map(({ result, settledBy }) => [result, settledBy]))).toEqual([
      [["settled-done", "run_2"]],
      [],
    ]);
    expect(listChangingRuns(runs).map(({ run }) => run)).toEqual(["run_1"]);
  });

  it("are found by their id, or by a beginning that only one has", () => {
    const runs = tell(begin("run_1"), begin("run_12"), begin("run_2"));
    expect(["run_1", "run_12", "run_2", "run", "x"].map((name) => findRun(runs, name)?.run)).toEqual([
      ...["run_1", "run_12", "run_2", undefined, undefined],
    ]);
    expect(findRun(runs, "run_2")?.run).toBe("run_2");
  });
});

describe("the history of an address", () => {
  const runs = tell(
    begin("run_1"),
    intent("run_1", "space:A/a"),
    outcome("run_1", "space:A/a"),
    { type: "adoption", run: "run_1", address: "space:A/b", remote: {}, spec: {} },
    intent("run_2", "space:A/a", { op: "update" }),
    outcome("run_2", "space:A/a", { op: "update" }),
    intent("run_2", "space:A/c", { op: "update", renamedFrom: "space:A/a" }),
    outcome("run_2", "space:A/c", { op: "update" }),
    intent("run_2", "space:A/failed"),
    outcome("run_2", "space:A/failed", { result: "failed" }),
    intent("run_2", "space:A/lost"),
    outcome("run_2", "space:A/lost", { result: "unknown" }),
    intent("run_3", "organization:A", { op: "delete", cascade: ["space:A/c"] }),
    outcome("run_3", "organization:A", { op: "delete" }),
    intent("run_3", "space:A/open", { op: "delete", cascade: ["space:A/a"] }),
  );
  const trace = (wanted: Address) =>
    traceAddresses(runs, (address) => address === wanted).map(({ what, run, by, address }) => [what, run, by, address]);

  it("has what was done to it, under each of its names", () => {
    expect(trace("space:A/a")).toEqual([
      ["made", "run_1", "key@x.io", "space:A/a"],
      ["changed", "run_2", undefined, "space:A/a"],
      ["renamed", "run_2", undefined, "space:A/c"],
    ]);
    expect(trace("space:A/c")).toEqual([
      ["renamed", "run_2", undefined, "space:A/c"],
      ["went-along", "run_3", undefined, "space:A/c"],
    ]);
    expect(trace("space:A/b")).toEqual([["adopted", "run_1", "key@x.io", "space:A/b"]]);
    expect(trace("organization:A")).toEqual([["removed", "run_3", undefined, "organization:A"]]);
  });

  it("has what nobody knows, and not what surely failed", () => {
    expect(trace("space:A/lost")).toEqual([["in-doubt", "run_2", undefined, "space:A/lost"]]);
    expect(trace("space:A/open")).toEqual([["in-doubt", "run_3", undefined, "space:A/open"]]);
    expect(trace("space:A/failed")).toEqual([]);
  });

  it("is in the order of time", () => {
    const all = traceAddresses(runs, () => true).map(({ at }) => at);
    expect(all).toEqual([...all].sort());
  });
});
