import { hash } from "node:crypto";
import { Ajv } from "ajv";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import schema from "../../schema/ledger.schema.json" with { type: "json" };
import type { Address } from "../../src/model/address.ts";
import {
  type CheckpointEntry,
  FIRST_PREV,
  headOf,
  holdsHead,
  type LedgerEntry,
  type LedgerLine,
} from "../../src/model/ledger.ts";
import type { Files } from "../../src/model/ports.ts";
import { sealLine } from "../../src/state/chain.ts";
import { isCheckpointDue, LEAST_LINES } from "../../src/state/checkpoint.ts";
import { type Ledger, openLedger } from "../../src/state/ledger.ts";
import { locatePart } from "../../src/state/ledger-parts.ts";
import { formatLines } from "../../src/state/ledger-text.ts";
import { type Recollection, recallMemory } from "../../src/state/memory.ts";
import { openStore } from "../../src/state/open-store.ts";
import { readLedger } from "../../src/state/read-ledger.ts";
import { readMemory, readSince } from "../../src/state/recall-parts.ts";
import { verifyLedger } from "../../src/state/verify-ledger.ts";
import { makeHandClock } from "../support/hand-clock.ts";
import { outcomeOf } from "../support/ledger-contract.ts";
import { type LedgerDisk, makeDisk } from "../support/ledger-disk.ts";
import { anyEntry, spellMemory as spell } from "../support/ledger-entries.ts";
import { makeChain } from "../support/ledger-lines.ts";

const PATH = "ledger.jsonl";
const END = (exit: number): LedgerEntry => ({ type: "end", run: "r1", exit });

/** Opens it as a run does, and closes it afterwards. */
async function writing<T>(files: Files, work: (ledger: Ledger) => Promise<T>): Promise<T> {
  const ledger = await openLedger({ store: await openStore({ location: PATH, files }), clock: makeHandClock() });
  try {
    return await work(ledger);
  } finally {
    await ledger.close();
  }
}

/** A run that ends with a checkpoint. */
function runWith(files: Files, entries: readonly LedgerEntry[]): Promise<void> {
  return writing(files, async (ledger) => {
    await ledger.append(entries);
    await ledger.checkpoint("r1", 1);
  });
}

/** As it is without any checkpoint. */
async function recallAll(files: Files): Promise<Recollection> {
  return recallMemory((await readLedger({ location: PATH, files })).lines);
}

async function recall(files: Files): Promise<Recollection> {
  return (await readMemory({ location: PATH, files })).memory;
}

