import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Ajv } from "ajv";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import schema from "../../schema/ledger.schema.json" with { type: "json" };
import { systemFiles } from "../../src/host/system-files.ts";
import { DiagnosedError, Impossible, UsageError } from "../../src/model/errors.ts";
import { canonicalJson } from "../../src/model/json.ts";
import { FIRST_PREV, type LedgerEntry } from "../../src/model/ledger.ts";
import { sealLine } from "../../src/state/chain.ts";
import { openLedger } from "../../src/state/ledger.ts";
import { ledgerPath, schemeOf } from "../../src/state/ledger-location.ts";
import { makeLedgerReader } from "../../src/state/ledger-text.ts";
import { openStore } from "../../src/state/open-store.ts";
import { readLedger } from "../../src/state/read-ledger.ts";
import { makeHandClock } from "../support/hand-clock.ts";
import { type LedgerDisk, makeDisk, makePower } from "../support/ledger-disk.ts";

// The same cases on every machine and every day.
fc.configureGlobal({ seed: 20_261_121 });

const PATH = "ledger.jsonl";
const END = (exit: number): LedgerEntry => ({ type: "end", run: "r1", exit });
const clock = makeHandClock();

async function write(files: LedgerDisk, ...exits: readonly number[]): Promise<void> {
  const ledger = await openLedger({ store: await openStore({ location: PATH, files }), clock });
  for (const exit of exits) await ledger.append([END(exit)]);
  await ledger.close();
}

async function diagnose(files: LedgerDisk): Promise<unknown> {
  try {
    await readLedger({ location: PATH, files });
    return "read";
  } catch (error) {
    if (!(error instanceof DiagnosedError)) throw error;
    return error.diagnostics.map(({ code, severity, at }) => `${severity} ${code} ${at?.file}:${at?.line}`).join();
  }
}

