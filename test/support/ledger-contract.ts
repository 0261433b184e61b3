import { describe, expect, it } from "vitest";
import { openRun, type Run } from "../../src/engine/open-run.ts";
import { DiagnosedError } from "../../src/model/errors.ts";
import type { LedgerEntry } from "../../src/model/ledger.ts";
import type { LedgerStore } from "../../src/model/ledger-store.ts";
import type { Clock, Host } from "../../src/model/ports.ts";
import { recallMemory } from "../../src/state/memory.ts";
import { readLedger } from "../../src/state/read-ledger.ts";
import { readMemory } from "../../src/state/recall-parts.ts";
import { makeHandClock } from "./hand-clock.ts";
import { makeDisk } from "./ledger-disk.ts";

/** One empty ledger in a store, which may be opened any number of times. */
export interface StoreBench {
  /** Opens it as another process would. */
  readonly open: () => Promise<LedgerStore>;
  /** Makes whoever holds the lock count as dead: its time is over, or its process is gone. */
  readonly bury: () => Promise<void>;
  /** Takes away everything, as somebody does who deletes the wrong thing. */
  readonly empty: () => Promise<void>;
  readonly isAlive?: (pid: number) => boolean;
}

/** Where it is, the bench knows. */
const ANYWHERE = "s3://bench/ledger";

/** What an apply writes before and after an effect. */
export function entryOf(run: string, exit: number): LedgerEntry {
  return { type: "end", run, exit };
}

/** Works in a store as a run does, with the lock held and kept. The run is called `run_NAME`. */
export function runIn<T>(
  bench: StoreBench,
  name: string,
  work: (run: Run) => Promise<T>,
  clock: Clock = waitingClock(),
): Promise<T> {
  const place = { location: ANYWHERE, files: makeDisk() };
  const random = { fraction: () => 0, id: () => name };
  return openRun({ ...place, connect: bench.open, clock, random, host: hostOf(bench, name) }, () => undefined, work);
}

/** A clock that stands still: nothing is renewed. */
function waitingClock(): Clock {
  const sleep: Clock["sleep"] = (_, signal) =>
    new Promise((resolve) => signal?.addEventListener("abort", () => resolve(), { once: true }));
  return { ...makeHandClock(), sleep };
}

/** What is waited for until somebody opens it. */
function makeGate(): { readonly passed: Promise<void>; readonly open: () => void } {
  let open: () => void = () => undefined;
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open: () => open() };
}

let pids = 100;

/** A process of its own on this machine. */
function hostOf(bench: StoreBench, user: string): Host {
  pids += 1;
  return { pid: pids, hostname: "here", user, isAlive: bench.isAlive ?? (() => true) };
}

/** The codes of what an attempt is refused with, or what it came to. */
export async function outcomeOf(attempt: Promise<unknown>): Promise<unknown> {
  try {
    return await attempt;
  } catch (error) {
    if (!(error instanceof DiagnosedError)) throw error;
    return error.diagnostics.map(({ code }) => code).join();
  }
}

/** The exits that a ledger tells, in its order, once its chain is found whole. */
export async function readExits(bench: StoreBench): Promise<readonly number[]> {
  const { lines } = await readLedger({ location: ANYWHERE, files: makeDisk(), connect: bench.open });
  return lines.map(({ entry }) => (entry.type === "end" ? entry.exit : -1));
}

/** Five runs that come at the same moment; the one that gets in adds a line and stays until all others were sent away. */
async function raceFor(bench: StoreBench, first: number): Promise<void> {
  const names = ["r1", "r2", "r3", "r4", "r5"];
  let left = names.length - 1;
  const others = makeGate();
  const attempts = names.map((name, at) =>
    outcomeOf(
      runIn(bench, `${name}-${first}`, async ({ ledger }) => {
        await ledger.append([entryOf(name, first + at)]);
        await others.passed;
        return "in";
      }),
    ).finally(() => {
      left -= 1;
      if (left === 0) others.open();
    }),
  );
  const outcomes = await Promise.all(attempts);
  expect(outcomes.filter((outcome) => outcome === "in")).toHaveLength(1);
  expect(outcomes.every((outcome) => ["in", "AX505", "AX506"].includes(String(outcome)))).toBe(true);
  expect((await readExits(bench)).at(-1)).toBe(first + outcomes.indexOf("in"));
}

