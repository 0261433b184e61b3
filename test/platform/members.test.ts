import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { MemberReading } from "../../src/model/platform.ts";
import { packByCost } from "../../src/platform/packing.ts";
import {
  describeEntry,
  type ScriptedGraphql,
  type ScriptedGraphqlOptions,
  type ScriptedMember,
  scriptGraphql,
} from "../support/scripted-graphql.ts";
import { connectScripted, type ScriptedPlatform } from "../support/scripted-platform.ts";

// The same cases on every machine and every day.
fc.configureGlobal({ seed: 20_261_121 });

function people(count: number): readonly ScriptedMember[] {
  return Array.from({ length: count }, (_, at) => ({ userId: `u${at}` }));
}

function serve(options: ScriptedGraphqlOptions): ScriptedPlatform & { readonly graphql: ScriptedGraphql } {
  const graphql = scriptGraphql(options);
  return { ...connectScripted((request) => graphql.reply(request)), graphql };
}

function summarize(readings: ReadonlyMap<string, MemberReading<unknown>>): Record<string, number | string> {
  const entries = [...readings].map(([id, reading]) => [
    id,
    reading.state === "complete" ? reading.rows.length : reading.because,
  ]);
  return Object.fromEntries(entries);
}

describe("space members", () => {
  it("come with role, reason and kind, roles spelled as in manifests", async () => {
    const { reader } = serve({
      spaces: {
        s: [
          { userId: "a", role: "readOnly" },
          { userId: "b", role: null, customRoleId: "r1" },
          { userId: "c", role: null, membership: "ACCOUNT_ADMIN" },
          { userId: "d", role: "admin", membership: "BY_DECREE" },
        ],
      },
    });
    const member = { email: "a@example.com", userType: "human", role: undefined, customRoleId: undefined };
    expect((await reader.readSpaceMembers(["s"])).get("s")).toEqual({
      state: "complete",
      rows: [
        { ...member, userId: "a", membership: "EXPLICIT_MEMBERSHIP", role: "read-only" },
        { ...member, userId: "b", email: "b@example.com", membership: "EXPLICIT_MEMBERSHIP", customRoleId: "r1" },
        { ...member, userId: "c", email: "c@example.com", membership: "ACCOUNT_ADMIN" },
        { ...member, userId: "d", email: "d@example.com", membership: "UNKNOWN", role: "admin" },
      ],
    });
  });

  it("of many small spaces share queries: sizes first, then pages that fit", async () => {
    const spaces = Object.fromEntries(Array.from({ length: 120 }, (_, at) => [`s${at}`, people(at % 7)]));
    const { reader, graphql } = serve({ spaces });
    const readings = await reader.readSpaceMembers(Object.keys(spaces));
    for (const [id, members] of Object.entries(spaces)) {
      expect(readings.get(id)).toMatchObject({ state: "complete", rows: members.map(({ userId }) => ({ userId })) });
    }
    // One for all sizes; 357 rows of 10 points and 103 overheads of 10 need at least 5 of 1000.
    expect(graphql.queries.filter((query) => query.startsWith("query Members")).length).toBeLessThanOrEqual(1 + 5);
    expect(Math.max(...graphql.costs)).toBeLessThanOrEqual(1000);
  });

  it("of middling spaces fill each query to the brim, though only a part of the last one fits", async () => {
    const spaces = Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`s${at}`, people(50)]));
    const { reader, graphql } = serve({ spaces });
    const readings = await reader.readSpaceMembers(Object.keys(spaces));
    expect(Object.values(summarize(readings))).toEqual(Array.from({ length: 100 }, () => 50));
    // 5,000 rows of 10 points and 100 overheads of 10 need 51 queries of 1000, and the sizes one; whole lists would take 101.
    expect(graphql.queries.filter((query) => query.startsWith("query Members")).length).toBeLessThanOrEqual(55);
    expect(Math.max(...graphql.costs)).toBeLessThanOrEqual(1000);
  });

  it("come in smaller queries once one was refused, by a little at first", async () => {
    for (const [complexity, most] of [
      [950, 125],
      [500, 240],
    ] as const) {
      const spaces = Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`s${at}`, people(50)]));
      const { reader, graphql } = serve({ spaces, complexity });
      expect(Object.values(summarize(await reader.readSpaceMembers(Object.keys(spaces))))).toEqual(
        Array.from({ length: 100 }, () => 50),
      );
      expect(graphql.queries.length).toBeLessThanOrEqual(most);
    }
  });

  it("of a large space are paged through", async () => {
    const { reader, graphql } = serve({ spaces: { s: people(300), t: people(90) } });
    expect(summarize(await reader.readSpaceMembers(["s", "t"]))).toEqual({ s: 300, t: 90 });
    expect(Math.max(...graphql.costs)).toBeLessThanOrEqual(1000);
  });

  it("and of organizations keep six queries under way to the end, however many pages a list has", async () => {
    const spaces = Object.fromEntries(
      Array.from({ length: 100 }, (_, at) => [`s${at}`, people(10 + ((at * 37) % 60))]),
    );
    const organizations = Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`o${at}`, people(500 + at * 40)]));
    const { reader, net } = serve({ spaces, organizations });
    const readings = await Promise.all([
      reader.readSpaceMembers(Object.keys(spaces)),
      reader.readOrganizationMembers(Object.keys(organizations)),
    ]);
    const found = Object.assign({}, ...readings.map(summarize));
    const all = { ...spaces, ...organizations };
    expect(found).toEqual(Object.fromEntries(Object.entries(all).map(([id, members]) => [id, members.length])));
    const pages = net.requests.filter(({ body }) => /edges/u.test(body ?? ""));
    const turns = new Set(pages.map(({ at }) => at));
    expect(net.mostInFlight()).toBe(6);
    // The last pages of the longest lists share queries, of which there are few.
    expect(turns.size).toBeLessThanOrEqual(Math.ceil(pages.length / 6) + 1);
  });

  it("of no space at all need no query", async () => {
    const { reader, net } = serve({});
    expect(await reader.readSpaceMembers([])).toEqual(new Map());
    expect(net.requests).toHaveLength(0);
  });

  it("keep somebody who is there twice for two reasons", async () => {
    const both = [
      { userId: "a", role: "member" },
      { userId: "a", role: null, customRoleId: "r" },
    ];
    const { reader } = serve({ spaces: { s: both } });
    expect(summarize(await reader.readSpaceMembers(["s"]))).toEqual({ s: 2 });
  });

  it("are whole, whatever the sizes, caps and limits, and no query costs more than the budget", async () => {
    const shape = fc.record({
      sizes: fc.array(fc.integer({ min: 0, max: 150 }), { minLength: 1, maxLength: 12 }),
      cap: fc.option(fc.record({ entries: fc.integer({ min: 10, max: 90 }), refuses: fc.boolean() })),
      complexity: fc.integer({ min: 300, max: 1000 }),
      introspection: fc.boolean(),
      counts: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(shape, async ({ sizes, cap, complexity, introspection, counts }) => {
        const spaces = Object.fromEntries(sizes.map((size, at) => [`s${at}`, people(size)]));
        const { reader, graphql } = serve({
          spaces,
          complexity,
          introspection,
          schema: (text) => (counts ? text : text.replaceAll("totalCount: Int! ", "")),
          ...(cap === null ? {} : { pageCap: cap }),
        });
        const wanted = Object.fromEntries(sizes.map((size, at) => [`s${at}`, size]));
        expect(summarize(await reader.readSpaceMembers(Object.keys(spaces)))).toEqual(wanted);
        expect(Math.max(...graphql.costs)).toBeLessThanOrEqual(1000);
      }),
      { numRuns: 20 },
    );
  });
});

