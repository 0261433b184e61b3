import { hash } from "node:crypto";
import { Ajv } from "ajv";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import schema from "../../schema/ledger.schema.json" with { type: "json" };
import {
  type CheckpointEntry,
  FIRST_PREV,
  headOf,
  type LedgerEntry,
  type LedgerLine,
  type PartPosition,
} from "../../src/model/ledger.ts";
import type { Files } from "../../src/model/ports.ts";
import type { PartName } from "../../src/model/shard.ts";
import { locatePart } from "../../src/state/ledger-parts.ts";
import { formatLines } from "../../src/state/ledger-text.ts";
import { loadAlone } from "../../src/state/load-ledger.ts";
import { type Recollection, recallMemory } from "../../src/state/memory.ts";
import { readLedger, readPart, whileOpen } from "../../src/state/read-ledger.ts";
import { readMemory, readSince, recallParts } from "../../src/state/recall-parts.ts";
import { verifyLedger } from "../../src/state/verify-ledger.ts";
import { outcomeOf } from "../support/ledger-contract.ts";
import { anyEntry, spellMemory as spell } from "../support/ledger-entries.ts";
import { makeChain } from "../support/ledger-lines.ts";
import { adopt, ENDS, inRun, LEDGER, type Machines, openMachines, runOf, shardOf } from "../support/shard-machines.ts";

const recall = async ({ place }: Machines): Promise<Recollection> => (await readMemory(place)).memory;
const recallAll = async ({ place }: Machines): Promise<Recollection> => recallMemory((await readLedger(place)).lines);
const linesOf = async ({ place }: Machines, part: PartName): Promise<readonly LedgerLine[]> =>
  (await readPart(place, part)).lines;
const typesOf = async (machines: Machines, part: PartName): Promise<readonly string[]> =>
  (await linesOf(machines, part)).map(({ entry }) => entry.type);

/** How many lines are read one by one; undefined where that is every line. */
async function countRead({ place }: Machines): Promise<number | undefined> {
  const base = await whileOpen(place, "account", loadAlone);
  const { lines, isWhole } = await recallParts(place, { base });
  return isWhole ? undefined : lines;
}

/** Two shards that wrote two lines each, with a checkpoint of the account part over them. */
async function openDivided(): Promise<Machines> {
  const machines = openMachines();
  await runOf(machines, shardOf("account"), [adopt("a", "1")]);
  await runOf(machines, shardOf(1), [adopt("ü", "2"), adopt("c", "3")]);
  await runOf(machines, shardOf(2), [adopt("d", "4"), adopt("e", "5")]);
  await runOf(machines, shardOf("account"), []);
  return machines;
}