describe("a ledger with checkpoints", () => {
  const accepts = new Ajv({ allowUnionTypes: true }).compile(schema);

  it("remembers what its lines say, whenever it was opened and whatever was written since", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(anyEntry, { minLength: 1, maxLength: 9 }), { maxLength: 6 }), async (runs) => {
        const files = makeDisk();
        for (const entries of runs) {
          await runWith(files, entries);
          const known = spell(await recallAll(files));
          expect(spell(await recall(files))).toEqual(known);
          expect(spell(await writing(files, async (ledger) => ledger.memory()))).toEqual(known);
          await writing(files, (ledger) => ledger.append(entries.slice(0, 2)));
          expect(spell(await recall(files))).toEqual(spell(await recallAll(files)));
        }
        const { lines } = await readLedger({ location: PATH, files });
        for (const line of lines) expect([line.entry.type, accepts(line)]).toEqual([line.entry.type, true]);
        expect(await verifyLedger({ location: PATH, files })).toMatchObject({
          ...{ exists: runs.length > 0, lines: lines.length, last: lines.at(-1)?.digest, notes: [] },
        });
      }),
      { seed: 20_261_123, numRuns: 60 },
    );
  });

  it("is read from the last one on, and what is before it is only looked at as a whole", async () => {
    const files = makeDisk();
    const adoptions = Array.from({ length: 250 }, (_, at): LedgerEntry => {
      return { type: "adoption", run: "r1", address: `role:${at}`, remote: { id: `${at}` }, spec: { a: 1 } };
    });
    await runWith(files, adoptions);
    await runWith(files, [END(1)]);
    await writing(files, (ledger) => ledger.append([END(2)]));
    const { lines } = await readLedger({ location: PATH, files });
    const types = lines.slice(250).map(({ entry: { type } }) => type);
    const three = ["remembered", "remembered", "remembered", "checkpoint"];
    // The second run came after too few lines for another one.
    expect(types).toEqual([...three, "end", "end"]);
    await writing(files, async (ledger) => {
      expect(ledger.recent()).toEqual(lines.slice(253));
      expect(await ledger.history([headOf(lines.slice(0, 254))])).toEqual(lines.slice(253));
      expect(await ledger.history([headOf(lines.slice(0, 253))])).toEqual(lines);
      expect(await ledger.history()).toEqual(lines);
      for (const length of [254, 255, 256]) {
        expect(holdsHead(ledger.recent(), headOf(lines.slice(0, length)))).toBe(true);
      }
      expect(await ledger.history([{ seq: 0, digest: FIRST_PREV }])).toEqual(lines);
    });
    const place = { location: PATH, files };
    expect(await readSince(place, [headOf(lines.slice(0, 254))])).toEqual(lines.slice(253));
    for (const since of [[headOf(lines.slice(0, 253))], [headOf(lines), headOf([])], undefined]) {
      expect(await readSince(place, since)).toEqual(lines);
    }
    await writing(files, (ledger) => ledger.append([{ type: "shards", run: "r2", of: 2, by: "space" }]));
    expect(await readSince(place, [headOf(lines)])).toHaveLength(lines.length + 1);
  });

  it("tells what was changed before one as every reader does, wherever that is", async () => {
    const files = makeDisk();
    await runWith(files, [{ type: "adoption", run: "r1", address: "role:a", remote: { id: "1" }, spec: {} }, END(0)]);
    await writing(files, (ledger) => ledger.append([END(1)]));
    const bytes = new TextEncoder().encode(files.text(PATH));
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = new Uint8Array(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      const other = makeDisk(new Map([[PATH, changed]]));
      const read = await outcomeOf(recallAll(other).then(spell));
      expect([at, await outcomeOf(recall(other).then(spell))]).toEqual([at, read]);
      expect([at, await outcomeOf(writing(other, async (ledger) => spell(ledger.memory())))]).toEqual([at, read]);
    }
  });

  it("that a crash tore anywhere remembers what is there, and goes on", async () => {
    const files = makeDisk();
    await writing(files, (ledger) => ledger.append([END(0), { type: "managed", run: "r1", classes: ["role@"] }]));
    const start = files.text(PATH).length;
    await runWith(files, [{ type: "adoption", run: "r1", address: "role:ü", remote: { id: "1" }, spec: {} }]);
    const bytes = new TextEncoder().encode(files.text(PATH));
    for (let size = start; size <= bytes.length; size += 1) {
      const torn = makeDisk(new Map([[PATH, bytes.slice(0, size)]]));
      expect([size, spell(await recall(torn))]).toEqual([size, spell(await recallAll(torn))]);
      await runWith(torn, [END(7)]);
      expect([size, spell(await recall(torn))]).toEqual([size, spell(await recallAll(torn))]);
      expect([size, (await verifyLedger({ location: PATH, files: torn })).notes]).toEqual([size, []]);
    }
  });

  it("needs no reading of a long one but from there", async () => {
    const files = makeDisk();
    const asked: number[] = [];
    const inPieces: Files = {
      ...files,
      readInPieces: async (path, take, from = 0) => {
        asked.push(from);
        const bytes = (await files.read(path)).subarray(from);
        for (let at = 0; at < bytes.length; at += 65_536) await take(bytes.subarray(at, at + 65_536));
      },
    };
    const long = "x".repeat(400_000);
    const adopt = (name: string): LedgerEntry => {
      return { type: "adoption", run: "r1", address: `role:${name}`, remote: { id: name }, spec: { a: long } };
    };
    await runWith(inPieces, [adopt("a"), adopt("a"), adopt("a")]);
    const from = files.text(PATH).indexOf('{"at"', 1_200_000);
    asked.length = 0;
    expect(spell(await recall(inPieces))).toEqual(spell(await recallAll(inPieces)));
    expect(asked).toEqual([0, from, 0]);
    // One that ends before it began is another one by now.
    const other: Files = {
      ...inPieces,
      readInPieces: async (path, take, at) => (at ? undefined : inPieces.readInPieces?.(path, take)),
    };
    expect(await outcomeOf(recall(other))).toBe("AX504");
    // Without a checkpoint it is read from the beginning again.
    const first = makeDisk(new Map([[PATH, (await files.read(PATH)).subarray(0, from)]]));
    expect(spell(await recall(first))).toEqual(spell(await recallAll(first)));
  });
});

