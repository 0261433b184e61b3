import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { HttpRequest } from "../../src/model/ports.ts";
import type { ScriptedReply } from "../support/scripted-net.ts";
import { connectScripted } from "../support/scripted-platform.ts";

// The same cases on every machine and every day.
fc.configureGlobal({ seed: 20_261_121 });

const USERS = { path: "/v2/users", query: {}, collection: "users" };

/** A server of one collection, cut into pages as given; cursors are page numbers. */
function servePages(pages: readonly (readonly object[])[]): (request: HttpRequest) => ScriptedReply {
  return (request) => {
    const at = Number(new URL(request.url).searchParams.get("cursor") ?? "0");
    const hasMore = at + 1 < pages.length;
    const pagination = hasMore ? { has_more: true, next_cursor: String(at + 1) } : { has_more: false };
    return { status: 200, body: { users: pages[at] ?? [], pagination } };
  };
}

describe("list", () => {
  it("asks for pages of 100 with the filters, repeated where they repeat, and with the key as a bearer", async () => {
    const { reader, net } = connectScripted(servePages([[{ id: "1" }], [{ id: "2" }]]));
    await reader.list({ ...USERS, query: { status: ["ACTIVE", "INVITED"], email: "a+b@x.io" } });
    expect(net.requests.map(({ url }) => url)).toEqual([
      "https://api.example.test/v2/users?status=ACTIVE&status=INVITED&email=a%2Bb%40x.io&limit=100",
      "https://api.example.test/v2/users?status=ACTIVE&status=INVITED&email=a%2Bb%40x.io&limit=100&cursor=1",
    ]);
    expect(net.requests[0]?.headers["authorization"]).toBe("Bearer ak-test-0123456789");
  });

  it("ends where the connection is closed: no further page is asked for, and none again", async () => {
    const pages = [[{ id: "1" }], [{ id: "2" }], [{ id: "3" }]];
    const serve = servePages(pages);
    const { reader, net, close } = connectScripted((request, count) => {
      if (count === 2) close();
      return serve(request);
    });
    await expect(reader.list(USERS)).rejects.toMatchObject({ failure: "interrupted" });
    expect(net.requests).toHaveLength(2);
    const lost = connectScripted((_request, count) => {
      if (count === 1) lost.close();
      return { lost: "after" };
    });
    await expect(lost.reader.list(USERS)).rejects.toMatchObject({ failure: "interrupted" });
    expect(lost.net.requests).toHaveLength(1);
  });

  it("goes on after an empty page that says there is more", async () => {
    const { reader } = connectScripted(servePages([[], [{ id: "1" }], [], [], [{ id: "2" }], []]));
    expect(await reader.list(USERS)).toEqual([{ id: "1" }, { id: "2" }]);
  });

  it("stops after as many pages as are asked for, and reads all of a list that is shorter", async () => {
    const pages = [[{ id: "1" }], [{ id: "2" }], [{ id: "3" }]];
    const { reader, net } = connectScripted(servePages(pages));
    expect(await reader.list({ ...USERS, mostPages: 2 })).toEqual([{ id: "1" }, { id: "2" }]);
    expect(net.requests).toHaveLength(2);
    expect(await reader.list({ ...USERS, mostPages: 9 })).toHaveLength(3);
  });

  it("knows how many pages a list had that was read whole, and of no other", async () => {
    const { reader } = connectScripted(servePages([[{ id: "1" }], [], [{ id: "3" }]]));
    expect(reader.pagesOf?.(USERS)).toBeUndefined();
    await reader.list({ ...USERS, mostPages: 2 });
    await reader.list({ ...USERS, narrowing: ["email"] });
    expect(reader.pagesOf?.(USERS)).toBeUndefined();
    await reader.list({ ...USERS, mostPages: 4 });
    expect(reader.pagesOf?.(USERS)).toBe(3);
    expect(reader.pagesOf?.({ ...USERS, query: { email: "a" } })).toBeUndefined();
  });

  it("ends where has_more is false, even if a cursor is there", async () => {
    const { reader, net } = connectScripted(() => ({
      status: 200,
      body: { users: [{ id: "1" }], pagination: { has_more: false, next_cursor: "again" } },
    }));
    expect(await reader.list(USERS)).toHaveLength(1);
    expect(net.requests).toHaveLength(1);
  });

  it.each([
    ["has_more without a cursor", { users: [], pagination: { has_more: true } }],
    ["the same cursor twice", { users: [], pagination: { has_more: true, next_cursor: "c" } }],
    ["no pagination", { users: [] }],
    ["no word on whether there is more", { users: [], pagination: { next_cursor: null } }],
    ["no collection", { people: [], pagination: { has_more: false } }],
    ["rows that are no objects", { users: ["a"], pagination: { has_more: false } }],
    ["a list for a body", []],
    ["HTML", "<html>Sign in</html>"],
  ])("calls %s a breach of the protocol", async (_, body) => {
    const { reader } = connectScripted(() => ({ status: 200, body }));
    await expect(reader.list(USERS)).rejects.toMatchObject({ failure: "protocol", call: "GET /v2/users" });
  });

  it("fails whole when a later page fails", async () => {
    const { reader } = connectScripted((_, count) =>
      count === 1
        ? { status: 200, body: { users: [{ id: "1" }], pagination: { has_more: true, next_cursor: "c" } } }
        : { status: 403, body: "" },
    );
    await expect(reader.list(USERS)).rejects.toMatchObject({ failure: "forbidden", status: 403, ambiguous: false });
  });

  it("says not-found for a scope that is missing or not visible, rather than that it is empty", async () => {
    const { reader } = connectScripted(() => ({ status: 404, body: {} }));
    await expect(reader.list(USERS)).rejects.toMatchObject({ failure: "not-found" });
  });

  it("keeps a restriction once by its resource, and rows without any id all", async () => {
    const restriction = { resource_type: "PROJECT", resource_id: "p" };
    const { reader } = connectScripted(
      servePages([
        [restriction, { x: 1 }],
        [restriction, { x: 1 }],
      ]),
    );
    expect(await reader.list(USERS)).toEqual([restriction, { x: 1 }, { x: 1 }]);
  });

  it("neither loses nor doubles a row, however the rows fall into pages", async () => {
    const row = fc.integer({ min: 0, max: 30 }).map((id) => ({ id: `u${id}` }));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(row, { maxLength: 6 }), { minLength: 1, maxLength: 8 }), async (pages) => {
        const { reader, net } = connectScripted(servePages(pages));
        const rows = await reader.list(USERS);
        const wanted = new Set(pages.flat().map(({ id }) => id));
        expect(new Set(rows.map((found) => found["id"]))).toEqual(wanted);
        expect(rows).toHaveLength(wanted.size);
        expect(net.requests).toHaveLength(pages.length);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    [0, 1],
    [1, 1],
    [100, 1],
    [101, 2],
    [250, 3],
  ])("reads %i rows in %i calls", async (count, calls) => {
    const rows = Array.from({ length: count }, (_, at) => ({ id: `u${at}` }));
    const pages = Array.from({ length: Math.max(1, Math.ceil(count / 100)) }, (_, at) =>
      rows.slice(at * 100, at * 100 + 100),
    );
    const { reader, net } = connectScripted(servePages(pages));
    expect(await reader.list(USERS)).toHaveLength(count);
    expect(net.requests).toHaveLength(calls);
  });

  it("keeps lists that run side by side within the cap of requests in flight", async () => {
    const { reader, net } = connectScripted(servePages([[{ id: "1" }], [{ id: "2" }]]), { parallelism: 4 });
    await Promise.all(Array.from({ length: 30 }, () => reader.list(USERS)));
    expect(net.mostInFlight()).toBe(4);
  });
});

describe("get", () => {
  it("answers undefined for 404, whatever the body says", async () => {
    const { reader } = connectScripted(() => ({ status: 404, body: { status: 200, title: "fine" } }));
    expect(await reader.get("/v2/users/x")).toBeUndefined();
  });

  it("normalises the row", async () => {
    const { reader } = connectScripted(() => ({
      status: 200,
      body: { id: "x", role: { type: "predefined", name: "admin" } },
    }));
    expect(await reader.get("/v2/users/x")).toEqual({ id: "x", role: { type: "PREDEFINED", name: "ADMIN" } });
  });
});
