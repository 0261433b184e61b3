import { describe, expect, it } from "vitest";
import type { HttpRequest } from "../../src/model/ports.ts";
import { scriptGraphql } from "../support/scripted-graphql.ts";
import type { ScriptedReply } from "../support/scripted-net.ts";
import { connectScripted, type ScriptedPlatform } from "../support/scripted-platform.ts";

const OK: ScriptedReply = { status: 200, body: { id: "x" } };

/** Lets through what a bucket of tokens holds; the rest is told to come back in a second. */
function limitByBucket(capacity: number, perSecond: number): (now: number) => ScriptedReply {
  let tokens = capacity;
  let at = 0;
  return (now) => {
    tokens = Math.min(capacity, tokens + ((now - at) * perSecond) / 1000);
    at = now;
    if (tokens < 1) return { status: 429, headers: { "retry-after": "1" } };
    tokens -= 1;
    return OK;
  };
}

/** Lets through so many in each window of ten seconds; the rest is told to wait for the next. */
function limitByWindow(requests: number, seconds: number): (now: number) => ScriptedReply {
  let window = -1;
  let used = 0;
  return (now) => {
    const current = Math.floor(now / (seconds * 1000));
    if (current !== window) used = 0;
    window = current;
    used += 1;
    if (used <= requests) return OK;
    const wait = Math.ceil(((current + 1) * seconds * 1000 - now) / 1000);
    return { status: 429, headers: { "retry-after": String(wait) } };
  };
}

async function patchMany(platform: ScriptedPlatform, count: number): Promise<void> {
  await Promise.all(
    Array.from({ length: count }, (_, at) =>
      platform.writer.write({ method: "PATCH", path: `/v2/roles/${at}`, body: {}, settle: "repeat" }),
    ),
  );
}

function countLimited(platform: ScriptedPlatform): number {
  return platform.events.filter((event) => event.event === "answered" && event.status === 429).length;
}

describe("REST under a limit nobody told of", () => {
  it.each([
    // 1000 requests: (1000 - burst) ÷ rate seconds at least.
    ["100 at once, 100 a second", limitByBucket(100, 100), 9_000, 1.35],
    ["100 at once, 10 a second", limitByBucket(100, 10), 90_000, 1.35],
    ["20 at once, 20 a second", limitByBucket(20, 20), 49_000, 1.35],
    ["200 in each ten seconds", limitByWindow(200, 10), 40_000, 1.5],
  ])("of %s: nothing is lost, little is refused, little time is wasted", async (_, limit, bound, most) => {
    const platform = connectScripted((_request, _count, clock) => limit(clock.monotonic()));
    await patchMany(platform, 1000);
    expect(countLimited(platform)).toBeLessThanOrEqual(50);
    expect(platform.clock.elapsed() / bound).toBeLessThanOrEqual(most);
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