describe("a checkpoint", () => {
  it("comes when as many lines came as things are remembered, and at least some", () => {
    const owned = (size: number): Recollection => ({
      ...recallMemory([]),
      owned: new Map(
        Array.from({ length: size }, (_, at): [Address, object] => [`role:${at}`, {}]),
      ) as Recollection["owned"],
    });
    expect(isCheckpointDue(LEAST_LINES, owned(0), LEAST_LINES)).toBe(true);
    expect(isCheckpointDue(LEAST_LINES - 1, owned(0), LEAST_LINES)).toBe(false);
    expect(isCheckpointDue(7, owned(8), 1)).toBe(false);
    expect(isCheckpointDue(8, owned(8), 1)).toBe(true);
  });

  it("is not written by who wrote nothing, nor after a write that failed", async () => {
    const files = makeDisk();
    await writing(files, (ledger) => ledger.append([END(0)]));
    const before = files.text(PATH);
    await writing(files, (ledger) => ledger.checkpoint("r2", 1));
    expect(files.text(PATH)).toBe(before);
    const full: Files = {
      ...files,
      openAppender: async () => ({ append: () => Promise.reject(new Error("ENOSPC")), close: async () => undefined }),
    };
    await writing(full, async (ledger) => {
      await expect(ledger.append([END(1)])).rejects.toThrow("ENOSPC");
      await ledger.checkpoint("r3", 1);
    });
    expect(files.text(PATH)).toBe(before);
  });

  it("waits for what is being written", async () => {
    const files = makeDisk();
    await writing(files, async (ledger) => {
      await ledger.append([END(0)]);
      const [adopted] = [{ type: "adoption", run: "r1", address: "role:a", remote: { id: "1" }, spec: {} }] as const;
      await Promise.all([ledger.append([adopted]), ledger.checkpoint("r1", 1)]);
    });
    expect((await recall(files)).owned.get("role:a")).toEqual({ id: "1" });
    expect((await verifyLedger({ location: PATH, files })).lines).toBe(4);
  });

  /** A ledger with a checkpoint that fits its lines but for what is said otherwise, as somebody would write it who knows how. */
  async function forge(
    entries: readonly LedgerEntry[],
    change: (entry: LedgerEntry) => LedgerEntry,
    said: Partial<CheckpointEntry> = {},
  ): Promise<LedgerDisk> {
    const files = makeDisk();
    await runWith(files, entries);
    const forged: LedgerEntry[] = [];
    for (const { entry: each } of (await readLedger({ location: PATH, files })).lines) {
      const text = formatLines(makeChain(0, forged));
      const bytes = formatLines(makeChain(0, forged).filter((line) => line.entry.type === "remembered")).length;
      const fitting = { before: `sha256:${hash("sha256", text)}` as const, bytes };
      forged.push(each.type === "checkpoint" ? { ...each, ...fitting, ...said } : change(each));
    }
    return makeDisk(new Map([[PATH, new TextEncoder().encode(formatLines(makeChain(0, forged)))]]));
  }

  const asItIs = (each: LedgerEntry): LedgerEntry => each;
  const ADOPTED: LedgerEntry = { type: "adoption", run: "r1", address: "role:a", remote: { id: "1" }, spec: {} };

  it.each<[string, Partial<CheckpointEntry>]>([
    ["stands on other lines", { before: FIRST_PREV }],
    ["stands on other lines and says something else", { before: FIRST_PREV, managed: ["role@"] }],
    ["has more parts than there are lines", { lines: 5 }],
    ["begins before the first line", { bytes: 1e6 }],
    ["is none", { lines: -1 }],
  ])("that %s is passed over, and told by a check", async (_, said) => {
    const files = await forge([ADOPTED], asItIs, said);
    expect(await outcomeOf(verifyLedger({ location: PATH, files }))).toBe("AX501");
    const known = await outcomeOf(recallAll(files).then(spell));
    expect(await outcomeOf(recall(files).then(spell))).toEqual(known);
  });

  it("that begins in the middle of a line is told by everybody, and one without its parts by a check", async () => {
    const elsewhere = await forge([ADOPTED], asItIs, { bytes: 7 });
    expect(await outcomeOf(recall(elsewhere))).toBe("AX501");
    for (const files of [elsewhere, await forge([ADOPTED], asItIs, { lines: 0, bytes: 0 })]) {
      expect(await outcomeOf(verifyLedger({ location: PATH, files }))).toBe("AX501");
    }
  });

  it("that is made in the same way but says nothing else is as good", async () => {
    const files = await forge([ADOPTED, END(0)], asItIs);
    expect(await verifyLedger({ location: PATH, files })).toMatchObject({ lines: 4 });
    await writing(files, async (ledger) => expect(ledger.recent()).toHaveLength(1));
  });

  it("that remembers otherwise is told by a check, with its line", async () => {
    const files = await forge([ADOPTED, END(0)], (each) =>
      each.type === "remembered" ? { ...each, things: each.things.map((thing) => ({ ...thing, owned: false })) } : each,
    );
    await expect(verifyLedger({ location: PATH, files })).rejects.toMatchObject({
      diagnostics: [
        { code: "AX501", detail: expect.stringContaining("remembers otherwise"), at: { file: PATH, line: 4 } },
      ],
    });
  });

  it("of an account that was divided since is passed over", async () => {
    const files = makeDisk();
    await runWith(files, [ADOPTED]);
    await writing(files, (ledger) => ledger.append([{ type: "shards", run: "r2", of: 2, by: "space" }]));
    const { lines } = await readLedger({ location: PATH, files });
    await writing(files, async (ledger) => expect(ledger.recent()).toEqual(lines));
    expect(spell(await recall(files))).toEqual(spell(recallMemory(lines)));
    expect(await verifyLedger({ location: PATH, files })).toMatchObject({ lines: lines.length });
  });
});