describe("a space is unreadable, and only that space,", () => {
  const others = { a: people(3), z: people(4) };

  it("when it is not visible", async () => {
    const { reader } = serve({ spaces: others });
    const readings = summarize(await reader.readSpaceMembers(["a", "ghost", "z"]));
    expect(readings).toEqual({ a: 3, ghost: "not visible to this key, or gone", z: 4 });
  });

  it("when it fails with an error of its own", async () => {
    const { reader } = serve({ spaces: { ...others, s: people(2) }, failing: ["s"] });
    expect(summarize(await reader.readSpaceMembers(["a", "s", "z"]))).toEqual({ a: 3, s: "no access to s", z: 4 });
  });

  it("when an error without a path spoils the query it is in", async () => {
    const graphql = scriptGraphql({ spaces: others });
    const { reader } = connectScripted((request) => {
      const reply = graphql.reply(request);
      if (!("status" in reply) || !JSON.stringify(request.body).includes("ghost")) return reply;
      const body = reply.body as { readonly data: object };
      return { ...reply, body: { data: body.data, errors: [{ message: "Something was not found" }] } };
    });
    const readings = summarize(await reader.readSpaceMembers(["a", "ghost", "z"]));
    expect(readings).toEqual({ a: 3, ghost: "Something was not found", z: 4 });
  });

  it("when fewer entries come than are counted, twice", async () => {
    const { reader } = serve({
      spaces: { ...others, s: people(5) },
      bend: (connection, id) => (id === "s" ? { ...connection, edges: connection.edges.slice(1) } : connection),
    });
    expect(summarize(await reader.readSpaceMembers(["a", "s", "z"]))).toEqual({
      a: 3,
      s: "4 of 5 entries came: the list moved while it was read, or is not shown whole",
      z: 4,
    });
  });

  it("but not when the list stood still at the second reading", async () => {
    let bent = 0;
    const { reader } = serve({
      spaces: { s: people(5) },
      bend: (connection) => {
        bent += 1;
        return bent === 1 ? { ...connection, edges: connection.edges.slice(1) } : connection;
      },
    });
    expect(summarize(await reader.readSpaceMembers(["s"]))).toEqual({ s: 5 });
  });

  it.each([
    ["the same cursor comes twice", { hasNextPage: true, endCursor: "0" }, "the list gave the same cursor twice"],
    ["a cursor is missing", { hasNextPage: true, endCursor: null }, "the list has more pages but gives no cursor"],
  ])("when %s", async (_, pageInfo, because) => {
    const { reader } = serve({
      spaces: { ...others, s: people(5) },
      bend: (connection, id) => (id === "s" ? { ...connection, pageInfo } : connection),
    });
    expect(summarize(await reader.readSpaceMembers(["a", "s", "z"]))).toEqual({ a: 3, s: because, z: 4 });
  });

  it.each([
    ["no user", { ...describeEntry({ userId: "x" }), user: null }],
    ["nothing in it", null],
  ])("when an entry has %s", async (_, node) => {
    const { reader } = serve({
      spaces: { s: people(2) },
      bend: (connection) => ({ ...connection, edges: [{ node }, ...connection.edges.slice(1)] }),
    });
    expect(summarize(await reader.readSpaceMembers(["s"]))).toEqual({ s: "an entry does not say which user it is" });
  });

  it("when the id is that of something else", async () => {
    const { reader } = serve({ spaces: others, organizations: { o: people(2) } });
    const readings = summarize(await reader.readSpaceMembers(["o"]));
    expect(readings).toEqual({ o: "this id is not one of a space with members" });
  });
});

