import { describe, expect, it } from "vitest";
import {
  type AccountIdentity,
  FIRST_PREV,
  type IntentEntry,
  type LedgerEntry,
  type LedgerLine,
  type OutcomeEntry,
} from "../../src/model/ledger.ts";
import type { LearnedPaces } from "../../src/model/platform.ts";
import { type Recollection, recallMemory } from "../../src/state/memory.ts";

function recall(...entries: readonly LedgerEntry[]): Recollection {
  const at = "2026-06-01T12:00:00Z";
  return recallMemory(
    entries.map(
      (entry, index): LedgerLine => ({ format: 1, seq: index + 1, at, prev: FIRST_PREV, entry, digest: FIRST_PREV }),
    ),
  );
}

function intend(said: Partial<IntentEntry> = {}): IntentEntry {
  return { type: "intent", run: "r1", change: "chg_1", op: "create", kind: "space", address: "space:O/a", ...said };
}

function conclude(said: Partial<OutcomeEntry> = {}): OutcomeEntry {
  const remote = { id: "1" };
  return {
    ...{ type: "outcome", run: "r1", change: "chg_1", op: "create", address: "space:O/a", result: "done" },
    ...{ remote, to: { private: true } },
    ...said,
  };
}

const entriesOf = (map: ReadonlyMap<string, unknown>): unknown => Object.fromEntries(map);

function make(address: IntentEntry["address"], remote: Record<string, string>): readonly LedgerEntry[] {
  return [intend({ address }), conclude({ address, remote })];
}

