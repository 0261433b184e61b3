import { describe, expect, it } from "vitest";
import type { PlatformReader, WantedMember } from "../../src/model/platform.ts";
import { type ScriptedGraphql, type ScriptedGraphqlOptions, scriptGraphql } from "../support/scripted-graphql.ts";
import { connectScripted } from "../support/scripted-platform.ts";

function serve(options: ScriptedGraphqlOptions): {
  readonly reader: PlatformReader;
  readonly graphql: ScriptedGraphql;
} {
  const graphql = scriptGraphql(options);
  const { reader } = connectScripted((request) => graphql.reply(request));
  return { reader, graphql };
}

const want = (space: string, user: string): WantedMember => ({ space, user, email: `${user}@example.com` });

/** Those who were found, with their roles. */
async function find(reader: PlatformReader, ...wanted: readonly WantedMember[]): Promise<readonly string[]> {
  const found = await reader.findSpaceMembers(wanted);
  return [...found].map(([{ space, user }, row]) => `${space}/${user} ${row.userId} ${row.role ?? row.membership}`);
}

const searches = ({ queries }: ScriptedGraphql): number =>
  queries.filter((query) => query.startsWith("query FindMembers")).length;

describe("finding single members of spaces", () => {
  it("tells their entries as whole lists do, of several spaces in one query", async () => {
    const { reader, graphql } = serve({
      spaces: {
        s1: [{ userId: "ana", role: "admin" }, { userId: "ben" }],
        s2: [{ userId: "ana", role: null, membership: "ORGANIZATION_ADMIN" }],
      },
    });
    expect(await find(reader, want("s1", "ana"), want("s1", "ben"), want("s2", "ana"))).toEqual([
      "s1/ana ana admin",
      "s1/ben ben member",
      "s2/ana ana ORGANIZATION_ADMIN",
    ]);
    expect(searches(graphql)).toBe(1);
    const whole = (await reader.readSpaceMembers(["s1"])).get("s1");
    const [first] = (await reader.findSpaceMembers([want("s1", "ana")])).values();
    expect(whole).toMatchObject({ state: "complete" });
    expect(whole?.state === "complete" && whole.rows.find(({ userId }) => userId === "ana")).toEqual(first);
  });

  it("finds nobody in whom the searched address is only a part, nobody who is not there, and nobody in what is not there", async () => {
    const { reader } = serve({ spaces: { s1: [{ userId: "joana" }], s2: [] } });
    expect(await find(reader, want("s1", "ana"), want("s2", "ana"), want("s3", "ana"))).toEqual([]);
    expect(await find(reader)).toEqual([]);
  });

  it("does not find who stands behind too many others that fit, rather than to turn pages", async () => {
    const others = Array.from({ length: 6 }, (_, at) => ({ userId: `x${at}ana` }));
    const { reader, graphql } = serve({ spaces: { s1: [...others, { userId: "ana" }], s2: [{ userId: "ana" }] } });
    expect(await find(reader, want("s1", "ana"), want("s2", "ana"))).toEqual(["s2/ana ana member"]);
    expect(searches(graphql)).toBe(1);
  });

  it("fills queries as far as their cost allows", async () => {
    const spaces = Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`s${at}`, [{ userId: "ana" }]]));
    const { reader, graphql } = serve({ spaces });
    expect(await find(reader, ...Object.keys(spaces).map((space) => want(space, "ana")))).toHaveLength(40);
    expect(searches(graphql)).toBeLessThanOrEqual(3);
    expect(Math.max(...graphql.costs)).toBeLessThanOrEqual(1000);
  });

  it.each([true, false])(
    "is not asked of a server again that cannot search (introspection: %s)",
    async (introspection) => {
      const schema = (text: string): string => text.replace(", search: String", "");
      const { reader, graphql } = serve({ spaces: { s1: [{ userId: "ana" }] }, schema, introspection });
      expect(await find(reader, want("s1", "ana"))).toEqual([]);
      expect(await find(reader, want("s1", "ana"))).toEqual([]);
      expect(searches(graphql)).toBe(1);
      expect((await reader.readSpaceMembers(["s1"])).get("s1")).toMatchObject({ state: "complete" });
    },
  );

  it("leaves out what a server lacks, and finds nobody where there is no GraphQL", async () => {
    const schema = (text: string): string => text.replace(" email: String", "").replace(" userType: String", "");
    const { reader } = serve({ spaces: { s1: [{ userId: "ana" }] }, schema });
    expect(await find(reader, want("s1", "ana"))).toEqual(["s1/ana ana member"]);
    const silent = connectScripted(() => ({ status: 404 }));
    expect(await find(silent.reader, want("s1", "ana"))).toEqual([]);
  });

  it.each([
    ["somewhere in it", ["n0", "spaceUsers", "edges", 0, "node", "role"], ["s2/ana ana member"]],
    ["nobody knows where", undefined, []],
  ])("does not take an entry for whole where a fault is told, %s", async (_, path, found) => {
    const graphql = scriptGraphql({ spaces: { s1: [{ userId: "ana", role: null }], s2: [{ userId: "ana" }] } });
    const { reader } = connectScripted((request) => {
      const reply = graphql.reply(request);
      if (request.body?.includes("query FindMembers") !== true || !("body" in reply)) return reply;
      const errors = [{ message: "not now", ...(path !== undefined && { path }) }];
      return { ...reply, body: { ...(reply.body as object), errors } };
    });
    expect(await find(reader, want("s1", "ana"), want("s2", "ana"))).toEqual(found);
  });

  it("finds in one space what in another fails", async () => {
    const { reader } = serve({ spaces: { s1: [{ userId: "ana" }], s2: [{ userId: "ana" }] }, failing: ["s2"] });
    expect(await find(reader, want("s1", "ana"), want("s2", "ana"))).toEqual(["s1/ana ana member"]);
  });
});