describe("a connection that breaks while members are read", () => {
  it("makes unreadable what was not read yet, without asking for ever shorter pages", async () => {
    const graphql = scriptGraphql({ spaces: { s: people(200) } });
    const { reader, net } = connectScripted((request, count) =>
      count <= 3 ? graphql.reply(request) : { status: 403, body: "" },
    );
    expect(summarize(await reader.readSpaceMembers(["s"]))).toEqual({ s: "POST /graphql answered 403" });
    expect(net.requests.length).toBeLessThanOrEqual(7);
  });
});

describe("an empty page with more to come", () => {
  it("does not end a list", async () => {
    const { reader } = serve({
      spaces: { s: people(3) },
      bend: (connection, _id, query) =>
        query === 3 ? { ...connection, edges: [], pageInfo: { hasNextPage: true, endCursor: "0" } } : connection,
    });
    expect(summarize(await reader.readSpaceMembers(["s"]))).toEqual({ s: 3 });
  });
});

describe("organization members", () => {
  const organizations = { o: people(120), p: people(2) };

  it.each([true, false])("come with their role where there is one (introspection: %s)", async (introspection) => {
    const { reader } = serve({ organizations, introspection });
    const readings = await reader.readOrganizationMembers(["o", "p"]);
    expect(summarize(readings)).toEqual({ o: 120, p: 2 });
    expect(readings.get("p")).toMatchObject({ rows: [{ userId: "u0", role: "member", userType: "human" }, {}] });
    expect(await reader.readsOrganizationRoles()).toBe(true);
  });

  const WITHOUT = {
    "the role": (text: string) => text.replace("RosterEntry { role: String ", "RosterEntry { "),
    "totalCount and the role": (text: string) =>
      text
        .replace("RosterConnection { totalCount: Int! ", "RosterConnection { ")
        .replace("{ role: String user", "{ user"),
    "a role that is a plain value": (text: string) =>
      text.replace("RosterEntry { role: String ", "RosterEntry { role: CustomRole "),
  };
  it.each(Object.keys(WITHOUT) as (keyof typeof WITHOUT)[])("are read without %s", async (what) => {
    for (const introspection of [true, false]) {
      const { reader } = serve({ organizations, introspection, schema: WITHOUT[what] });
      expect(await reader.readsOrganizationRoles()).toBe(false);
      const readings = await reader.readOrganizationMembers(["o", "p"]);
      expect(summarize(readings)).toEqual({ o: 120, p: 2 });
      expect(readings.get("p")).toMatchObject({ rows: [{ role: undefined }, { role: undefined }] });
    }
  });

  it("without userType and e-mail are still users", async () => {
    const schema = (text: string): string => text.replace(" userType: String", "").replace(" email: String", "");
    for (const introspection of [true, false]) {
      const { reader } = serve({ organizations, introspection, schema, viewer: { id: "me" } });
      expect((await reader.readOrganizationMembers(["p"])).get("p")).toMatchObject({
        rows: [{ userId: "u0", email: undefined, userType: undefined }, {}],
      });
    }
  });

  it("without pageInfo are whole only where the count says so", async () => {
    const schema = (text: string): string =>
      text.replace("RosterConnection { totalCount: Int! pageInfo: PageInfo! ", "RosterConnection { totalCount: Int! ");
    const { reader } = serve({ organizations: { o: people(200), p: people(2) }, schema });
    expect(summarize(await reader.readOrganizationMembers(["o", "p"]))).toEqual({
      o: "141 of 200 entries came: the list moved while it was read, or is not shown whole",
      p: 2,
    });
  });

  it.each([true, false])("without pageInfo and count prove nothing (introspection: %s)", async (introspection) => {
    const schema = (text: string): string =>
      text.replace("RosterConnection { totalCount: Int! pageInfo: PageInfo! ", "RosterConnection { ");
    const { reader } = serve({ organizations, introspection, schema });
    const because = "the server does not say whether the list is whole";
    expect(summarize(await reader.readOrganizationMembers(["o", "p"]))).toEqual({ o: because, p: because });
  });

  it.each([true, false])(
    "whose list takes no arguments are read if they fit (introspection: %s)",
    async (introspection) => {
      const schema = (text: string): string =>
        text.replace("accountOrganizationUsers(first: Int, after: String)", "accountOrganizationUsers");
      const { reader } = serve({ organizations, introspection, schema });
      expect(summarize(await reader.readOrganizationMembers(["o", "p"]))).toEqual({
        o: "the list has more pages than the server lets one ask for",
        p: 2,
      });
    },
  );
});

