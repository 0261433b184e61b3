import { describe, expect, it } from "vitest";
import type { MemberList, MemberReading } from "../../src/model/platform.ts";
import {
  type ScriptedGraphql,
  type ScriptedGraphqlOptions,
  type ScriptedMember,
  scriptGraphql,
} from "../support/scripted-graphql.ts";
import { connectScripted, type ScriptedPlatform } from "../support/scripted-platform.ts";

const ANA = { userId: "ana" };
const BOT = { userId: "bot", userType: "BOT" };
const LATE = { userId: "late", userType: "bot" };
const ORGANIZATIONS = { o: [ANA, BOT] };
const SPACES = { s: [ANA, BOT], t: [ANA] };

function serve(options: ScriptedGraphqlOptions): ScriptedPlatform & { readonly graphql: ScriptedGraphql } {
  const graphql = scriptGraphql(options);
  return { ...connectScripted((request) => graphql.reply(request)), graphql };
}

/** What is asked of the people in each page of lists of this sort. */
function askedIn({ queries }: ScriptedGraphql, connection: string): readonly string[] {
  const pages = queries.flatMap((query) => [
    ...query.matchAll(/(\w+)\([^)]*\) \{ (?:\w+ )*(?:pageInfo \{.*?\} )?edges.*?user \{ (.*?) \}/gu),
  ]);
  return pages.filter(([, name]) => name === connection).map(([, , fields]) => fields ?? "");
}

function countPages({ queries }: ScriptedGraphql): number {
  return queries.filter((query) => query.startsWith("query Members")).length;
}

function botsIn(reading: MemberReading<ScriptedRow> | undefined): readonly string[] {
  return reading?.state === "complete"
    ? reading.rows.filter(({ userType }) => userType === "bot").map(({ userId }) => userId)
    : [];
}

interface ScriptedRow {
  readonly userId: string;
  readonly userType: string | undefined;
}

function crowd(count: number): ScriptedMember[] {
  return Array.from({ length: count }, (_, at) => ({ userId: `u${at}` }));
}

const ROSTER = "accountOrganizationUsers";

describe("of a server that tells of people by their ids", () => {
  it("entries say no e-mail, and once organizations are read not who is a bot", async () => {
    const { reader, graphql } = serve({ people: [], organizations: ORGANIZATIONS, spaces: SPACES });
    const [organizations, spaces] = await Promise.all([
      reader.readOrganizationMembers(["o"]),
      reader.readSpaceMembers(["s", "t"]),
    ]);
    expect(askedIn(graphql, ROSTER)).toEqual(["id userType"]);
    expect(askedIn(graphql, "spaceUsers")).toEqual(["id", "id"]);
    expect(botsIn(organizations.get("o"))).toEqual(["bot"]);
    expect([botsIn(spaces.get("s")), botsIn(spaces.get("t"))]).toEqual([["bot"], []]);
  });

  it("once organizations are read they need not say it either, where that saves queries", async () => {
    const organizations = { ...ORGANIZATIONS, p: crowd(160) };
    const { reader, graphql } = serve({ people: [], organizations });
    for (const fields of ["id userType", "id"]) {
      const before = askedIn(graphql, ROSTER).length;
      expect(botsIn((await reader.readOrganizationMembers(["o", "p"])).get("o"))).toEqual(["bot"]);
      expect(new Set(askedIn(graphql, ROSTER).slice(before))).toEqual(new Set([fields]));
    }
  });

  it("spaces say who is a bot while no organization was asked for", async () => {
    const { reader, graphql } = serve({ people: [], spaces: SPACES });
    expect(botsIn((await reader.readSpaceMembers(["s"])).get("s"))).toEqual(["bot"]);
    expect(askedIn(graphql, "spaceUsers")).toEqual(["id userType"]);
  });

  it.each([
    ["asked for once", [LATE], 1],
    ["looked for in a list that has them, where nobody tells", [], 2],
  ])("who is in no organization that was read is %s", async (_, people, pages) => {
    const spaces = { s: [ANA, LATE], t: [LATE] };
    const { reader, graphql } = serve({ people, organizations: { o: [ANA] }, spaces });
    await reader.readOrganizationMembers(["o"]);
    const readings = await reader.readSpaceMembers(["s"]);
    expect(botsIn(readings.get("s"))).toEqual(["late"]);
    expect(askedIn(graphql, "spaceUsers")).toHaveLength(pages);
    const before = graphql.queries.length;
    expect(botsIn((await reader.readSpaceMembers(["t"])).get("t"))).toEqual(["late"]);
    expect(graphql.queries).toHaveLength(before + 1);
  });

  it("a list is unreadable, and no other, where it cannot be found out who in it is a bot", async () => {
    const graphql = scriptGraphql({
      people: [LATE],
      organizations: { o: [ANA] },
      spaces: { s: [ANA, LATE], t: [ANA] },
    });
    let isBroken = true;
    const { reader } = connectScripted((request) =>
      isBroken && /on User|id email userType/u.test(request.body ?? "")
        ? { status: 403, body: "" }
        : graphql.reply(request),
    );
    await reader.readOrganizationMembers(["o"]);
    const broken = await reader.readSpaceMembers(["s", "t"]);
    expect(broken.get("s")).toEqual({ state: "unreadable", because: "it could not be found out who is a bot" });
    expect(broken.get("t")).toMatchObject({ state: "complete" });
    isBroken = false;
    expect(botsIn((await reader.readSpaceMembers(["s"])).get("s"))).toEqual(["late"]);
  });

  it("nobody asks who an admin by inheritance is", async () => {
    const boss: ScriptedMember = { userId: "boss", role: null, membership: "ACCOUNT_ADMIN" };
    const { reader, graphql } = serve({ people: [boss], organizations: { o: [ANA] }, spaces: { s: [ANA, boss] } });
    await reader.readOrganizationMembers(["o"]);
    const before = graphql.queries.length;
    await reader.readSpaceMembers(["s"]);
    expect(graphql.queries).toHaveLength(before + 1);
  });

  it("people are described by their ids, or else by a list that has them, and each once", async () => {
    const seen = new Map<string, MemberList>([
      ["ana", { of: "organization", id: "o" }],
      ["bot", { of: "organization", id: "o" }],
      ["late", { of: "space", id: "s" }],
      ["gone", { of: "space", id: "s" }],
    ]);
    const { reader, graphql } = serve({ people: [ANA], organizations: ORGANIZATIONS, spaces: { s: [LATE] } });
    const described = new Map([
      ["ana", { email: "ana@example.com", userType: "human" }],
      ["bot", { email: "bot@example.com", userType: "bot" }],
      ["late", { email: "late@example.com", userType: "bot" }],
    ]);
    expect(await reader.describePeople(seen)).toEqual(described);
    // Of whom nothing was told, it is asked again.
    seen.delete("gone");
    const before = graphql.queries.length;
    expect(await reader.describePeople(seen)).toEqual(described);
    expect(graphql.queries).toHaveLength(before);
    expect(await reader.describePeople(new Map())).toEqual(new Map());
  });

  it("lists are named where that is wanted", async () => {
    const { reader, graphql } = serve({ people: [], organizations: ORGANIZATIONS, spaces: SPACES });
    expect((await reader.readOrganizationMembers(["o"], "named")).get("o")).toMatchObject({
      rows: [{ email: "ana@example.com" }, { email: "bot@example.com" }],
    });
    for (const how of ["named", "few"] as const) {
      expect((await reader.readSpaceMembers(["t"], how)).get("t")).toMatchObject({
        rows: [{ email: "ana@example.com" }],
      });
    }
    expect(askedIn(graphql, ROSTER)).toEqual(["id email userType"]);
    expect(askedIn(graphql, "spaceUsers")).toEqual(["id email userType", "id email userType"]);
  });
});