describe("the ledger", () => {
  it("is empty where there is no file, and neither reading nor opening makes one", async () => {
    const files = makeDisk();
    expect(await readLedger({ location: PATH, files })).toEqual({ lines: [], notes: [], exists: false });
    const ledger = await openLedger({ store: await openStore({ location: PATH, files }), clock });
    expect(ledger.recent()).toEqual([]);
    await ledger.close();
    expect(files.paths()).toEqual([]);
  });

  it("chains its lines and reads them back", async () => {
    const files = makeDisk();
    await write(files, 0, 1);
    await write(files, 2);
    const { lines, notes } = await readLedger({ location: PATH, files });
    expect(notes).toEqual([]);
    expect(lines.map(({ seq, at, entry }) => ({ seq, at, entry }))).toEqual(
      [0, 1, 2].map((exit) => ({ seq: exit + 1, at: "2026-06-01T12:00:00.000Z", entry: END(exit) })),
    );
    expect(lines.map((line) => line.prev)).toEqual([FIRST_PREV, lines[0]?.digest, lines[1]?.digest]);
    expect(files.text(PATH)).toBe(lines.map((line) => `${canonicalJson(line)}\n`).join(""));
  });

  it("writes lines that the schema accepts, whatever their entry", async () => {
    const files = makeDisk();
    const ledger = await openLedger({ store: await openStore({ location: PATH, files }), clock });
    await ledger.append([
      { type: "run", run: "r1", command: "apply", plan: FIRST_PREV, by: "ana", flags: ["--max-removals"] },
      {
        ...{ type: "intent", run: "r1", change: "chg_a", op: "update", kind: "space", address: "space:O/a" },
        ...{ renamedFrom: "space:O/b", remote: { id: "1" }, from: { private: true }, to: { private: false } },
        ...{ cascade: ["project:O/a/p"], approvedBy: ["ana"] },
      },
      {
        ...{ type: "outcome", run: "r1", change: "chg_a", op: "update", address: "space:O/a", result: "done" },
        ...{ remote: { id: "1" }, to: { private: false }, error: "timeout" },
      },
      { type: "adoption", run: "r1", address: "space:O/a", remote: { id: "1" }, spec: {} },
      { type: "approval", run: "r1", change: "chg_a", by: "ana", reason: "asked", plan: FIRST_PREV },
      { type: "managed", run: "r1", classes: ["space@organization:O"] },
      {
        ...{ type: "approval", run: "r1", change: "chg_a", by: "a@x.io", reason: "r", plan: FIRST_PREV },
        ...{ given: "2026-06-01T00:00:00Z", key: "SHA256:x" },
      },
      { type: "rules", run: "r1", rules: { needed: {}, notBy: [], signed: false } },
      {
        type: "rules",
        run: "r1",
        rules: {
          ...{ needed: { default: 2, blind: 3 }, by: ["a@x.io"], notBy: ["author", "beneficiary"], signed: true },
          ...{ allowedSigners: "a", signers: { digest: FIRST_PREV, text: "t" } },
        },
      },
      END(0),
    ]);
    const accepts = new Ajv({ allowUnionTypes: true }).compile(schema);
    for (const line of ledger.recent())
      expect([line.entry.type, accepts(line), accepts.errors]).toEqual([line.entry.type, true, null]);
    expect(accepts({ ...ledger.recent()[6], seq: 0 })).toBe(false);
    expect(accepts({ ...ledger.recent()[6], entry: { type: "end", run: "r1", exit: 0, secret: "x" } })).toBe(false);
  });

  it("puts appends that meet into one write, in order", async () => {
    const writes: string[] = [];
    const files = makeDisk(new Map(), { onDurable: (text) => writes.push(text) });
    const ledger = await openLedger({ store: await openStore({ location: PATH, files }), clock });
    const first = ledger.append([END(0)]);
    const others = [1, 2, 3].map((exit) => ledger.append([END(exit)]));
    await first;
    await Promise.all(others);
    await ledger.append([]);
    await ledger.append([END(4)]);
    await ledger.close();
    expect(writes.map((text) => text.trimEnd().split("\n").filter(Boolean).length)).toEqual([4, 0, 1]);
    expect(ledger.recent().map(({ entry }) => entry)).toEqual([0, 1, 2, 3, 4].map(END));
  });

  it("asks for the lock before the first write of a row and after each", async () => {
    const events: string[] = [];
    const files = makeDisk(new Map(), { onDurable: () => events.push("written") });
    const lock = { ensureHeld: async () => void events.push("asked") };
    const ledger = await openLedger({ store: await openStore({ location: PATH, files }), clock, lock });
    const first = ledger.append([END(0)]).then(() => ledger.append([END(1)]));
    await first;
    expect(events).toEqual(["asked", "written", "asked", "written", "asked"]);
    events.length = 0;
    await ledger.close();
    const again = await openLedger({ store: await openStore({ location: PATH, files }), clock, lock });
    await again.append([END(2)]);
    expect(events).toEqual(["asked", "written", "asked"]);
  });

  it("writes nothing more once the lock is gone, not even what was asked meanwhile", async () => {
    const written: string[] = [];
    const files = makeDisk(new Map(), { onDurable: (text) => written.push(text) });
    let asked = 0;
    const ensureHeld = async (): Promise<void> => {
      asked += 1;
      if (asked > 1) throw new Error("The lock is gone.");
    };
    const ledger = await openLedger({ store: await openStore({ location: PATH, files }), clock, lock: { ensureHeld } });
    const first = ledger.append([END(0)]);
    await Promise.resolve();
    await Promise.resolve();
    const second = ledger.append([END(1)]);
    await expect(first).rejects.toThrow("The lock is gone.");
    await expect(second).rejects.toThrow("The lock is gone.");
    expect([written.length, ledger.recent().length]).toEqual([1, 0]);
  });

  it("never loses an append, in whatever rhythm appends come", async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.integer({ min: 1, max: 12 }), async (scheduler, count) => {
        const files = makeDisk(new Map(), { pause: () => scheduler.schedule(Promise.resolve()) });
        const ledger = await openLedger({ store: await openStore({ location: PATH, files }), clock });
        const appends = Array.from({ length: count }, async (_, exit) => {
          await scheduler.schedule(Promise.resolve());
          await ledger.append([END(exit)]);
        });
        await scheduler.waitFor(Promise.all(appends));
        await ledger.close();
        const { lines } = await readLedger({ location: PATH, files });
        expect(lines.map(({ entry }) => (entry.type === "end" ? entry.exit : -1)).sort((a, b) => a - b)).toEqual(
          Array.from({ length: count }, (_, exit) => exit),
        );
      }),
      { numRuns: 50 },
    );
  });

  it("refuses appends after it was closed, and writes what was asked before", async () => {
    const files = makeDisk();
    const ledger = await openLedger({ store: await openStore({ location: PATH, files }), clock });
    const asked = ledger.append([END(0)]);
    const closed = ledger.close();
    await expect(ledger.append([END(1)])).rejects.toThrow(Impossible);
    await asked;
    await closed;
    expect((await readLedger({ location: PATH, files })).lines).toHaveLength(1);
  });

  it("rejects every append after one failed, since nobody knows what the file ends with", async () => {
    const content = new Map<string, Uint8Array>();
    await write(makeDisk(content), 0);
    const files = makeDisk(content, { power: makePower(1), torn: 0.5 });
    const ledger = await openLedger({ store: await openStore({ location: PATH, files }), clock });
    await ledger.append([END(1)]);
    await expect(Promise.all([ledger.append([END(2)]), ledger.append([END(3)])])).rejects.toThrow("power");
    await expect(ledger.append([END(4)])).rejects.toThrow("power");
    await ledger.close();
    expect(ledger.recent()).toHaveLength(2);
  });

  it("does not write again once a write failed, though the disk would take it", async () => {
    const disk = makeDisk();
    let full = true;
    const files: LedgerDisk = {
      ...disk,
      openAppender: async (path) => {
        const appender = await disk.openAppender(path);
        return {
          ...appender,
          append: async (text) => {
            if (!full) return appender.append(text);
            await appender.append(text.slice(0, 5));
            throw Object.assign(new Error("ENOSPC"), { code: "ENOSPC" });
          },
        };
      },
    };
    const ledger = await openLedger({ store: await openStore({ location: PATH, files }), clock });
    await expect(ledger.append([END(0)])).rejects.toThrow("ENOSPC");
    full = false;
    await expect(ledger.append([END(1)])).rejects.toThrow("ENOSPC");
    await ledger.close();
    expect([ledger.recent(), files.text(PATH).length]).toEqual([[], 5]);
    await write(files, 2);
    expect((await readLedger({ location: PATH, files })).lines.map(({ entry }) => entry)).toEqual([END(2)]);
  });

  it("refuses to add to a file that grew since it was read", async () => {
    const files = makeDisk();
    const ledger = await openLedger({ store: await openStore({ location: PATH, files }), clock });
    await write(files, 0);
    await expect(ledger.append([END(1)])).rejects.toMatchObject({ diagnostics: [{ code: "AX504" }] });
    expect((await readLedger({ location: PATH, files })).lines).toHaveLength(1);
  });
});