describe("GraphQL that is not there", () => {
  it.each([
    ["403", { status: 403, body: "" }, "POST /graphql answered 403"],
    ["404", { status: 404, body: "<html>" }, "POST /graphql answered 404"],
    ["401", { status: 401, body: { title: "Who?" } }, "POST /graphql answered 401: Who?"],
    ["a redirect", { status: 302, body: "" }, "POST /graphql answered 302: redirects are not followed"],
    ["a sign-in page", { status: 200, body: "<html>" }, "POST /graphql answered 200 without a GraphQL answer"],
    ["an error for everything", { status: 200, body: { errors: [{ message: "Licence needed" }] } }, "Licence needed"],
    ["no answer", { lost: "after" as const }, "POST /graphql got no answer: lost after sending"],
  ])("(%s) makes members unreadable and ends nothing", async (_, reply, because) => {
    const { reader } = connectScripted(() => reply);
    expect(await reader.identify()).toMatchObject({ graphql: "unavailable", accountAdmin: "unknown" });
    expect(summarize(await reader.readSpaceMembers(["s", "t"]))).toEqual({ s: because, t: because });
    expect(summarize(await reader.readOrganizationMembers(["o"]))).toEqual({ o: because });
    expect(await reader.readsOrganizationRoles()).toBe(false);
  });

  it("sends the key as x-api-key to the app's host", async () => {
    const { reader, net } = serve({});
    await reader.readSpaceMembers(["s"]);
    expect(net.requests[0]).toMatchObject({
      method: "POST",
      url: "https://app.example.test/graphql",
      headers: { "x-api-key": "ak-test-0123456789" },
    });
    expect(net.requests[0]?.headers["authorization"]).toBeUndefined();
  });
});

describe("packing", () => {
  it("loses nothing, doubles nothing and keeps to the budget, but for items dearer than it", () => {
    const costs = fc.array(fc.integer({ min: 1, max: 120 }), { maxLength: 80 });
    fc.assert(
      fc.property(costs, fc.integer({ min: 20, max: 100 }), (items, budget) => {
        const indexed = items.map((cost, at) => ({ cost, at }));
        const batches = packByCost(indexed, ({ cost }) => cost, budget);
        expect(
          batches
            .flat()
            .map(({ at }) => at)
            .sort((a, b) => a - b),
        ).toEqual(indexed.map(({ at }) => at));
        for (const batch of batches) {
          const sum = batch.reduce((total, { cost }) => total + cost, 0);
          expect(sum <= budget || batch.length === 1).toBe(true);
        }
        // First fit leaves at most one batch half empty.
        const bound = (2 * items.reduce((total, cost) => total + cost, 0)) / budget;
        expect(batches.length).toBeLessThanOrEqual(Math.ceil(bound) + 1);
      }),
    );
  });
});