describe("of a server that is not known to", () => {
  it.each([
    ["people are no nodes", {}],
    ["the schema is not shown", { people: [ANA], introspection: false }],
  ])("each entry says all, since %s", async (_, options) => {
    const { reader, graphql } = serve({ organizations: ORGANIZATIONS, spaces: SPACES, ...options });
    await reader.readOrganizationMembers(["o"]);
    expect((await reader.readSpaceMembers(["s"])).get("s")).toMatchObject({
      rows: [{ email: "ana@example.com" }, { email: "bot@example.com", userType: "bot" }],
    });
    expect(askedIn(graphql, "spaceUsers")).toEqual(["id email userType"]);
    expect(await reader.describePeople(new Map([["ana", { of: "space", id: "s" }]]))).toEqual(new Map());
  });

  it("nobody is described where there is no GraphQL", async () => {
    const { reader } = connectScripted(() => ({ status: 404, body: "" }));
    expect(await reader.describePeople(new Map([["ana", { of: "space", id: "s" }]]))).toEqual(new Map());
  });
});

describe("lists that are read again", () => {
  const strangers = (count: number): ScriptedMember[] =>
    crowd(count).map(({ userId }) => ({ userId: `more-${userId}` }));

  it.each([
    ["counts them", (text: string) => text],
    ["does not", (text: string) => text.replaceAll("totalCount: Int! ", "")],
  ])("are asked for by the lengths that they had, where the server %s", async (_, schema) => {
    const spaces = Object.fromEntries(Array.from({ length: 8 }, (__, at) => [`s${at}`, crowd(10 + at)]));
    const organizations = { o: crowd(150), p: crowd(90) };
    const more = strangers(130);
    const pageCap = { entries: 100, refuses: false };
    const { reader, graphql } = serve({ people: more, spaces, organizations, schema, pageCap });
    const read = async (): Promise<number> => {
      const before = countPages(graphql);
      const [inOrganizations, inSpaces] = [
        await reader.readOrganizationMembers(["o", "p"]),
        await reader.readSpaceMembers(Object.keys(spaces)),
      ];
      for (const [id, rows] of Object.entries({ ...spaces, ...organizations }))
        expect(inOrganizations.get(id) ?? inSpaces.get(id)).toMatchObject({ state: "complete", rows });
      return countPages(graphql) - before;
    };
    const first = await read();
    // 240 entries of 5 points and 116 of 8 and some more: no size, no page that is too short.
    expect(await read()).toBe(3 + 1);
    expect(first).toBeGreaterThan(4);
    // Whoever comes or goes meanwhile, nothing is missed; who is new is asked after.
    spaces["s0"]?.push(...more.slice(0, 1));
    organizations.o.splice(0, 20);
    spaces["s1"]?.splice(0);
    expect(await read()).toBe(3 + 1 + 1);
    spaces["s2"]?.push(...more.slice(0, 60));
    organizations.p.push(...more);
    expect(await read()).toBeLessThanOrEqual(10);
  });

  it("and lists of which somebody knows how long they should be, are asked for so the first time", async () => {
    const spaces = Object.fromEntries(Array.from({ length: 8 }, (_, at) => [`s${at}`, crowd(10 + at)]));
    const { reader, graphql } = serve({ people: [], spaces });
    reader.expectLengths?.(new Map(Object.entries(spaces).map(([id, { length }]) => [id, length - 1])));
    const readings = await reader.readSpaceMembers(Object.keys(spaces));
    for (const [id, rows] of Object.entries(spaces))
      expect(readings.get(id)).toMatchObject({ state: "complete", rows });
    // 116 entries of 9 points and some more.
    expect(countPages(graphql)).toBe(2);
  });

  it.each([1, 3])(
    "%i in a query use its room: whoever came meanwhile, and whether they are bots, needs no other",
    async (count) => {
      const spaces = Object.fromEntries(Array.from({ length: count }, (_, at) => [`s${at}`, crowd(10)]));
      const organizations = { o: crowd(30) };
      const { reader, graphql } = serve({ people: [], spaces, organizations });
      await reader.readOrganizationMembers(["o"]);
      await reader.readSpaceMembers(Object.keys(spaces));
      for (const rows of [organizations.o, ...Object.values(spaces)])
        rows.push({ ...BOT, userId: "new" }, ...strangers(20));
      const before = countPages(graphql);
      const readings = await reader.readSpaceMembers(Object.keys(spaces));
      for (const [id, rows] of Object.entries(spaces)) {
        expect(readings.get(id)).toMatchObject({ state: "complete", rows: rows.map(({ userId }) => ({ userId })) });
        expect(botsIn(readings.get(id))).toEqual(["new"]);
      }
      const [organization] = (await reader.readOrganizationMembers(["o"])).values();
      expect(botsIn(organization)).toEqual(["new"]);
      expect(countPages(graphql) - before).toBe(2);
      expect(Math.max(...graphql.costs)).toBeLessThanOrEqual(1000);
    },
  );

  it("but of many the sizes are asked for again, which takes fewer points than asking for too much of each", async () => {
    const spaces = Object.fromEntries(Array.from({ length: 150 }, (_, at) => [`s${at}`, crowd(1)]));
    const { reader, graphql } = serve({ people: [], spaces });
    for (const _ of [1, 2]) {
      const before = countPages(graphql);
      await reader.readSpaceMembers(Object.keys(spaces));
      // 150 sizes of 6 points, and 150 pages of 19.
      expect(countPages(graphql) - before).toBe(1 + 3);
    }
  });
});

