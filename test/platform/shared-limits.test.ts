import { describe, expect, it } from "vitest";
import type { LearnedPaces } from "../../src/model/platform.ts";
import { type Limiter, limitByBucket, limitByWindow, limitFromFirst } from "../support/limiters.ts";
import type { ScriptedReply } from "../support/scripted-net.ts";
import { connectScripted, type ScriptedPlatform } from "../support/scripted-platform.ts";
import { makeVirtualClock } from "../support/virtual-clock.ts";

const OK: ScriptedReply = { status: 200, body: { id: "x" } };

interface Work {
  readonly writes: number;
  /** Calls of each of the two readings. */
  readonly reads?: number;
  /** Whether the limiter counts writes only. */
  readonly isApart?: boolean;
  readonly recalled?: LearnedPaces;
  /** How many do the same at once. */
  readonly runs?: number;
}

interface Done {
  readonly milliseconds: number;
  /** Until the first reading was done. */
  readonly readingMilliseconds: number;
  readonly refusedShare: number;
  readonly mostRefusals: number;
  /** Requests that the limiter let through. */
  readonly counted: number;
  readonly writes: number;
  readonly learned: LearnedPaces;
}

/** Milliseconds that a run takes without any limiter beside its writes: two readings of four stages, and computing between. */
const BESIDE = 900;

/** What an apply does: it reads the account, changes it, looking now and then, and reads it again. */
async function apply(limiter: Limiter, work: Work): Promise<Done> {
  const clock = makeVirtualClock();
  const refusals = new Map<string, number>();
  const seen = { requests: 0, counted: 0, writes: 0 };
  const runs = Array.from({ length: work.runs ?? 1 }, (_, run) =>
    connectScripted(
      ({ method, url }) => {
        const refusal = work.isApart === true && method === "GET" ? undefined : limiter(clock.monotonic());
        const name = `${run} ${method} ${url}`;
        seen.requests += 1;
        if (refusal !== undefined) refusals.set(name, (refusals.get(name) ?? 0) + 1);
        else if (method === "PATCH") seen.writes += 1;
        if (refusal === undefined && (work.isApart !== true || method === "PATCH")) seen.counted += 1;
        return refusal ?? OK;
      },
      {},
      clock,
    ),
  );
  for (const run of runs) run.recall(work.recalled ?? {});
  let readingMilliseconds = 0;
  const applyOne = async (platform: ScriptedPlatform): Promise<void> => {
    await read(platform, "before", work.reads ?? 17);
    readingMilliseconds = clock.elapsed();
    await clock.sleep(250);
    await change(platform, work.writes);
    await read(platform, "after", work.reads ?? 17);
  };
  await Promise.all(runs.map(applyOne));
  const refused = [...refusals.values()].reduce((sum, each) => sum + each, 0);
  return {
    ...{ milliseconds: clock.elapsed(), readingMilliseconds },
    ...{ refusedShare: refused / seen.requests, mostRefusals: Math.max(0, ...refusals.values()) },
    ...{ counted: seen.counted, writes: seen.writes, learned: runs[0]?.learned() ?? {} },
  };
}

async function read({ reader }: ScriptedPlatform, name: string, calls: number): Promise<void> {
  for (const [stage, share] of [0.25, 0.35, 0.25, 0.15].entries())
    await Promise.all(
      Array.from({ length: Math.round(share * calls) }, (_, at) => reader.get(`/v2/${name}/${stage}/${at}`)),
    );
}

/** Half as many steps again as calls in flight; each thirtieth looks first. */
async function change({ reader, writer }: ScriptedPlatform, writes: number): Promise<void> {
  let next = 0;
  const step = async (): Promise<void> => {
    while (next < writes) {
      const at = next++;
      if (at % 30 === 0) await reader.get(`/v2/looks/${at}`);
      await writer.write({ method: "PATCH", path: `/v2/roles/${at}`, body: {}, settle: "repeat" });
    }
  };
  await Promise.all(Array.from({ length: 24 }, step));
}

type Bound = (counted: number) => number;

const boundBucket =
  (capacity: number, perSecond: number): Bound =>
  (counted) =>
    Math.max(0, (1000 * (counted - capacity)) / perSecond);
const boundWindow =
  (requests: number, seconds: number): Bound =>
  (counted) =>
    1000 * seconds * Math.floor((counted - 1) / requests);

const COLD = 1259;
const WARM = 663;