/** What every store of a ledger keeps to. */
export function describeStore(name: string, makeBench: () => Promise<StoreBench>): void {
  describe(name, () => {
    it("is empty before anything was written, and nobody holds it", async () => {
      const bench = await makeBench();
      const store = await bench.open();
      const pieces: Uint8Array[] = [];
      expect(await store.readInPieces((piece) => pieces.push(piece))).toBeUndefined();
      expect(Buffer.concat(pieces)).toHaveLength(0);
      expect(await store.findLock({ host: hostOf(bench, "ana"), clock: makeHandClock() })).toBeUndefined();
      await store.close();
    });

    it("keeps what is added, to the byte, and goes on where it ended", async () => {
      const bench = await makeBench();
      const odd: LedgerEntry = {
        type: "managed",
        run: 'ü"\\\u0000\u2028\ud83d{},',
        classes: ["space@organization:Ärger"],
      };
      await runIn(bench, "r1", async ({ ledger }) => {
        await ledger.append([odd, entryOf("r1", 1)]);
        await Promise.all([2, 3, 4].map((exit) => ledger.append([entryOf("r1", exit)])));
        await ledger.append([]);
      });
      await runIn(bench, "r2", async ({ ledger }) => {
        expect(ledger.recent().map(({ entry }) => entry)[0]).toEqual(odd);
        await ledger.append([entryOf("r2", 5)]);
      });
      expect(await readExits(bench)).toEqual([-1, 1, 2, 3, 4, 5]);
    });

    it("lets one run in, names it to all others, and the next once it is done", async () => {
      const bench = await makeBench();
      await runIn(bench, "r1", async () => {
        await expect(runIn(bench, "r2", async () => "in")).rejects.toMatchObject({
          diagnostics: [{ code: "AX505", detail: expect.stringMatching(/r1 on here \(process \d+, run run_r1\)/u) }],
        });
        expect(await readExits(bench)).toEqual([]);
      });
      expect(await outcomeOf(runIn(bench, "r2", async () => "in"))).toBe("in");
    });

    it("lets one of many in that come at the same moment, also after another run, and after one that died", async () => {
      const bench = await makeBench();
      await raceFor(bench, 0);
      await raceFor(bench, 10);
      await runIn(bench, "dead", async () => {
        await bench.bury();
        await raceFor(bench, 20);
      });
      expect((await readExits(bench)).map((exit) => Math.floor(exit / 10))).toEqual([0, 1, 2]);
    });

    it("takes the lock of a dead run away, tells it, and lets that run add nothing should it wake up", async () => {
      const bench = await makeBench();
      const attempt = runIn(bench, "r1", async ({ ledger }) => {
        await ledger.append([entryOf("r1", 1)]);
        await bench.bury();
        await runIn(bench, "r2", async (next) => {
          expect(await outcomeOf(ledger.append([entryOf("r1", 2)]))).toBe("AX508");
          await next.ledger.append([entryOf("r2", 3)]);
          expect(await outcomeOf(ledger.append([entryOf("r1", 4)]))).toBe("AX508");
        });
        expect(await outcomeOf(ledger.append([entryOf("r1", 5)]))).toBe("AX508");
      });
      await attempt;
      expect(await readExits(bench)).toEqual([1, 3]);
    });

    it("tells who holds the lock, and takes it away from the run that is named, and from no other", async () => {
      const bench = await makeBench();
      await runIn(bench, "r1", async ({ ledger }) => {
        const store = await bench.open();
        const at = { host: hostOf(bench, "ana"), clock: makeHandClock() };
        expect(await store.findLock(at)).toMatchObject({ holder: { run: "run_r1", user: "r1" }, isOver: false });
        expect(await store.breakLock({ ...at, run: "run_r2" })).toBe(false);
        await ledger.append([entryOf("r1", 1)]);
        expect(await store.breakLock({ ...at, run: "run_r1" })).toBe(true);
        expect([await store.findLock(at), await store.breakLock({ ...at, run: "run_r1" })]).toEqual([undefined, false]);
        expect(await outcomeOf(ledger.append([entryOf("r1", 2)]))).toBe("AX508");
        await store.close();
      });
      expect(await outcomeOf(runIn(bench, "r2", async () => "in"))).toBe("in");
      expect(await readExits(bench)).toEqual([1]);
    });

    it("refuses to add where the end is not where it was seen", async () => {
      const bench = await makeBench();
      await runIn(bench, "r1", async ({ ledger }) => ledger.append([entryOf("r1", 1)]));
      const store = await bench.open();
      const lock = await store.takeLock({ host: hostOf(bench, "r2"), clock: waitingClock(), run: "run_r2" });
      await store.readInPieces(() => undefined);
      const attempt = store.openEnd(undefined);
      expect(await outcomeOf(attempt.then((end) => end.append("{}\n")))).toBe("AX504");
      await lock.release();
      await store.close();
      expect(await readExits(bench)).toEqual([1]);
    });

    it("of many lines is read in pieces, and by runs from its last checkpoint on", async () => {
      const bench = await makeBench();
      const adoptions = Array.from({ length: 600 }, (_, at): LedgerEntry => {
        const spec = { text: `${at}${"ü".repeat(500)}` };
        return { type: "adoption", run: "run_r1", address: `role:${at}`, remote: { id: `${at}` }, spec };
      });
      await runIn(bench, "r1", async ({ ledger }) => {
        for (let at = 0; at < 600; at += 100) await ledger.append(adoptions.slice(at, at + 100));
        await ledger.append(Array.from({ length: 1800 }, (_, exit) => entryOf("run_r1", exit)));
      });
      await runIn(bench, "r2", ({ ledger }) => ledger.append([entryOf("run_r2", 5)]));
      const place = { location: ANYWHERE, files: makeDisk(), connect: bench.open };
      const { lines } = await readLedger(place);
      const checkpoint = 600 + 1800 + 6;
      expect(lines.map(({ entry: { type } }) => type).slice(checkpoint - 1)).toEqual([
        "remembered",
        "checkpoint",
        "end",
      ]);
      await runIn(bench, "r3", async ({ ledger }) => {
        expect(ledger.recent()).toEqual(lines.slice(checkpoint));
        expect(ledger.memory()).toEqual(recallMemory(lines));
        expect(await ledger.history()).toEqual(lines);
      });
      expect((await readMemory(place)).memory).toEqual(recallMemory(lines));
    });

    it("of several megabytes is added to while it is read, and afterwards", async () => {
      const bench = await makeBench();
      const store = await bench.open();
      const lock = await store.takeLock({ host: hostOf(bench, "r1"), clock: waitingClock(), run: "run_r1" });
      const end = await store.openEnd(await store.readInPieces(() => undefined));
      let added = "";
      const add = async (text: string): Promise<void> => {
        await end.append(text);
        added += text;
      };
      const addLong = (at: number): Promise<void> => add(`${at}${"x".repeat(300_000)}\n`);
      for (let at = 0; at < 18; at += 1) await addLong(at);
      const before = added;
      let seen = "";
      await store.readInPieces(async (bytes) => {
        if (seen === "") for (let at = 18; at < 21; at += 1) await addLong(at);
        seen += new TextDecoder().decode(bytes);
      });
      expect(seen.startsWith(before) && added.startsWith(seen)).toBe(true);
      await add("the last\n");
      let all = "";
      await store.readInPieces((bytes) => {
        all += new TextDecoder().decode(bytes);
      });
      expect(all === added).toBe(true);
      await end.close();
      await lock.release();
      await store.close();
    });

    it("that was emptied is a ledger without lines, and takes new ones", async () => {
      const bench = await makeBench();
      await runIn(bench, "r1", async ({ ledger }) => ledger.append([entryOf("r1", 1)]));
      await bench.empty();
      expect(await readExits(bench)).toEqual([]);
      await runIn(bench, "r2", async ({ ledger }) => ledger.append([entryOf("r2", 2)]));
      expect(await readExits(bench)).toEqual([2]);
    });
  });
}