test("of a divided account every part is checked, and told is the line that was written last", async () => {
  const files = makeDisk();
  const text = (lines: readonly LedgerLine[]): Uint8Array => new TextEncoder().encode(formatLines(lines));
  const chain = (hour: number, ...entries: readonly LedgerEntry[]): readonly LedgerLine[] => {
    const lines: LedgerLine[] = [];
    for (const each of entries) {
      const { seq, digest } = headOf(lines);
      lines.push(sealLine({ format: 1, seq: seq + 1, at: `2026-06-01T0${hour}:00:00Z`, prev: digest, entry: each }));
    }
    return lines;
  };
  files.put(PATH, text(chain(2, { type: "shards", run: "r", of: 3, by: "space" }, END(0))));
  files.put(locatePart(PATH, 1), text(chain(5, END(1), END(2), END(3))));
  files.put(locatePart(PATH, 2), text(chain(3, END(4))));
  const { lines } = await readLedger({ location: PATH, files });
  const checked = { exists: true, lines: 6, last: lines.at(-1)?.digest, notes: [] };
  expect(await verifyLedger({ location: PATH, files })).toEqual(checked);
  files.put(locatePart(PATH, 2), `${files.text(locatePart(PATH, 2))}{"at`);
  expect((await verifyLedger({ location: PATH, files })).notes.map(({ code }) => code)).toEqual(["AX503"]);
  files.put(locatePart(PATH, 1), files.text(locatePart(PATH, 1)).replace("05:", "06:"));
  expect(await outcomeOf(verifyLedger({ location: PATH, files }))).toBe("AX501");
});

test("a line that never ends is refused before it fills the memory, also after others, and by whoever remembers", async () => {
  const files = makeDisk();
  await runWith(files, [END(0)]);
  const good = await files.read(PATH);
  let pieces = 0;
  const endless: Files = {
    ...files,
    readInPieces: async (_, take, from = 0) => {
      await take(good.subarray(from));
      for (let at = 0; at < 130; at += 1) await take(new Uint8Array(2 ** 20 / 2));
      pieces += 1;
    },
  };
  expect(await outcomeOf(recallAll(endless))).toBe("AX501");
  expect(pieces).toBe(0);
  expect(await outcomeOf(recall(endless))).toBe("AX501");
  expect(pieces).toBe(1);
});

test("what is remembered at one moment does not change with what is written later", async () => {
  await writing(makeDisk(), async (ledger) => {
    const before = ledger.memory();
    await ledger.append([
      { type: "adoption", run: "r1", address: "role:a", remote: { id: "1" }, spec: {} },
      { type: "managed", run: "r1", classes: ["role@"] },
    ]);
    expect([before.owned.size, before.lastWritten.size, before.managed.size]).toEqual([0, 0, 0]);
    expect(ledger.memory().owned.size).toBe(1);
  });
});
