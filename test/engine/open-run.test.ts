import { describe, expect, test } from "vitest";
import type { Hear } from "../../src/engine/engine-event.ts";
import { openRun, type Run, type RunPlace } from "../../src/engine/open-run.ts";
import type { LedgerEntry } from "../../src/model/ledger.ts";
import type { Clock, Files, Host } from "../../src/model/ports.ts";
import type { PartName, Sharding } from "../../src/model/shard.ts";
import { locatePart } from "../../src/state/ledger-parts.ts";
import { readPart } from "../../src/state/read-ledger.ts";
import { makeHandClock } from "../support/hand-clock.ts";
import { outcomeOf } from "../support/ledger-contract.ts";
import { makeDisk } from "../support/ledger-disk.ts";

const LEDGER = "/home/ana/ledger.jsonl";
const TWO: Sharding = { of: 2, by: "organization" };

/** A clock that goes on a second each time it is looked at, and never so far that something is renewed. */
function tickingClock(): Clock {
  const clock = makeHandClock();
  const sleep: Clock["sleep"] = (_, signal) =>
    new Promise((resolve) => signal?.addEventListener("abort", () => resolve(), { once: true }));
  const monotonic = (): number => {
    clock.advance(1000);
    return clock.monotonic();
  };
  return { ...clock, sleep, monotonic };
}

const hostOf = (pid: number): Host => ({ pid, hostname: "here", user: "ana", isAlive: () => true });

/** A machine on which an account was divided into two shards. */
async function openDivided(): Promise<{
  readonly place: RunPlace;
  readonly steal: (location: string) => Promise<void>;
}> {
  const files = makeDisk();
  let runs = 0;
  const random = {
    fraction: () => 0,
    id: () => {
      runs += 1;
      return `r${runs}`;
    },
  };
  const place: RunPlace = { location: LEDGER, files, clock: tickingClock(), random, host: hostOf(1) };
  await openRun(
    { ...place, shard: { ...TWO, part: "account" } },
    () => undefined,
    (run) => run.settleDivision(),
  );
  return {
    place,
    steal: async (location) => {
      const lock = JSON.parse(new TextDecoder().decode(await files.read(`${location}.lock`))) as object;
      await files.replace(`${location}.lock`, JSON.stringify({ ...lock, run: "run_other" }));
    },
  };
}

const ask = async (run: Run): Promise<unknown> => outcomeOf(run.ledger.ensureHeld());
const write = async (run: Run): Promise<unknown> =>
  outcomeOf(run.ledger.append([{ type: "end", run: run.id, exit: 0 }]));

test("a run for the whole of a divided account goes on only while it holds the lock of each part", async () => {
  for (const part of ["account", 1, 2] as const) {
    for (const attempt of [ask, write]) {
      const { place, steal } = await openDivided();
      const outcomes = await openRun(
        place,
        () => undefined,
        async (run) => {
          const before = await write(run);
          await steal(locatePart(LEDGER, part));
          return [before, await attempt(run)];
        },
      );
      expect(outcomes, `${part}`).toEqual([undefined, "AX508"]);
    }
  }
});

test("a run for one part is kept out by one for the whole, and not stopped by what becomes of another part", async () => {
  const { place, steal } = await openDivided();
  const inPart = <T>(part: number, work: (run: Run) => Promise<T>): Promise<T> =>
    openRun({ ...place, host: hostOf(part + 1), shard: { ...TWO, part } }, () => undefined, work);
  const beside = openRun(
    place,
    () => undefined,
    () => outcomeOf(inPart(1, async () => "never")),
  );
  expect(await beside).toBe("AX505");
  const outcomes = await inPart(1, (one) =>
    inPart(2, async (other) => {
      await steal(locatePart(LEDGER, 2));
      return [await write(one), await ask(one), await write(other)];
    }),
  );
  expect(outcomes).toEqual([undefined, undefined, "AX508"]);
});

test("that a lock was taken over is told also where nothing comes of the run", async () => {
  const { place } = await openDivided();
  const { files } = place;
  const lock = `${locatePart(LEDGER, 1)}.lock`;
  const left = await openRun(
    { ...place, shard: { ...TWO, part: 1 } },
    () => undefined,
    () => files.read(lock),
  );
  await files.replace(lock, new TextDecoder().decode(left));
  const told: string[] = [];
  const hear: Hear = (event) =>
    void (event.type === "noted" && told.push(...event.diagnostics.map(({ code }) => code)));
  const host = { ...hostOf(2), isAlive: () => false };
  const run = openRun({ ...place, host, shard: { of: 3, by: "organization", part: 1 } }, hear, async () => undefined);
  expect([await outcomeOf(run), told]).toEqual(["AX422", ["AX507"]]);
});

describe("what is remembered", () => {
  const adopted: LedgerEntry = { type: "adoption", run: "r", address: "role:a", remote: { id: "1" }, spec: {} };

  async function runOn(place: RunPlace): Promise<readonly string[]> {
    const told: string[] = [];
    const hear: Hear = (event) =>
      void (event.type === "noted" && told.push(...event.diagnostics.map(({ code }) => code)));
    await openRun(place, hear, (run) => run.ledger.append([adopted]));
    return told;
  }
  const typesIn = async ({ files }: RunPlace): Promise<readonly string[]> =>
    (await readPart({ location: LEDGER, files }, "account")).lines.map(({ entry }) => entry.type);
  const alone = (files: Files): RunPlace => {
    const random = { fraction: () => 0, id: () => "r" };
    return { location: LEDGER, files, clock: tickingClock(), random, host: hostOf(1), checkpointAfter: 1 };
  };

  test("is written down where a run ends, for those that come after it", async () => {
    const place = alone(makeDisk());
    expect(await runOn(place)).toEqual([]);
    expect(await typesIn(place)).toEqual(["adoption", "remembered", "checkpoint"]);
    const { checkpointAfter: _, ...later } = place;
    expect(await runOn(later)).toEqual([]);
    expect((await typesIn(place)).slice(3)).toEqual(["adoption"]);
  });

  test("is, in an account that is divided, by whoever has the account part", async () => {
    const { place } = await openDivided();
    const parts: readonly (PartName | undefined)[] = ["account", 1, undefined];
    const [account = [], shard, whole] = await parts.reduce<Promise<readonly (readonly string[])[]>>(
      async (before, part) => {
        const done = await before;
        const at = part === undefined ? {} : { shard: { ...TWO, part } };
        await runOn({ ...place, ...at, checkpointAfter: part === 1 ? 1 : 2 });
        return [...done, await typesIn(place)];
      },
      Promise.resolve([]),
    );
    const written = ["remembered", "checkpoint"];
    expect(account).toEqual(["shards", "adoption", ...written]);
    expect(shard).toEqual(account);
    expect(whole).toEqual([...account, "adoption", ...written]);
    expect((await readPart(place, 1)).lines.map(({ entry }) => entry.type)).toEqual(["adoption"]);
  });

  test("is told where it cannot be written, and the run has done what it did", async () => {
    const files = makeDisk();
    const place = alone({
      ...files,
      openAppender: async (path) => {
        const { append, close } = await files.openAppender(path);
        const refuse = (): Promise<void> => Promise.reject(new Error("ENOSPC"));
        return { append: (text) => (text.includes('"checkpoint"') ? refuse() : append(text)), close };
      },
    });
    expect(await runOn(place)).toEqual(["AX516"]);
    expect(await typesIn(place)).toEqual(["adoption"]);
  });
});