describe("memory", () => {
  it("of nothing is empty", () => {
    const { owned, lastWritten, managed, inDoubt } = recall({ type: "end", run: "r1", exit: 0 });
    expect([owned.size, lastWritten.size, managed.size, inDoubt]).toEqual([0, 0, 0, []]);
  });

  it("owns what was made, and knows what was last written", () => {
    for (const result of ["done", "settled-done"] as const) {
      const memory = recall(intend(), conclude({ result }));
      expect(entriesOf(memory.owned)).toEqual({ "space:O/a": { id: "1" } });
      expect(entriesOf(memory.lastWritten)).toEqual({ "space:O/a": { spec: { private: true }, remote: { id: "1" } } });
      expect(memory.inDoubt).toEqual([]);
    }
  });

  it("does not own what was only changed, and keeps what it owned when that is changed", () => {
    const changed = conclude({ op: "update", to: { private: false }, remote: { id: "2" } });
    const update = intend({ op: "update" });
    expect(recall(update, changed).owned.size).toBe(0);
    expect(recall(update, changed).lastWritten.size).toBe(1);
    expect(entriesOf(recall(intend(), conclude(), update, changed).owned)).toEqual({ "space:O/a": { id: "2" } });
  });

  it("knows the rules under which an apply last ran", () => {
    const rules = (number: number) => ({ needed: { default: number }, notBy: [], signed: false });
    const entry = (number: number): LedgerEntry => ({ type: "rules", run: "r", rules: rules(number) });
    expect(recall(entry(2), entry(3)).rules).toEqual({ rules: rules(3), line: FIRST_PREV });
    expect(recall()).not.toHaveProperty("rules");
  });

  it("knows what was learned of the limits, of reads and of writes when it was last told", () => {
    const end = (paces?: LearnedPaces): LedgerEntry => ({ type: "end", run: "r", exit: 0, ...(paces && { paces }) });
    const [slow, fast] = [{ perMinute: 60 }, { perMinute: 600, burst: 9 }];
    expect(recall(end({ reads: slow, writes: slow }), end({ writes: fast }), end()).paces).toEqual({
      reads: slow,
      writes: fast,
    });
    expect(recall(end())).not.toHaveProperty("paces");
  });

  it("knows for which account the last run was, and its name while none is told", () => {
    const entry = (account?: AccountIdentity): LedgerEntry => ({
      ...{ type: "run", run: "r", command: "apply", by: "ana", flags: [] },
      ...(account !== undefined && { account }),
    });
    const [first, second] = [entry({ url: "https://a", name: "A" }), entry({ url: "https://b" })];
    expect(recall(first, second, entry()).account).toEqual({ url: "https://b", name: "A" });
    expect(recall(entry())).not.toHaveProperty("account");
  });

  it("owns what was adopted", () => {
    const memory = recall({ type: "adoption", run: "r1", address: "role:X", remote: { id: "9" }, spec: { a: 1 } });
    expect(entriesOf(memory.owned)).toEqual({ "role:X": { id: "9" } });
    expect(entriesOf(memory.lastWritten)).toEqual({ "role:X": { spec: { a: 1 }, remote: { id: "9" } } });
  });

  it("forgets what was deleted, with what went along", () => {
    const made = [intend(), conclude(), intend({ address: "project:O/a/p" }), conclude({ address: "project:O/a/p" })];
    for (const result of ["done", "absent", "settled-done"] as const) {
      const deletion = intend({ op: "delete", cascade: ["project:O/a/p"] });
      const memory = recall(...made, deletion, conclude({ op: "delete", result }));
      expect([memory.owned.size, memory.lastWritten.size]).toEqual([0, 0]);
    }
    expect(recall(...made, conclude({ op: "delete" })).owned.size).toBe(1);
  });

  it("learns nothing from what had no effect", () => {
    for (const result of ["failed", "settled-not-done"] as const) {
      const memory = recall(intend(), conclude({ result }));
      expect([memory.owned.size, memory.inDoubt.length]).toEqual([0, 0]);
    }
  });

  it("learns nothing from an outcome without ids", () => {
    const { remote: _, ...bare } = conclude();
    expect(recall(intend(), bare).owned.size).toBe(0);
    expect(entriesOf(recall(intend({ remote: { id: "5" } }), bare).owned)).toEqual({ "space:O/a": { id: "5" } });
    const { to: __, ...without } = conclude();
    expect(recall(intend(), without).lastWritten.size).toBe(0);
  });

  it("keeps the classes that were managed", () => {
    const memory = recall(
      { type: "managed", run: "r1", classes: ["space@organization:O", "role@"] },
      { type: "managed", run: "r2", classes: ["role@"] },
    );
    expect([...memory.managed]).toEqual(["space@organization:O", "role@"]);
  });

  it("gives what was renamed, and all that stands in it, the new address", () => {
    const memory = recall(
      ...make("space:O/a", { id: "1" }),
      ...make("project:O/a/p", { id: "2" }),
      ...make("org-member:O/a", { organization: "0", user: "3" }),
      ...make("restriction:O/a", { project: "1" }),
      ...make("space:O/ab", { id: "4" }),
      ...make("organization:O", { id: "0" }),
      intend({ op: "update", address: "space:O/b%2F", renamedFrom: "space:O/a", remote: { id: "1" } }),
      conclude({ op: "update", address: "space:O/b%2F" }),
    );
    const expected = [
      "org-member:O/a",
      "organization:O",
      "project:O/b%2F/p",
      "restriction:O/b%2F",
      "space:O/ab",
      "space:O/b%2F",
    ];
    expect([...memory.owned.keys()].sort()).toEqual(expected);
    expect([...memory.lastWritten.keys()].sort()).toEqual(expected);
    expect(memory.lastWritten.get("project:O/b%2F/p")?.remote).toEqual({ id: "2" });
  });

  it("keeps what was written under the new name while the rename had to wait, and not what something else left there", () => {
    const memory = recall(
      ...make("space:O/new", { id: "9" }),
      ...make("space-member:O/new/ana", { space: "9", user: "3" }),
      ...make("project:O/new/p", { id: "8" }),
      ...make("space:O/old", { id: "1" }),
      ...make("space-member:O/old/ana", { space: "1", user: "3" }),
      ...make("project:O/old/p", { id: "2" }),
      ...make("service-key:O/old/ci", { id: "5", space: "1" }),
      intend({ op: "update", address: "service-key:O/new/ci", remote: { id: "5", space: "1" } }),
      conclude({ op: "update", address: "service-key:O/new/ci", remote: { id: "6", space: "1" } }),
      intend({ op: "update", address: "space:O/new", renamedFrom: "space:O/old", remote: { id: "1" } }),
      conclude({ op: "update", address: "space:O/new" }),
    );
    const remotes = {
      "space:O/new": { id: "1" },
      "space-member:O/new/ana": { space: "1", user: "3" },
      "project:O/new/p": { id: "2" },
      "service-key:O/new/ci": { id: "6", space: "1" },
    };
    expect(Object.fromEntries(memory.owned)).toEqual(remotes);
    expect(Object.fromEntries([...memory.lastWritten].map(([address, { remote }]) => [address, remote]))).toEqual(
      remotes,
    );
  });
});

describe("an intent", () => {
  it("is in doubt until its outcome follows", () => {
    expect(recall(intend()).inDoubt).toEqual([intend()]);
    expect(recall(intend(), conclude({ address: "space:O/b" })).inDoubt).toEqual([intend()]);
    expect(recall(intend(), conclude()).inDoubt).toEqual([]);
  });

  it("stays in doubt when its own run does not know, until a later run says anything", () => {
    const unknown = conclude({ result: "unknown" });
    expect(recall(intend(), unknown).inDoubt).toEqual([intend()]);
    const told = recall(intend(), unknown, { ...unknown, run: "r2" });
    expect([told.inDoubt, told.owned.size]).toEqual([[], 0]);
    expect(recall({ ...unknown, run: "r2" }).inDoubt).toEqual([]);
  });

  it("gives way to a newer one for its address", () => {
    const newer = intend({ run: "r2", change: "chg_2" });
    const other = intend({ address: "space:O/z" });
    expect(recall(intend(), other, newer).inDoubt).toEqual([other, newer]);
  });
});
