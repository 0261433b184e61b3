import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LearnedPaces } from "../../src/model/platform.ts";
import type { HttpRequest } from "../../src/model/ports.ts";
import { type Limiter, limitByBucket, limitByWindow, refuse } from "../support/limiters.ts";
import { scriptGraphql } from "../support/scripted-graphql.ts";
import type { ScriptedReply } from "../support/scripted-net.ts";
import { connectScripted, type ScriptedPlatform } from "../support/scripted-platform.ts";

const OK: ScriptedReply = { status: 200, body: { id: "x" } };

async function patchMany(platform: ScriptedPlatform, count: number): Promise<void> {
  await Promise.all(
    Array.from({ length: count }, (_, at) =>
      platform.writer.write({ method: "PATCH", path: `/v2/roles/${at}`, body: {}, settle: "repeat" }),
    ),
  );
}

interface Passed {
  readonly milliseconds: number;
  /** Refusals among all requests. */
  readonly refusedShare: number;
  /** How often one and the same request was refused. */
  readonly mostRefusals: number;
  readonly done: number;
  readonly learned: LearnedPaces;
}

/** Sends many writes against a limiter; each takes 50 ms. */
async function pass(
  limiter: Limiter,
  asked: { readonly count: number; readonly parallelism?: number; readonly recalled?: LearnedPaces },
): Promise<Passed> {
  const refusals = new Map<string, number>();
  const done = new Set<string>();
  const platform = connectScripted(
    (request, _count, clock) => {
      const refusal = limiter(clock.monotonic());
      if (refusal === undefined) done.add(request.url);
      else refusals.set(request.url, (refusals.get(request.url) ?? 0) + 1);
      return refusal ?? OK;
    },
    { parallelism: asked.parallelism ?? 16 },
  );
  if (asked.recalled !== undefined) platform.recall(asked.recalled);
  await patchMany(platform, asked.count);
  const refused = [...refusals.values()].reduce((sum, each) => sum + each, 0);
  return {
    milliseconds: platform.clock.elapsed(),
    refusedShare: refused / platform.net.requests.length,
    mostRefusals: Math.max(0, ...refusals.values()),
    done: done.size,
    learned: platform.learned(),
  };
}