describe("a checkpoint over the parts of an account", () => {
  const accepts = new Ajv({ allowUnionTypes: true }).compile(schema);

  it("lets everybody remember what all lines say, whoever writes whatever, and into however many it is divided", async () => {
    const action = fc.record({
      who: fc.constantFrom<PartName | "whole">("account", "account", "whole", 1, 2, 3),
      of: fc.constantFrom(2, 2, 2, 3),
      entries: fc.array(anyEntry, { maxLength: 5 }),
    });
    let joint = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 12 }), async (actions) => {
        const machines = openMachines();
        let division = 2;
        await runOf(machines, shardOf("account"), []);
        for (const { who, of, entries } of actions) {
          if (who === "account") division = of;
          const known = spell(await recallAll(machines));
          const shard = who === "whole" ? undefined : shardOf(who === 3 ? division : who, division);
          expect(spell(await runOf(machines, shard, entries))).toEqual(known);
          expect(spell(await recall(machines))).toEqual(spell(await recallAll(machines)));
        }
        const { lines } = await readLedger(machines.place);
        for (const line of lines) expect([line.entry.type, accepts(line)]).toEqual([line.entry.type, true]);
        expect(await verifyLedger(machines.place)).toMatchObject({ lines: lines.length, last: lines.at(-1)?.digest });
        joint += lines.filter(({ entry }) => entry.type === "checkpoint" && entry.division !== undefined).length;
      }),
      { seed: 20_261_123, numRuns: 60 },
    );
    expect(joint).toBeGreaterThan(100);
  });

  it("is written by the account part and by runs for the whole, also where only others wrote something", async () => {
    const machines = openMachines();
    await runOf(machines, shardOf("account"), [adopt("a", "1")]);
    // Whoever divides the account knows nothing of the new parts yet.
    expect(await typesOf(machines, "account")).toEqual(["shards", "adoption"]);
    await runOf(machines, shardOf(1), [adopt("b", "2")]);
    expect([await typesOf(machines, 1), await countRead(machines)]).toEqual([["adoption"], undefined]);
    await runOf(machines, shardOf("account"), [], 4);
    expect([await typesOf(machines, "account"), await countRead(machines)]).toEqual([
      ["shards", "adoption"],
      undefined,
    ]);
    await runOf(machines, shardOf("account"), [], 3);
    expect((await typesOf(machines, "account")).slice(2)).toEqual(["remembered", "checkpoint"]);
    expect(await countRead(machines)).toBe(0);
    await runOf(machines, shardOf(2), [adopt("c", "3"), adopt("d", "4")]);
    await runOf(machines, shardOf(1), [adopt("e", "5"), adopt("b", "6")]);
    expect(await countRead(machines)).toBe(4);
    await runOf(machines, undefined, []);
    expect((await typesOf(machines, "account")).slice(4)).toEqual([]);
    await runOf(machines, undefined, ENDS.slice(0, 1));
    expect((await typesOf(machines, "account")).slice(4)).toEqual(["end", "remembered", "checkpoint"]);
    expect(await countRead(machines)).toBe(0);
    expect((await recall(machines)).owned.size).toBe(5);
  });

  it("knows of a part that came later nothing, and of one that is no more all", async () => {
    const machines = await openDivided();
    await runOf(machines, shardOf("account", 3), [], 1e6);
    await runOf(machines, shardOf(3, 3), [adopt("f", "6")]);
    expect(await countRead(machines)).toBe(2);
    await runOf(machines, shardOf("account", 1), ENDS);
    await runOf(machines, shardOf(1, 1), [adopt("g", "7")]);
    expect(await countRead(machines)).toBe(1);
    const { owned, division } = await recall(machines);
    expect([[...owned.keys()].sort(), division]).toEqual([
      ["role:a", "role:c", "role:d", "role:e", "role:f", "role:g", "role:ü"],
      { of: 1, by: "organization", most: 3 },
    ]);
  });

  it("tells where each part ends, also of one that wrote nothing since", async () => {
    const machines = await openDivided();
    await runOf(machines, shardOf(2), [adopt("f", "6")]);
    const { heads } = await readMemory(machines.place);
    for (const part of ["account", 1, 2] as const) {
      expect([part, heads.get(part)]).toEqual([part, headOf(await linesOf(machines, part))]);
    }
    await runOf(machines, shardOf(1), [adopt("g", "7")]);
    const [, , line] = await linesOf(machines, 1);
    expect(line?.seq).toBe(3);
  });

  it("says nothing of what others write while it is written", async () => {
    const machines = await openDivided();
    await runOf(machines, shardOf(2), ENDS);
    let isBeside = false;
    const files: Files = {
      ...machines.files,
      openAppender: async (path) => {
        const { append, close } = await machines.files.openAppender(path);
        return {
          append: async (text) => {
            if (path === LEDGER && !isBeside) {
              isBeside = true;
              await runOf(machines, shardOf(1), [adopt("c", "30")]);
            }
            await append(text);
          },
          close,
        };
      },
    };
    await inRun({ ...machines.place, files, shard: shardOf("account"), checkpointAfter: 0 }, async () => undefined);
    expect([isBeside, await countRead(machines)]).toEqual([true, 1]);
    expect((await recall(machines)).owned.get("role:c")).toEqual({ id: "30" });
    expect(spell(await recall(machines))).toEqual(spell(await recallAll(machines)));
    await verifyLedger(machines.place);
  });

  it("hides no change of what is passed over in a part, wherever that is", async () => {
    const machines = await openDivided();
    for (const part of [1, 2] as const) {
      const path = locatePart(LEDGER, part);
      const good = await machines.files.read(path);
      for (let at = 0; at < good.length; at += 1) {
        const changed = new Uint8Array(good);
        changed[at] = (changed[at] ?? 0) ^ 1;
        machines.files.put(path, changed);
        const read = await outcomeOf(recallAll(machines).then(spell));
        expect([part, at, await outcomeOf(recall(machines).then(spell))]).toEqual([part, at, read]);
        // A run of the other part, which reads this one.
        const run = runOf(machines, shardOf(3 - part), [], 1e6).then(spell);
        expect([part, at, await outcomeOf(run)]).toEqual([part, at, read]);
      }
      machines.files.put(path, good);
    }
    expect(await countRead(machines)).toBe(0);
  });

  it("does not bring back what is gone of a part, and a check tells that it is gone", async () => {
    const machines = await openDivided();
    const path = locatePart(LEDGER, 1);
    const good = await machines.files.read(path);
    const [first] = await linesOf(machines, 1);
    const kept = first === undefined ? "" : formatLines([first]);
    for (const text of [kept, `${kept}{"at`, kept.trimEnd()]) {
      machines.files.put(path, text);
      expect(await countRead(machines)).toBe(undefined);
      const { owned } = await recall(machines);
      expect([owned.has("role:ü"), owned.has("role:c")]).toEqual([true, false]);
      expect(await outcomeOf(verifyLedger(machines.place))).toBe("AX501");
    }
    await machines.files.remove(path);
    expect((await recall(machines)).owned.has("role:ü")).toBe(false);
    expect(await outcomeOf(verifyLedger(machines.place))).toBe("AX501");
    // What was passed over until now may be followed by something else.
    machines.files.put(path, `${new TextDecoder().decode(good)}{"at`);
    expect([await countRead(machines), (await readMemory(machines.place)).notes.map(({ code }) => code)]).toEqual([
      0,
      ["AX503"],
    ]);
  });

  it("waits for a line that somebody may be about to end", async () => {
    const machines = await openDivided();
    await runOf(machines, shardOf(1), [...ENDS, adopt("f", "6")]);
    const path = locatePart(LEDGER, 1);
    const text = machines.files.text(path);
    machines.files.put(path, text.trimEnd());
    await runOf(machines, shardOf("account"), [], 0);
    expect(await countRead(machines)).toBe(10);
    machines.files.put(path, text);
    await runOf(machines, shardOf("account"), [], 0);
    expect(await countRead(machines)).toBe(0);
  });

  it("is followed by the lines that somebody asks for, and all are read where they begin earlier", async () => {
    const machines = await openDivided();
    const before = await linesOf(machines, 1);
    await runOf(machines, shardOf(1), [adopt("f", "6"), adopt("g", "7")]);
    await runOf(machines, shardOf(2), [adopt("h", "8")]);
    const all = (await readLedger(machines.place)).lines;
    const [checkpoint] = (await linesOf(machines, "account")).slice(-1);
    const one = (await linesOf(machines, 1)).slice(before.length);
    const other = (await linesOf(machines, 2)).slice(-1);
    const recent = [checkpoint, ...one, ...other];
    const heads = { one: headOf(one.slice(0, 1)), other: headOf(other) };
    expect(await readSince(machines.place, [heads.one, heads.other])).toEqual(recent);
    expect(await readSince(machines.place, [headOf(recent.slice(0, 1) as LedgerLine[])])).toEqual(recent);
    for (const since of [undefined, [headOf([])], [heads.one, headOf(before)]]) {
      expect(await readSince(machines.place, since)).toEqual(all);
    }
    await inRun({ ...machines.place, shard: shardOf(1) }, async ({ ledger }) => {
      expect(ledger.recent()).toEqual(one);
      expect(await ledger.history([heads.one])).toEqual(recent);
      expect(await ledger.history()).toEqual(all);
      await ledger.append([adopt("i", "9")]);
      expect(await ledger.history([heads.one])).toHaveLength(recent.length + 1);
      expect(ledger.recent()).toHaveLength(3);
    });
  });

  it("that is gone before its lines are read is told", async () => {
    const machines = await openDivided();
    const long: Files = {
      ...machines.files,
      readInPieces: async (path, take, from = 0) => {
        if (from === 0) await take(await machines.files.read(path));
      },
    };
    expect(await outcomeOf(readMemory({ ...machines.place, files: long }))).toBe("AX504");
  });
});