describe("a torn last line", () => {
  it("is left out, told, and mended by the next append, wherever it was torn", async () => {
    const whole = makeDisk();
    await write(whole, 0, 1);
    const text = new TextEncoder().encode(whole.text(PATH));
    const firstEnd = text.indexOf(0x0a) + 1;
    for (let size = firstEnd + 1; size < text.length - 1; size += 1) {
      const files = makeDisk();
      files.put(PATH, text.slice(0, size));
      const ledger = await openLedger({ store: await openStore({ location: PATH, files }), clock });
      expect(ledger.notes.map(({ code, severity, at }) => [code, severity, at?.line])).toEqual([["AX503", "note", 2]]);
      expect(ledger.recent()).toHaveLength(1);
      await ledger.append([END(7)]);
      const read = await readLedger({ location: PATH, files });
      expect([read.notes, read.lines.map(({ entry }) => entry)]).toEqual([[], [END(0), END(7)]]);
    }
  });

  it("that lacks only its newline counts, and is ended before the next", async () => {
    const files = makeDisk();
    await write(files, 0, 1);
    files.put(PATH, files.text(PATH).slice(0, -1));
    expect((await readLedger({ location: PATH, files })).notes).toEqual([]);
    await write(files, 2);
    expect((await readLedger({ location: PATH, files })).lines.map(({ entry }) => entry)).toEqual([0, 1, 2].map(END));
  });

  it("torn within a letter is torn all the same", async () => {
    const files = makeDisk();
    await write(files, 0);
    files.put(PATH, Buffer.concat([Buffer.from(files.text(PATH)), Buffer.from([0x7b, 0x22, 0xc3])]));
    expect((await readLedger({ location: PATH, files })).notes).toHaveLength(1);
  });
});

