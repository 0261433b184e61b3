import { describe, expect, it } from "vitest";
import type { Caller } from "../../src/model/platform.ts";
import { scriptGraphql } from "../support/scripted-graphql.ts";
import type { ScriptedReply } from "../support/scripted-net.ts";
import { connectScripted } from "../support/scripted-platform.ts";

const ADMIN = { id: "me", email: "Me@Example.com", status: "ACTIVE", role: { type: "PREDEFINED", name: "ADMIN" } };

const withoutRole = (text: string): string => text.replace(" accountRole: String", "");

function users(...rows: readonly object[]): ScriptedReply {
  return { status: 200, body: { users: rows, pagination: { has_more: false } } };
}

async function identify(rest: ScriptedReply, options: Parameters<typeof scriptGraphql>[0] = {}): Promise<Caller> {
  const graphql = scriptGraphql(options);
  const { reader } = connectScripted((request) => (request.method === "POST" ? graphql.reply(request) : rest));
  return reader.identify();
}

describe("identify", () => {
  it("names the caller and confirms the account admin", async () => {
    expect(await identify(users({ ...ADMIN, id: "other", email: "some@example.com" }, ADMIN))).toEqual({
      userId: "me",
      email: "me@example.com",
      accountName: "Example",
      accountAdmin: "yes",
      graphql: "available",
    });
  });

  it("tells the account's name without looking the caller up, as far as GraphQL tells it", async () => {
    const graphql = scriptGraphql({});
    const { reader, net } = connectScripted((request) => graphql.reply(request));
    expect(await reader.nameAccount()).toBe("Example");
    expect(net.requests.map(({ method }) => method)).toEqual(["POST"]);
    const silent = connectScripted(() => ({ status: 404 }));
    expect(await silent.reader.nameAccount()).toBeUndefined();
  });

  it.each([
    ["one that tells of its schema", {}, 1],
    ["one that lacks a field, and still tells of its schema", { schema: withoutRole }, 2],
    ["one that refuses introspection", { introspection: false }, 2],
  ])("asks %s for the caller and the schema at once", async (_, options, queries) => {
    const graphql = scriptGraphql(options);
    const { reader, net } = connectScripted((request) => graphql.reply(request));
    await reader.nameAccount();
    expect(net.requests).toHaveLength(queries);
    const asksForSchema = net.requests.map(({ body }) => body?.includes("__type(") === true);
    expect(asksForSchema.at(-1)).toBe(!("introspection" in options));
    expect(await reader.readsOrganizationRoles()).toBe(true);
    // What was told of the schema is not asked for again, only what it names otherwise; without it, the server's validation is asked.
    const again = net.requests.slice(queries);
    expect(again.filter(({ body }) => body?.includes('__type(name: \\"Space\\")') === true)).toEqual([]);
    if ("introspection" in options) expect(again).toHaveLength(1);
  });

  it.each([
    [
      "an older server's spelling",
      users({ ...ADMIN, status: "active", role: { type: "predefined", name: "admin" } }),
      "yes",
    ],
    ["a member", users({ ...ADMIN, role: { type: "PREDEFINED", name: "MEMBER" } }), "no"],
    ["a custom role called ADMIN", users({ ...ADMIN, role: { type: "CUSTOM", id: "r", name: "ADMIN" } }), "no"],
    ["an admin who is not active", users({ ...ADMIN, status: "INVITED" }), "no"],
    [
      "only somebody whose address contains the caller's",
      users({ ...ADMIN, id: "x", email: "me@example.com.au" }),
      "yes",
    ],
    ["nobody, like a bot", users(), "yes"],
    ["nobody, by 404", { status: 404 }, "yes"],
    ["403, which an admin would not get", { status: 403 }, "unknown"],
  ])("judges a caller whom REST shows as %s", async (_, rest, wanted) => {
    // GraphQL says admin throughout: REST decides where it knows the user.
    expect((await identify(rest)).accountAdmin).toBe(wanted);
  });

  it("believes GraphQL's account role about a bot, and knows nothing where there is none", async () => {
    const member = { id: "bot", email: "bot@example.com", accountRole: "member" };
    expect((await identify(users(), { viewer: member })).accountAdmin).toBe("no");
    const schema = withoutRole;
    expect((await identify(users(), { schema })).accountAdmin).toBe("unknown");
    expect((await identify(users(ADMIN), { schema })).accountAdmin).toBe("yes");
  });

  it("asks by id where GraphQL tells no address", async () => {
    const caller = await identify({ status: 200, body: ADMIN }, { viewer: { id: "me" } });
    expect(caller).toMatchObject({ userId: "me", email: "Me@Example.com", accountAdmin: "yes" });
  });

  it("goes without viewer where that fails, and GraphQL is still there", async () => {
    const caller = await identify(users(ADMIN), { viewer: new Error("not for keys") });
    expect(caller).toMatchObject({ userId: undefined, accountAdmin: "unknown", graphql: "available" });
  });

  it("ends the run where REST does not accept the key", async () => {
    await expect(identify({ status: 401 })).rejects.toMatchObject({ failure: "unauthenticated" });
  });
});
