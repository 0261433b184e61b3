import { describe, expect, test } from "vitest";
import { headOf, type LedgerEntry, type LedgerLine } from "../../src/model/ledger.ts";
import { openLedger } from "../../src/state/ledger.ts";
import { findDivision, listShards, locatePart, mergeLines } from "../../src/state/ledger-parts.ts";
import { recallMemory } from "../../src/state/memory.ts";
import { openStore } from "../../src/state/open-store.ts";
import { readHead, readLedger, readMemory, readPart } from "../../src/state/read-ledger.ts";
import { makeHandClock } from "../support/hand-clock.ts";
import { makeDisk } from "../support/ledger-disk.ts";

const entry = (run: string): LedgerEntry => ({ type: "end", run, exit: 0 });
const divided = (of: number): LedgerEntry => ({ type: "shards", run: "r", of, by: "organization" });

function line(at: string, run: string): LedgerLine {
  return { format: 1, seq: 1, at, prev: "sha256:0", digest: "sha256:1", entry: entry(run) };
}

const runsOf = (lines: readonly LedgerLine[]): readonly string[] => lines.map((each) => each.entry.run);

describe("the part of a shard", () => {
  test.each([
    ["ledger.jsonl", "ledger.shard-3.jsonl"],
    [".axcess/ledger", ".axcess/ledger.shard-3"],
    ["file:///srv/access/ledger.jsonl", "file:///srv/access/ledger.shard-3.jsonl"],
    ["postgres://u:p%3F@db/access", "postgres://u:p%3F@db/access?ledger=main.shard-3"],
    ["postgres://u@db/access?sslmode=require", "postgres://u@db/access?sslmode=require&ledger=main.shard-3"],
    [
      "postgres://u@db/access?ledger=prod&sslmode=require",
      "postgres://u@db/access?ledger=prod.shard-3&sslmode=require",
    ],
    ["s3://bucket/prod", "s3://bucket/prod.shard-3"],
    ["s3://bucket/a/prod/?region=eu-west-1", "s3://bucket/a/prod.shard-3?region=eu-west-1"],
  ])("of %s is %s", (location, part) => {
    expect(locatePart(location, 3)).toBe(part);
    expect(locatePart(location, "account")).toBe(location);
  });
});

describe("the lines of all parts", () => {
  test("stand by their time, and those of one part in their order whatever their clock said", () => {
    const one = [line("2026-01-01", "a1"), line("2026-01-05", "a2"), line("2026-01-02", "a3")];
    const other = [line("2026-01-03", "b1"), line("2026-01-05", "b2"), line("2026-01-06", "b3")];
    expect(runsOf(mergeLines([one, other]))).toEqual(["a1", "b1", "a2", "a3", "b2", "b3"]);
    expect(mergeLines([[], one])).toBe(one);
    expect(mergeLines([])).toEqual([]);
  });

  test("are read from every shard that there ever was", async () => {
    const files = makeDisk();
    const clock = makeHandClock();
    const place = { location: "ledger.jsonl", files };
    const write = async (part: "account" | number, entries: readonly LedgerEntry[]): Promise<void> => {
      const store = await openStore({ location: locatePart("ledger.jsonl", part), files });
      const ledger = await openLedger({ store, clock });
      await ledger.append(entries);
      await ledger.close();
      clock.advance(1000);
    };
    expect(await readLedger(place)).toEqual({ lines: [], notes: [], exists: false });
    await write("account", [entry("first"), divided(3)]);
    await write(3, [entry("third")]);
    await write("account", [divided(2), entry("last")]);
    const { lines, exists } = await readLedger(place);
    expect([runsOf(lines), exists]).toEqual([["first", "r", "third", "r", "last"], true]);
    expect(findDivision(lines)).toEqual({ of: 2, by: "organization" });
    expect(listShards(lines)).toEqual([1, 2, 3]);
    expect(runsOf((await readPart(place, 3)).lines)).toEqual(["third"]);
    expect([findDivision([]), listShards([])]).toEqual([undefined, []]);
  });

  test("are remembered as they are read, whether there is one part or several", async () => {
    const files = makeDisk();
    const clock = makeHandClock();
    const place = { location: "ledger.jsonl", files };
    const add = async (part: "account" | number, entries: readonly LedgerEntry[]): Promise<void> => {
      const ledger = await openLedger({
        store: await openStore({ location: locatePart("ledger.jsonl", part), files }),
        clock,
      });
      await ledger.append(entries);
      await ledger.close();
      clock.advance(1000);
    };
    const adopted = (run: string, id: string): LedgerEntry => ({
      ...{ type: "adoption", run, address: "space:O/a", remote: { id }, spec: { private: true } },
    });
    const requireSame = async (): Promise<void> => {
      const { lines, ...rest } = await readLedger(place);
      expect(await readMemory(place)).toEqual({ memory: recallMemory(lines), ...rest });
    };
    await requireSame();
    await add("account", [adopted("a", "1"), { type: "managed", run: "a", classes: ["role@"] }]);
    await requireSame();
    files.put("ledger.jsonl", `${files.text("ledger.jsonl")}{"torn`);
    await requireSame();
    await add("account", [divided(2)]);
    await add(2, [adopted("b", "2")]);
    await add("account", [entry("c")]);
    await requireSame();
    const { memory } = await readMemory(place);
    expect(memory.owned.get("space:O/a")).toEqual({ id: "2" });
    expect(await readHead(place, 2)).toEqual(headOf((await readPart(place, 2)).lines));
    expect(await readHead(place, 1)).toEqual(headOf([]));
  });
});