describe("REST under a limit nobody told of", () => {
  const LIMITERS: readonly (readonly [string, () => Limiter, number])[] = [
    // 1000 requests: (1000 - what goes at once) ÷ rate at least.
    ["100 at once, 100 a second", () => limitByBucket(100, 100), 9_000],
    ["100 at once, 10 a second", () => limitByBucket(100, 10), 90_000],
    ["20 at once, 20 a second", () => limitByBucket(20, 20), 49_000],
    ["200 in each ten seconds", () => limitByWindow(200, 10), 40_000],
  ];

  it.each(LIMITERS)("of %s: nothing is lost, little is refused, little time is wasted", async (_, limiter, bound) => {
    const cold = await pass(limiter(), { count: 1000 });
    expect(cold).toMatchObject({ done: 1000, mostRefusals: expect.toSatisfy((most: number) => most <= 3) });
    expect(cold.milliseconds / bound).toBeLessThanOrEqual(1.1);
    expect(cold.refusedShare).toBeLessThanOrEqual(0.05);
    const warm = await pass(limiter(), { count: 1000, recalled: cold.learned });
    expect(warm).toMatchObject({ done: 1000, mostRefusals: expect.toSatisfy((most: number) => most <= 3) });
    expect(warm.milliseconds / bound).toBeLessThanOrEqual(1.1);
    expect(warm.refusedShare).toBeLessThanOrEqual(0.01);
  });

  it("tells what it learned, so that a later run begins with it", async () => {
    const bucket = await pass(limitByBucket(100, 10), { count: 1000 });
    expect(bucket.learned).toEqual({ writes: { perMinute: expect.any(Number), burst: expect.any(Number) } });
    expect(bucket.learned.writes?.perMinute).toBeGreaterThan(570);
    expect(bucket.learned.writes?.perMinute).toBeLessThan(660);
    expect(bucket.learned.writes?.burst).toBeGreaterThan(90);
    expect(bucket.learned.writes?.burst).toBeLessThan(110);
    const window = await pass(limitByWindow(200, 10), { count: 1000 });
    expect(window.learned).toEqual({
      writes: {
        perMinute: expect.any(Number),
        window: { requests: expect.any(Number), milliseconds: expect.any(Number) },
      },
    });
    expect(Math.abs((window.learned.writes?.window?.milliseconds ?? 0) - 10_000)).toBeLessThanOrEqual(500);
    expect(window.learned.writes?.window?.requests).toBeGreaterThan(195);
    expect(window.learned.writes?.window?.requests).toBeLessThan(205);
    expect((await pass(() => undefined, { count: 50 })).learned).toEqual({});
  });

  it.each([
    ["a limit that is gone", { perMinute: 60, burst: 1 }, 150_000],
    ["a window that is gone", { perMinute: 60, window: { requests: 10, milliseconds: 10_000 } }, 100_000],
    ["nonsense", { perMinute: -1e9, burst: 1e99 }, 10_000],
    ["a window of nonsense", { perMinute: 1, window: { requests: -5, milliseconds: -5 } }, 20_000],
    ["a window without end", { perMinute: 1, window: { requests: 1e99, milliseconds: 1e99 } }, 10_000],
  ])("is not held up for long by the memory of %s", async (_, writes, most) => {
    const passed = await pass(() => undefined, { count: 1000, recalled: { writes } });
    expect(passed.done).toBe(1000);
    expect(passed.milliseconds).toBeLessThanOrEqual(most);
  });

  it("does not take two refusals by chance for a window", async () => {
    let count = 0;
    const byChance: Limiter = () => {
      count += 1;
      return count === 100 || count === 600 ? refuse(20) : undefined;
    };
    const passed = await pass(byChance, { count: 2000 });
    expect(passed.learned.writes?.window).toBeUndefined();
    expect(passed.milliseconds).toBeLessThanOrEqual(90_000);
  });

  it("comes through any limiter, whatever its size, phase and the number of requests in flight", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          // A second's worth at once, at least: limiters ask to wait for a second, in which a smaller bucket runs over.
          fc
            .record({ more: fc.integer({ min: 0, max: 200 }), perSecond: fc.integer({ min: 10, max: 200 }) })
            .map(({ more, perSecond }) => ({ burst: perSecond + more, perSecond })),
          fc.record({
            requests: fc.integer({ min: 20, max: 500 }),
            seconds: fc.integer({ min: 2, max: 60 }),
            phase: fc.integer({ min: 0, max: 59_999 }),
          }),
        ),
        fc.integer({ min: 1, max: 32 }),
        async (limit, parallelism) => {
          const count = 1000;
          const limiter = (): Limiter =>
            "burst" in limit
              ? limitByBucket(limit.burst, limit.perSecond)
              : limitByWindow(limit.requests, limit.seconds, limit.phase);
          const perSecond = "burst" in limit ? limit.perSecond : limit.requests / limit.seconds;
          // In a window the last part may have to wait for a whole one, and the first may be cut short.
          const extra = "burst" in limit ? 5_000 : limit.seconds * 2_000 + 5_000;
          const bound = Math.max((1000 * count) / perSecond, (60 * count) / parallelism);
          const cold = await pass(limiter(), { count, parallelism });
          const warm = await pass(limiter(), { count, parallelism, recalled: cold.learned });
          for (const passed of [cold, warm]) {
            expect(passed.done).toBe(count);
            expect(passed.milliseconds).toBeLessThanOrEqual(1.35 * bound + extra);
            expect(passed.mostRefusals).toBeLessThanOrEqual(3);
          }
        },
      ),
      { seed: 20_261_121, numRuns: 60 },
    );
  });

  it("makes everybody wait as long as the answer asks, seconds or date, reads and writes apart", async () => {
    const until = "Thu, 01 Jan 2026 00:00:20 GMT";
    const { reader, writer, net } = connectScripted((request, count) => {
      if (request.method === "PATCH") return OK;
      return count === 1 ? { status: 429, headers: { "retry-after": until } } : OK;
    });
    const write = (): Promise<unknown> =>
      writer.write({ method: "PATCH", path: "/v2/roles/r", body: {}, settle: "repeat" });
    await reader.get("/v2/a").then(() => reader.get("/v2/b"));
    expect(net.requests.map(({ at }) => at)).toEqual([0, 20_000, 20_050]);
    await write();
    expect(net.requests.at(-1)?.at).toBe(20_100);
  });

  it("waits by itself where the answer names no time", async () => {
    const { reader, net } = connectScripted((_, count) => (count < 4 ? { status: 429 } : OK));
    await reader.get("/v2/a");
    expect(net.requests.map(({ at }) => at)).toEqual([0, 1050, 3100, 7150]);
  });

  it("gives up when nothing succeeds for ten minutes, and not before", async () => {
    const { reader, clock } = connectScripted(() => ({ status: 429, headers: { "retry-after": "30" } }));
    await expect(reader.get("/v2/a")).rejects.toMatchObject({ failure: "rate-limited", status: 429 });
    expect(clock.elapsed()).toBeGreaterThan(570_000);
    expect(clock.elapsed()).toBeLessThan(610_000);
  });

  it("gives up at once when asked to wait longer than that", async () => {
    const { reader, clock } = connectScripted(() => ({ status: 429, headers: { "retry-after": "86400" } }));
    await expect(reader.get("/v2/a")).rejects.toMatchObject({ failure: "rate-limited" });
    expect(clock.elapsed()).toBe(50);
  });

  it("tells those who watch", async () => {
    const { reader, events } = connectScripted((_, count) =>
      count === 1 ? { status: 429, headers: { "retry-after": "2" } } : OK,
    );
    await reader.get("/v2/a?secret=1");
    expect(events).toEqual([
      { event: "answered", call: "GET /v2/a", status: 429, milliseconds: 50 },
      {
        event: "rate-limited",
        call: "GET /v2/a",
        pace: "REST reads",
        waitMilliseconds: 2000,
        learnedPerMinute: undefined,
      },
      { event: "answered", call: "GET /v2/a", status: 200, milliseconds: 50 },
    ]);
  });
});