describe("a broken chain", () => {
  it("is told with its line, whichever byte was changed", async () => {
    const files = makeDisk();
    const ledger = await openLedger({ store: await openStore({ location: PATH, files }), clock });
    await ledger.append([{ type: "managed", run: "ü", classes: ["space@organization:Ärger"] }, END(0), END(1)]);
    const text = new TextEncoder().encode(files.text(PATH));
    await fc.assert(
      fc.asyncProperty(fc.nat(text.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const changed = Uint8Array.from(text);
        changed[at] = (changed[at] ?? 0) ^ change;
        files.put(PATH, changed);
        // The last newline is the one byte without which the line is still whole or, with something after it, torn.
        if (at === text.length - 1) {
          const told = await diagnose(files);
          expect(["read", "error AX501 ledger.jsonl:3"]).toContain(told);
          return;
        }
        const line = text.subarray(0, at).filter((byte) => byte === 0x0a).length + 1;
        expect(await diagnose(files)).toMatch(new RegExp(`^error AX50[12] ledger.jsonl:${line}$`, "u"));
      }),
      { numRuns: 400 },
    );
  });

  it("is the same in whatever pieces the bytes come, to its last line and its tear", async () => {
    const files = makeDisk();
    const ledger = await openLedger({ store: await openStore({ location: PATH, files }), clock });
    await ledger.append([{ type: "managed", run: "ü", classes: ["space@organization:Ärger"] }, END(0), END(1)]);
    const text = new TextEncoder().encode(files.text(PATH));
    fc.assert(
      fc.property(fc.array(fc.nat(text.length)), fc.nat(text.length), fc.nat(), (cuts, end, broken) => {
        const bytes = Buffer.from(text.subarray(0, end));
        if (broken < end) bytes[broken] = 0xc3;
        const places = [0, ...cuts.filter((cut) => cut < end).sort((a, b) => a - b), end];
        // One place for all of them, as a file that is read has.
        const place = Buffer.alloc(end);
        const read = (pieces: readonly Uint8Array[]): unknown => {
          const lines: unknown[] = [];
          const reader = makeLedgerReader(PATH, (line) => lines.push(line));
          try {
            for (const piece of pieces) reader.add(place.subarray(0, place.fill(0) && Buffer.from(piece).copy(place)));
            return { lines, ...reader.end() };
          } catch (error) {
            return [lines, (error as DiagnosedError).diagnostics];
          }
        };
        expect(read(places.slice(1).map((to, at) => bytes.subarray(places[at], to)))).toEqual(read([bytes]));
      }),
      { numRuns: 300 },
    );
  });

  it("is told when a line is removed, doubled, moved or blank", async () => {
    const files = makeDisk();
    await write(files, 0, 1, 2);
    const [a, b, c] = files.text(PATH).trimEnd().split("\n");
    for (const [lines, at] of [
      [[b, c], 1],
      [[a, c], 2],
      [[a, a, b, c], 2],
      [[a, c, b], 2],
      [[a, "", b], 2],
      [[a, "null", b], 2],
      [[a, "[]", b], 2],
      [[a, '{"entry":{}}', b], 2],
      [[a, `${b} `, c], 2],
    ] as const) {
      files.put(PATH, `${lines.join("\n")}\n`);
      expect(await diagnose(files)).toBe(`error AX501 ledger.jsonl:${at}`);
    }
  });

  it("is told when a line is well sealed and has the wrong number", async () => {
    const files = makeDisk();
    const line = sealLine({ format: 1, seq: 2, at: "2026-06-01T12:00:00Z", prev: FIRST_PREV, entry: END(0) });
    files.put(PATH, `${canonicalJson(line)}\n`);
    expect(await diagnose(files)).toBe("error AX501 ledger.jsonl:1");
  });

  it("is not what a line of a later format is", async () => {
    const files = makeDisk();
    await write(files, 0);
    files.put(PATH, files.text(PATH).replace('"format":1', '"format":2'));
    expect(await diagnose(files)).toBe("error AX502 ledger.jsonl:1");
  });
});

describe("a ledger's location", () => {
  it("is a path or a file URL", () => {
    expect(ledgerPath("a/b.jsonl")).toBe("a/b.jsonl");
    expect(ledgerPath("C:\\ledger.jsonl")).toBe("C:\\ledger.jsonl");
    expect(ledgerPath("odd:name")).toBe("odd:name");
    expect(ledgerPath("file:///tmp/a%20b")).toBe("/tmp/a b");
  });

  it("is nothing else", () => {
    for (const location of ["postgres://db/x", "S3://bucket/x", "", "file://elsewhere/x"]) {
      expect(() => ledgerPath(location)).toThrow(UsageError);
    }
    expect(() => schemeOf("mysql://db/x")).toThrow("A ledger at mysql: is not in this version.");
  });

  it("works on the machine's own disk", async () => {
    const folder = await mkdtemp(join(tmpdir(), "axcess-ledger-"));
    try {
      const path = join(folder, "deep", "ledger.jsonl");
      const location = pathToFileURL(path).href;
      const ledger = await openLedger({ store: await openStore({ location, files: systemFiles }), clock });
      await ledger.append([END(0)]);
      await ledger.close();
      const text = await readFile(path, "utf8");
      await systemFiles.replace(path, `${text.slice(0, -1)}\n{"tor`);
      const again = await openLedger({ store: await openStore({ location: path, files: systemFiles }), clock });
      await again.append([END(1)]);
      await again.close();
      expect((await readLedger({ location, files: systemFiles })).lines).toHaveLength(2);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