describe("an apply under one limit for reads and writes", () => {
  const LIMITERS: readonly (readonly [string, () => Limiter, Bound])[] = [
    ["100 at once, 100 a second", () => limitByBucket(100, 100), boundBucket(100, 100)],
    ["100 at once, 10 a second", () => limitByBucket(100, 10), boundBucket(100, 10)],
    ["20 at once, 20 a second", () => limitByBucket(20, 20), boundBucket(20, 20)],
    ["200 in ten seconds from the first", () => limitFromFirst(200, 10), boundWindow(200, 10)],
    ["50 at once, 50 a second", () => limitByBucket(50, 50), boundBucket(50, 50)],
    ["10 at once, 10 a second", () => limitByBucket(10, 10), boundBucket(10, 10)],
    ["40 at once, 8 a second", () => limitByBucket(40, 8), boundBucket(40, 8)],
    ["300 at once, 5 a second", () => limitByBucket(300, 5), boundBucket(300, 5)],
    ["60 in five seconds from the first", () => limitFromFirst(60, 5), boundWindow(60, 5)],
    ["600 in a minute from the first", () => limitFromFirst(600, 60), boundWindow(600, 60)],
    ["200 in each ten seconds", () => limitByWindow(200, 10, 3_300), boundWindow(200, 10)],
  ];

  it.each(LIMITERS)(
    "of %s: takes what it must, is hardly refused, and less so the next time",
    async (_, limiter, bound) => {
      const cold = await apply(limiter(), { writes: COLD });
      expect(cold).toMatchObject({ writes: COLD, mostRefusals: expect.toSatisfy((most: number) => most <= 3) });
      expect(cold.refusedShare).toBeLessThanOrEqual(0.05);
      expect((cold.milliseconds - BESIDE) / bound(cold.counted)).toBeLessThanOrEqual(1.1);
      const warm = await apply(limiter(), { writes: WARM, recalled: cold.learned });
      expect(warm).toMatchObject({ writes: WARM, mostRefusals: expect.toSatisfy((most: number) => most <= 3) });
      expect(warm.refusedShare).toBeLessThanOrEqual(0.01);
      expect((warm.milliseconds - BESIDE) / bound(warm.counted)).toBeLessThanOrEqual(1.06);
    },
  );

  it("that holds less than a second's worth: runs over while everybody waits, so that few refusals are worth more than a high rate", async () => {
    const bound = boundBucket(5, 30);
    const cold = await apply(limitByBucket(5, 30), { writes: COLD });
    expect(cold).toMatchObject({ writes: COLD, mostRefusals: expect.toSatisfy((most: number) => most <= 3) });
    expect(cold.refusedShare).toBeLessThanOrEqual(0.03);
    expect(cold.milliseconds / bound(cold.counted)).toBeLessThanOrEqual(1.6);
    const warm = await apply(limitByBucket(5, 30), { writes: WARM, recalled: cold.learned });
    expect(warm.refusedShare).toBeLessThanOrEqual(0.01);
    expect(warm.milliseconds / bound(warm.counted)).toBeLessThanOrEqual(1.2);
  });

  it.each([
    ["100 at once, 100 a second", () => limitByBucket(100, 100, 4_000), 4_000, 100, 100],
    ["20 at once, 20 a second", () => limitByBucket(20, 20, 15_000), 15_000, 20, 20],
  ])("of %s that falls to half on the way is followed", async (_, limiter, at, capacity, perSecond) => {
    const done = await apply(limiter(), { writes: COLD });
    expect(done).toMatchObject({ writes: COLD, mostRefusals: expect.toSatisfy((most: number) => most <= 3) });
    expect(done.refusedShare).toBeLessThanOrEqual(0.04);
    const left = done.counted - capacity - (perSecond * at) / 1000;
    expect(done.milliseconds).toBeLessThanOrEqual(1.1 * (at + (1000 * left) / (perSecond / 2)) + BESIDE);
  });

  it.each([
    ["100 at once, 100 a second", () => limitByBucket(100, 100), boundBucket(100, 100)],
    ["20 at once, 20 a second", () => limitByBucket(20, 20), boundBucket(20, 20)],
    ["100 at once, 10 a second", () => limitByBucket(100, 10), boundBucket(100, 10)],
    ["200 in ten seconds from the first", () => limitFromFirst(200, 10), boundWindow(200, 10)],
  ])("of %s is shared by two runs at once", async (_, limiter, bound) => {
    const cold = await apply(limiter(), { writes: COLD, runs: 2 });
    expect(cold.writes).toBe(2 * COLD);
    expect(cold.refusedShare).toBeLessThanOrEqual(0.05);
    expect(cold.milliseconds).toBeLessThanOrEqual(1.35 * bound(cold.counted) + BESIDE);
  });
});

describe("an apply under a limit for writes only", () => {
  it.each([
    ["100 at once, 10 a second", () => limitByBucket(100, 10), boundBucket(100, 10)],
    ["20 at once, 20 a second", () => limitByBucket(20, 20), boundBucket(20, 20)],
    ["200 in ten seconds from the first", () => limitFromFirst(200, 10), boundWindow(200, 10)],
  ])("of %s: reads are never held, and take nothing from writes for long", async (_, limiter, bound) => {
    const cold = await apply(limiter(), { writes: COLD, reads: 320, isApart: true });
    expect(cold.learned).toEqual({ writes: expect.anything() });
    const warm = await apply(limiter(), { writes: WARM, reads: 320, isApart: true, recalled: cold.learned });
    expect(warm.readingMilliseconds).toBeLessThanOrEqual(1_100);
    expect(warm.mostRefusals).toBeLessThanOrEqual(3);
    expect(warm.milliseconds).toBeLessThanOrEqual(1.1 * bound(warm.counted) + 3_500);
  });
});