describe("a check of an account with parts", () => {
  /** Its last checkpoint says something else, chained as it should be. */
  async function forge(change: (entry: CheckpointEntry) => CheckpointEntry): Promise<Machines> {
    const machines = await openDivided();
    const forged: LedgerEntry[] = [];
    for (const { entry } of await linesOf(machines, "account")) {
      const before = `sha256:${hash("sha256", formatLines(makeChain(0, forged)))}` as const;
      const own = makeChain(0, forged).filter((line) => line.entry.type === "remembered");
      const bytes = Buffer.byteLength(formatLines(own));
      forged.push(entry.type === "checkpoint" ? change({ ...entry, before, bytes }) : entry);
    }
    machines.files.put(LEDGER, formatLines(makeChain(0, forged)));
    return machines;
  }
  const withParts =
    (change: (parts: readonly PartPosition[]) => readonly PartPosition[]) =>
    (entry: CheckpointEntry): CheckpointEntry => {
      if (entry.division === undefined) return entry;
      return { ...entry, division: { ...entry.division, parts: change(entry.division.parts) } };
    };
  const first =
    (change: Partial<PartPosition>) =>
    ([one, ...others]: readonly PartPosition[]): readonly PartPosition[] =>
      one === undefined ? others : [{ ...one, ...change }, ...others];

  it("takes one that is chained anew and says the same", async () => {
    expect(await verifyLedger((await forge((entry) => entry)).place)).toMatchObject({ lines: 8 });
  });

  it("tells one that knows of parts where there are none", async () => {
    const machines = openMachines();
    await runOf(machines, undefined, [adopt("a", "1")]);
    const [adopted, remembered, checkpoint] = await linesOf(machines, "account");
    const entries = [adopted, remembered, checkpoint].flatMap((line) => line?.entry ?? []);
    const parts = [{ lines: 0, bytes: 0, before: `sha256:${hash("sha256", "")}`, last: FIRST_PREV }];
    const forged = entries.map((entry, at) => {
      if (entry.type !== "checkpoint") return entry;
      const before = formatLines(makeChain(0, entries.slice(0, at)));
      const bytes = Buffer.byteLength(formatLines(makeChain(0, entries.slice(0, at)).slice(1)));
      const division = { of: 1, by: "space", parts } as CheckpointEntry["division"];
      return { ...entry, before: `sha256:${hash("sha256", before)}`, bytes, division } as LedgerEntry;
    });
    machines.files.put(LEDGER, formatLines(makeChain(0, forged)));
    await expect(verifyLedger(machines.place)).rejects.toMatchObject({
      diagnostics: [{ code: "AX501", detail: expect.stringContaining("other lines"), at: { line: 3 } }],
    });
  });

  it.each<[string, ReturnType<typeof withParts>]>([
    ["other lines of a part", withParts(first({ before: FIRST_PREV }))],
    ["fewer lines of a part", withParts(first({ lines: 1 }))],
    ["more lines of a part", withParts(first({ lines: 9 }))],
    ["fewer bytes of a part", withParts(first({ bytes: 1 }))],
    ["another end of a part", withParts(first({ last: FIRST_PREV }))],
    ["fewer parts", withParts((parts) => parts.slice(1))],
    ["one part more", withParts((parts) => [...parts, ...parts.slice(1)])],
    ["more parts", withParts((parts) => [...parts, ...parts])],
    ["another division", (entry) => ({ ...entry, division: { of: 1, by: "organization", parts: [] } })],
    ["other classes", (entry) => ({ ...entry, managed: ["role@"] })],
  ])("tells one of %s, with its line", async (_, change) => {
    const { place } = await forge(change);
    await expect(verifyLedger(place)).rejects.toMatchObject({
      diagnostics: [{ code: "AX501", at: { file: LEDGER, line: 4 } }],
    });
  });
});