describe("REST at a rate set by people", () => {
  it("keeps to it, reads and writes together", async () => {
    const platform = connectScripted(() => OK, { ratePerMinute: 120 });
    await Promise.all([
      patchMany(platform, 20),
      ...Array.from({ length: 20 }, (_, at) => platform.reader.get(`/v2/roles/${at}`)),
    ]);
    const times = platform.net.requests.map(({ at }) => at);
    for (const start of times) {
      expect(times.filter((at) => at >= start && at < start + 1000).length).toBeLessThanOrEqual(2 + 2);
    }
    // The first goes at once, and 39 more at two a second.
    expect(Math.max(...times)).toBe(19_500);
  });
});

describe("GraphQL", () => {
  it("spends the minute's share as fast as needed, and then waits for the next minute", async () => {
    const spaces = Object.fromEntries(
      Array.from({ length: 130 }, (_, at) => [
        `s${at}`,
        Array.from({ length: 85 }, (_unused, person) => ({ userId: `u${person}` })),
      ]),
    );
    const graphql = scriptGraphql({ spaces });
    const { reader, net } = connectScripted((request) => graphql.reply(request));
    const readings = await reader.readSpaceMembers(Object.keys(spaces));
    expect([...readings.values()].every(({ state }) => state === "complete")).toBe(true);
    const times = net.requests.map(({ at }) => at);
    expect(times[99]).toBeLessThan(2_000);
    expect(times[100]).toBeGreaterThanOrEqual(60_000);
    expect(net.mostInFlight()).toBe(6);
  });

  it.each([
    ["429", { status: 429, headers: { "retry-after": "7" } }],
    [
      "an error that mentions it",
      { status: 200, headers: { "retry-after": "7" }, body: limitedBody("Rate limit exceeded") },
    ],
    ["a code", { status: 200, headers: { "retry-after": "7" }, body: limitedBody("No.", { code: "RATE_LIMITED" }) }],
  ])("waits out a rate limit told by %s", async (_, limited) => {
    const graphql = scriptGraphql({ spaces: { s: [{ userId: "a" }] } });
    const { reader, clock } = connectScripted((request: HttpRequest, count) =>
      count === 2 ? limited : graphql.reply(request),
    );
    expect((await reader.readSpaceMembers(["s"])).get("s")).toMatchObject({ state: "complete" });
    expect(clock.elapsed()).toBeGreaterThan(7000);
  });

  it("does not take an error about a name for a rate limit", async () => {
    const body = { errors: [{ message: "Space 429 of rate card not found", path: ["viewer"] }], data: null };
    const { reader, clock } = connectScripted(() => ({ status: 200, body }));
    expect(await reader.identify()).toMatchObject({ graphql: "unavailable" });
    expect(clock.elapsed()).toBeLessThan(1000);
  });
});

function limitedBody(message: string, extensions?: object): object {
  return { data: null, errors: [{ message, extensions }] };
}

describe("429 that has nothing to do with pace", () => {
  it("one in five, at random, is waited out and does not slow the rest down more and more", async () => {
    let count = 0;
    // Never eight answers in a row, so that no run of them looks like a limiter's measure.
    const platform = connectScripted(() => {
      count += 1;
      return count % 5 === 0 ? { status: 429, headers: { "retry-after": "0" } } : OK;
    });
    await patchMany(platform, 100);
    expect(platform.clock.monotonic()).toBeLessThan(60_000);
  });
});