describe("pages", () => {
  /** Servers with rosters like those of the platform: nobody counts them. */
  const uncounted = (text: string): string =>
    text.replace("RosterConnection { totalCount: Int! ", "RosterConnection { ");

  it("that come shorter than they were asked for are asked for as short, and the room in a query goes to other lists", async () => {
    const organizations = Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`o${at}`, crowd(700)]));
    const options = { people: [], organizations, schema: uncounted, pageCap: { entries: 100, refuses: false } };
    const { reader, graphql } = serve(options);
    const readings = await reader.readOrganizationMembers(Object.keys(organizations));
    for (const reading of readings.values()) expect(reading).toMatchObject({ state: "complete", rows: crowd(700) });
    // 7,000 entries of 6 points and 10 for each page: 44 queries at least, where one page in each would be 70.
    expect(countPages(graphql)).toBeLessThanOrEqual(50);
    expect(Math.max(...graphql.costs)).toBeLessThanOrEqual(1000);
  });

  it("that come as long as they were asked for are as long as a query may be", async () => {
    const organizations = { o: crowd(1650), p: crowd(1650) };
    const { reader, graphql } = serve({ people: [], organizations, schema: uncounted });
    await reader.readOrganizationMembers(["o", "p"]);
    // 25 at first, one trial, the other by a hundred, and then 165 at once.
    expect(countPages(graphql)).toBeLessThanOrEqual(22);
  });

  it("one of which is very short do not all become as short", async () => {
    const { reader, graphql } = serve({
      people: [],
      organizations: { o: crowd(900) },
      schema: uncounted,
      bend: (connection, _id, query) => {
        if (query !== 3) return connection;
        const edges = connection.edges.slice(0, 2);
        return { ...connection, edges, pageInfo: { hasNextPage: true, endCursor: "2" } };
      },
    });
    expect(await reader.readOrganizationMembers(["o"])).toMatchObject(new Map([["o", { state: "complete" }]]));
    expect(countPages(graphql)).toBeLessThanOrEqual(7);
  });
});
