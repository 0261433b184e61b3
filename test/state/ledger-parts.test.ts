import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { headOf, type LedgerEntry, type LedgerLine } from "../../src/model/ledger.ts";
import type { ConnectStore } from "../../src/model/ledger-store.ts";
import type { Files } from "../../src/model/ports.ts";
import { listShards, type PartName } from "../../src/model/shard.ts";
import { sealLine } from "../../src/state/chain.ts";
import { makeFileStore } from "../../src/state/file-store.ts";
import { followParts } from "../../src/state/follow-parts.ts";
import { openLedger } from "../../src/state/ledger.ts";
import { findDivision, locatePart, mergeLines } from "../../src/state/ledger-parts.ts";
import { formatLines } from "../../src/state/ledger-text.ts";
import { recallMemory } from "../../src/state/memory.ts";
import { openStore } from "../../src/state/open-store.ts";
import { readLedger, readPart } from "../../src/state/read-ledger.ts";
import { readMemory } from "../../src/state/recall-parts.ts";
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
    expect(findDivision(lines)).toEqual({ of: 2, by: "organization", most: 3 });
    expect(listShards(findDivision(lines))).toEqual([1, 2, 3]);
    expect(runsOf((await readPart(place, 3)).lines)).toEqual(["third"]);
    expect([findDivision([]), listShards(undefined)]).toEqual([undefined, []]);
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
      const { heads, ...read } = await readMemory(place);
      expect(read).toEqual({ memory: recallMemory(lines), ...rest });
      for (const [part, head] of heads) expect(head).toEqual(headOf((await readPart(place, part)).lines));
      expect([...heads.keys()]).toEqual(["account", ...listShards(findDivision(lines))]);
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
    const { memory, heads } = await readMemory(place);
    expect(memory.owned.get("space:O/a")).toEqual({ id: "2" });
    expect([heads.get(2)?.seq, heads.get(1)]).toEqual([1, headOf([])]);
  });

  /** Parts whose lines have these times, and a disk that hands over little at once. */
  function putParts(parts: readonly (readonly number[])[]): {
    readonly files: Files;
    readonly made: readonly LedgerLine[][];
  } {
    const disk = makeDisk();
    const made = parts.map((times, part) => {
      const lines: LedgerLine[] = [];
      for (const [index, time] of times.entries()) {
        const { seq, digest } = headOf(lines);
        const at = `2026-01-01T00:00:${String(time).padStart(2, "0")}Z`;
        lines.push(sealLine({ format: 1, seq: seq + 1, at, prev: digest, entry: entry(`${part}-${index}`) }));
      }
      if (lines.length > 0) disk.put(locatePart("l", part === 0 ? "account" : part), formatLines(lines));
      return lines;
    });
    const readInPieces: Files["readInPieces"] = async (path, take, from) => {
      const bytes = (await disk.read(path)).subarray(from);
      for (let at = 0; at < bytes.length; at += 300) await take(bytes.subarray(at, at + 300));
    };
    return { files: { ...disk, readInPieces }, made };
  }
  const follow = async (files: Files, parts: number): Promise<readonly LedgerLine[]> => {
    const lines: LedgerLine[] = [];
    const names: readonly PartName[] = ["account", ...Array.from({ length: parts - 1 }, (_, index) => index + 1)];
    const following = names.map((part) => ({ part }));
    await followParts({ location: "l", files }, following, ({ follow }) => follow((each) => lines.push(each)));
    return lines;
  };

  test("are followed side by side in that order, whatever is in which piece", async () => {
    const times = fc.array(fc.nat(5), { maxLength: 7 });
    await fc.assert(
      fc.asyncProperty(fc.array(times, { minLength: 1, maxLength: 4 }), async (parts) => {
        const { files, made } = putParts(parts);
        expect(await follow(files, parts.length)).toEqual(mergeLines(made));
      }),
      { seed: 20_261_123, numRuns: 80 },
    );
  });

  test("are followed no further than one that is at fault, and a torn end is told", async () => {
    const { files, made } = putParts([
      [1, 2, 3, 4, 5, 6],
      [1, 2, 9, 9],
    ]);
    const text = (part: PartName, lines: readonly LedgerLine[]): Promise<void> =>
      files.replace(locatePart("l", part), formatLines(lines));
    const [base = [], shard = []] = made;
    await text(1, shard.toSpliced(2, 1));
    await expect(follow(files, 2)).rejects.toMatchObject({ diagnostics: [{ code: "AX501", at: { line: 3 } }] });
    await text(1, shard);
    await text("account", base.toSpliced(1, 1));
    await expect(follow(files, 2)).rejects.toMatchObject({ diagnostics: [{ code: "AX501", at: { line: 2 } }] });
    await files.replace("l", `${formatLines(base)}{"at`);
    const torn = await followParts({ location: "l", files }, [{ part: "account" }], async (parts) => {
      await parts.follow(() => undefined);
      return parts.endOf("account");
    });
    expect(torn).toMatchObject({ notes: [{ code: "AX503" }], mend: "cut", bytes: formatLines(base).length });
  });

  test("without line feeds at their ends are followed to the last", async () => {
    const { files, made } = putParts([[1, 2], [3]]);
    for (const part of ["account", 1] as const) {
      const place = locatePart("l", part);
      await files.replace(place, new TextDecoder().decode(await files.read(place)).trimEnd());
    }
    expect(await follow(files, 2)).toEqual(mergeLines(made));
  });

  test("that cannot be opened or read are told, and what was opened is closed", async () => {
    const { files } = putParts([[1], [2, 3]]);
    const unreadable: Files = {
      ...files,
      size: (path) => (path === "l" ? files.size(path) : Promise.reject(new Error("EIO"))),
    };
    await expect(follow(unreadable, 2)).rejects.toThrow("EIO");
    const open = new Set<string>();
    const connect: ConnectStore = async (location) => {
      if (location.includes("shard-3")) throw new Error("no such place");
      open.add(location);
      const store = makeFileStore(location.includes("shard-1") ? locatePart("l", 1) : "l", files);
      return { ...store, close: async () => void open.delete(location) };
    };
    const place = { location: "s3://bucket/l", files, connect };
    const opened: number[] = [];
    const parts = (...names: readonly PartName[]) => names.map((part) => ({ part }));
    await followParts(place, parts("account", 1), async ({ follow }) => {
      opened.push(open.size);
      // Whoever has enough need not take the rest.
      await follow(
        () => undefined,
        (part) => (part === "account" ? 1 : 0),
      );
    });
    await expect(followParts(place, parts("account", 1, 3), async () => undefined)).rejects.toThrow("no such place");
    expect([opened, open.size]).toEqual([[2], 0]);
  });
});
