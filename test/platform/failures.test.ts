import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { connectPlatform } from "../../src/platform/arize-platform.ts";
import { chooseBackoff, isPassing, parseRetryAfter } from "../../src/platform/retry.ts";
import { makeScriptedNet } from "../support/scripted-net.ts";
import { connectScripted, TEST_KEY } from "../support/scripted-platform.ts";
import { makeVirtualClock } from "../support/virtual-clock.ts";

describe("an error answer", () => {
  it.each([
    [400, "invalid"],
    [401, "unauthenticated"],
    [403, "forbidden"],
    [409, "conflict"],
    [415, "invalid"],
    [422, "invalid"],
    [501, "server"],
    [302, "protocol"],
    [304, "protocol"],
  ])("of status %i is %s and is not repeated", async (status, failure) => {
    const { reader, net } = connectScripted(() => ({ status, body: { status: 200, title: "All is well" } }));
    await expect(reader.get("/v2/users/x")).rejects.toMatchObject({ failure, status });
    expect(net.requests).toHaveLength(1);
  });

  it.each([
    ["empty", ""],
    ["HTML", "<h1>Bad gateway</h1>"],
    ["a success inside", { status: 200 }],
  ])("with a body that is %s is judged by its status", async (_, body) => {
    const { writer } = connectScripted(() => ({ status: 403, body }));
    await expect(writer.remove("/v2/role-bindings/b")).rejects.toMatchObject({ failure: "forbidden" });
  });

  it("shows title and detail on one line of bounded length, without the key and without the query", async () => {
    const detail = `line\u001b[31m one\r\nline two ${TEST_KEY} ${"x".repeat(1000)}`;
    const { reader } = connectScripted(() => ({ status: 403, body: { title: "Access forbidden", detail } }));
    const error: unknown = await reader
      .list({ path: "/v2/users", query: { email: "q@x.io" }, collection: "users" })
      .then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
    const { message } = error as Error;
    expect(message).toMatch(/^GET \/v2\/users answered 403: Access forbidden: line \[31m one line two \[key\] x+…$/);
    expect(message.length).toBeLessThan(400);
    expect(inspect(error)).not.toContain(TEST_KEY);
    expect(inspect(error)).not.toContain("q@x.io");
  });

  it("repeats the key in no spelling of it", async () => {
    const key = "ak-test+0123/456789==?";
    const spellings = [key, encodeURIComponent(key), btoa(key), btoa(key).replaceAll("+", "-").replaceAll("/", "_")];
    const { reader } = connectScripted(() => ({ status: 403, body: { title: spellings.join(" ") } }), {
      apiKey: () => key,
    });
    const error: unknown = await reader.get("/v2/users/x").catch((thrown: unknown) => thrown);
    expect((error as Error).message).toMatch(/^GET \/v2\/users\/x answered 403: (\[key\]=* ?){4}$/u);
  });

  it("is not hidden in a connection that is printed", () => {
    const clock = makeVirtualClock();
    const connection = connectPlatform({
      restUrl: "https://api.example.test",
      appUrl: "https://app.example.test",
      apiKey: () => TEST_KEY,
      net: makeScriptedNet(clock, () => ({ status: 200 })),
      clock,
      random: { fraction: () => 0, id: () => "" },
      parallelism: 1,
      ratePerMinute: undefined,
    });
    expect(inspect(connection, { depth: 9, showHidden: true })).not.toContain(TEST_KEY);
    expect(JSON.stringify(connection)).toBe("{}");
  });
});

describe("a read", () => {
  it.each([408, 500, 502, 503, 504, 522])(
    "is repeated after %i, six times in all, with growing pauses",
    async (status) => {
      const { reader, net, events } = connectScripted(() => ({ status, body: "" }));
      await expect(reader.get("/v2/users/x")).rejects.toMatchObject({ status, ambiguous: false });
      expect(net.requests).toHaveLength(6);
      const waits = events.flatMap((event) => (event.event === "retried" ? [event.waitMilliseconds] : []));
      expect(waits).toEqual([125, 250, 500, 1000, 2000]);
    },
  );

  it.each(["before", "after", "timeout"] as const)("is repeated when its answer is lost (%s)", async (lost) => {
    const { reader } = connectScripted((_, count) => (count < 6 ? { lost } : { status: 200, body: { id: "x" } }));
    expect(await reader.get("/v2/users/x")).toEqual({ id: "x" });
  });

  it("says network or timeout when no answer ever comes", async () => {
    const network = connectScripted(() => ({ lost: "after" }));
    await expect(network.reader.get("/v2/a")).rejects.toMatchObject({ failure: "network", status: undefined });
    const timeout = connectScripted(() => ({ lost: "timeout" }));
    await expect(timeout.reader.get("/v2/a")).rejects.toMatchObject({ failure: "timeout" });
  });

  it("waits as long as a 503 asks", async () => {
    const { reader, clock } = connectScripted((_, count) =>
      count === 1 ? { status: 503, headers: { "retry-after": "30" } } : { status: 200, body: {} },
    );
    await reader.get("/v2/a");
    expect(clock.elapsed()).toBe(30_100);
  });
});

describe("an interruption", () => {
  it("stops what waits and what was not sent, and lets finish what is in flight", async () => {
    const abort = new AbortController();
    const { reader, net, clock } = connectScripted(() => ({ status: 200, body: { id: "x" } }), {
      parallelism: 1,
      signal: abort.signal,
    });
    const calls = [reader.get("/v2/a"), reader.get("/v2/b"), reader.get("/v2/c")];
    void clock.sleep(10).then(() => abort.abort());
    const results = await Promise.allSettled(calls);
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected"]);
    expect(results[1]).toMatchObject({ reason: { failure: "interrupted", call: "GET /v2/b" } });
    expect(net.requests).toHaveLength(1);
  });

  it("ends a pause at once", async () => {
    const abort = new AbortController();
    const { reader, clock } = connectScripted(() => ({ status: 429, headers: { "retry-after": "60" } }), {
      signal: abort.signal,
    });
    void clock.sleep(1000).then(() => abort.abort());
    await expect(reader.get("/v2/a")).rejects.toMatchObject({ failure: "interrupted" });
    expect(clock.elapsed()).toBe(1000);
  });

  it("ends many pauses at once, and Node sees no leak in that", async () => {
    const warnings: Error[] = [];
    const collect = (warning: Error): void => void warnings.push(warning);
    process.on("warning", collect);
    const abort = new AbortController();
    const { reader, clock } = connectScripted(() => ({ status: 503, headers: { "retry-after": "60" } }), {
      signal: abort.signal,
    });
    const calls = Array.from({ length: 40 }, (_, at) => reader.get(`/v2/users/${at}`));
    void clock.sleep(5000).then(() => abort.abort());
    const results = await Promise.allSettled(calls);
    expect(new Set(results.map((result) => result.status === "rejected" && result.reason.failure))).toEqual(
      new Set(["interrupted"]),
    );
    expect(clock.elapsed()).toBe(5000);
    await new Promise((resolve) => setImmediate(resolve));
    process.off("warning", collect);
    expect(warnings).toEqual([]);
  });

  it("leaves a write ambiguous that was sent before", async () => {
    const abort = new AbortController();
    const { writer } = connectScripted(
      () => {
        abort.abort();
        return { status: 502 };
      },
      { signal: abort.signal },
    );
    const write = writer.write({ method: "POST", path: "/v2/roles", body: {}, settle: async () => undefined });
    await expect(write).rejects.toMatchObject({ failure: "interrupted", ambiguous: true });
  });
});

describe("the arithmetic of retrying", () => {
  const now = new Date("2026-03-01T12:00:00Z");

  it("reads Retry-After as seconds or as a date, measured against the answer's own date where there is one", () => {
    expect(parseRetryAfter({}, now)).toBeUndefined();
    expect(parseRetryAfter({ "retry-after": " 7 " }, now)).toBe(7000);
    expect(parseRetryAfter({ "retry-after": "0" }, now)).toBe(0);
    expect(parseRetryAfter({ "retry-after": "-3" }, now)).toBeUndefined();
    expect(parseRetryAfter({ "retry-after": "soon" }, now)).toBeUndefined();
    expect(parseRetryAfter({ "retry-after": "Sun, 01 Mar 2026 12:00:09 GMT" }, now)).toBe(9000);
    expect(parseRetryAfter({ "retry-after": "Sun, 01 Mar 2026 11:00:00 GMT" }, now)).toBe(0);
    const skewed = { "retry-after": "Sun, 01 Mar 2026 13:00:02 GMT", date: "Sun, 01 Mar 2026 13:00:00 GMT" };
    expect(parseRetryAfter(skewed, now)).toBe(2000);
  });

  it("backs off with full jitter, at most 20 seconds", () => {
    expect(chooseBackoff(1, 0)).toBe(0);
    expect(chooseBackoff(1, 1)).toBe(250);
    expect(chooseBackoff(4, 1)).toBe(2000);
    expect(chooseBackoff(20, 1)).toBe(20_000);
  });

  it("takes for passing what a moment may change", () => {
    expect([400, 401, 403, 404, 409, 422, 501, 505].filter(isPassing)).toEqual([]);
    expect([408, 500, 502, 503, 504, 529].filter(isPassing)).toHaveLength(6);
  });
});
