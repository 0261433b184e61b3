import { describe, expect, test } from "vitest";
import { describeEntry, scriptGraphql } from "../support/scripted-graphql.ts";
import { connectScripted } from "../support/scripted-platform.ts";

/** Well more than a call can have arguments, of which there may be some hundred and twenty thousand. */
const MANY = 300_000;
const USERS = { path: "/v2/users", query: {}, collection: "users" };

describe("lists that never end are given up", () => {
  test("with nothing new on any page", async () => {
    const { reader, net } = connectScripted((_request, count) => ({
      status: 200,
      body: { users: [{ id: "same" }], pagination: { has_more: true, next_cursor: String(count) } },
    }));
    await expect(reader.list(USERS)).rejects.toThrow("went on for 100 pages without anything new");
    expect(net.requests).toHaveLength(102);
  });

  test("with something new on every page", async () => {
    const { reader } = connectScripted((_request, count) => ({
      status: 200,
      body: {
        users: Array.from({ length: 50_000 }, (_, at) => ({ id: `${count}-${at}` })),
        pagination: { has_more: true, next_cursor: String(count) },
      },
    }));
    await expect(reader.list(USERS)).rejects.toThrow("did not end after 1000000 rows");
  });

  test("with a little that is very long on every page", async () => {
    const name = "x".repeat(30_000_000);
    const { reader } = connectScripted((_request, count) => ({
      status: 200,
      body: `{"users":[{"id":"${count}","name":"${name}"}],"pagination":{"has_more":true,"next_cursor":"${count}"}}`,
    }));
    await expect(reader.list(USERS)).rejects.toThrow("characters");
  });

  test("of members: the place counts as not read", async () => {
    const entry = { node: describeEntry({ userId: "u" }) };
    const graphql = scriptGraphql({
      spaces: { s: [{ userId: "u" }, { userId: "v" }] },
      bend: (connection, _id, query) => ({
        ...connection,
        edges: [entry],
        pageInfo: { hasNextPage: true, endCursor: `${query}` },
      }),
    });
    const { reader } = connectScripted((request) => graphql.reply(request));
    const reading = (await reader.readSpaceMembers(["s"])).get("s");
    expect(reading).toEqual({ state: "unreadable", because: expect.stringContaining("without anything new") });
  });

  test("one page of a million", async () => {
    const users = Array.from({ length: 1_000_000 }, (_, at) => ({ id: String(at) }));
    const { reader } = connectScripted(() => ({ status: 200, body: { users, pagination: { has_more: false } } }));
    expect(await reader.list(USERS)).toHaveLength(1_000_000);
  });

  test("very many errors of GraphQL", async () => {
    const errors = Array.from({ length: MANY }, () => ({ message: "no", path: [{ toString: 1 }, 1, "n0"] }));
    const body = JSON.stringify({ errors });
    const { reader } = connectScripted(() => ({ status: 200, body }));
    expect((await reader.readIdentityProviders()).state).toBe("unreadable");
  });

  test("very many identity providers on a page", async () => {
    const node = '{"node":{"id":"p","emailDomainsList":[],"roleMappings":[]}}';
    const edges = `${`${node},`.repeat(MANY - 1)}${node}`;
    const body = `{"data":{"account":{"samlIdPs":{"pageInfo":{"hasNextPage":false},"edges":[${edges}]}}}}`;
    const { reader } = connectScripted(() => ({ status: 200, body }));
    const reading = await reader.readIdentityProviders();
    expect(reading.state === "complete" && reading.rows.length).toBe(MANY);
  });
});

describe("what all lists of a connection hold together is bounded", () => {
  // A bracket weighs as much as 33 characters, so that these pages are long without taking much memory: some 99 million each.
  const name = "{".repeat(3_000_000);
  const listOf = (place: string) => ({ path: `/v2/${place}`, query: {}, collection: "rows" });

  test("however many they are, and whether they end", async () => {
    const { reader, net } = connectScripted((request, count) => ({
      status: 200,
      body: `{"rows":[{"id":"${count}","name":"${name}"}],"pagination":{"has_more":${request.url.includes("endless")},"next_cursor":"${count}"}}`,
    }));
    for (const place of ["a", "b", "c", "d", "e"]) expect(await reader.list(listOf(place))).toHaveLength(1);
    await expect(reader.list(listOf("f"))).rejects.toMatchObject({
      failure: "protocol",
      message: expect.stringContaining("GET /v2/f did not end within the 536870912 characters"),
    });
    // What is read again counts once, and what was given up counts no more.
    for (const place of ["a", "b", "c", "a", "b", "c"]) expect(await reader.list(listOf(place))).toHaveLength(1);
    const before = net.requests.length;
    const lists = ["endless-1", "endless-2", "a", "b", "c", "d"].map((place) => reader.list(listOf(place)));
    const states = (await Promise.allSettled(lists)).map(({ status }) => status);
    expect(states).toContain("rejected");
    expect(net.requests.length - before).toBeLessThan(20);
  });

  test("a page of nothing but brackets is not even read", async () => {
    const body = `{"rows":[{"id":"1","x":[${"{},".repeat(13_000_000)}{}]}],"pagination":{"has_more":false}}`;
    const { reader } = connectScripted(() => ({ status: 200, body }));
    await expect(reader.list(listOf("a"))).rejects.toThrow("did not end within");
    const graphql = connectScripted(() => ({ status: 200, body }));
    expect(await graphql.reader.readIdentityProviders()).toMatchObject({ state: "unreadable" });
  });

  test("members too, one long entry on every page", async () => {
    let page = 0;
    const graphql = scriptGraphql({
      spaces: { s: [{ userId: "u" }], t: [{ userId: "u" }] },
      bend: (connection, id) => {
        page += 1;
        const entry = { node: describeEntry({ userId: `${name}${page}` }) };
        return id === "s"
          ? { ...connection, edges: [entry], pageInfo: { hasNextPage: true, endCursor: `${page}` } }
          : connection;
      },
    });
    const { reader } = connectScripted((request) => graphql.reply(request));
    const readings = await reader.readSpaceMembers(["s", "t"]);
    const because = expect.stringContaining("did not end within the 536870912 characters");
    expect(readings.get("s")).toEqual({ state: "unreadable", because });
    expect(readings.get("t")).toMatchObject({ state: "complete" });
    expect(page).toBeLessThan(20);
    // The list that was given up holds nothing any more.
    expect((await reader.readSpaceMembers(["t"])).get("t")).toMatchObject({ state: "complete" });
  });

  test("many answers at once of which each is short enough", async () => {
    const spaces = Object.fromEntries(Array.from({ length: 600 }, (_, at) => [`s${at}`, [{ userId: "u" }]]));
    const graphql = scriptGraphql({
      spaces,
      // Read, and kept as unknown: what is heavy is the answers alone.
      bend: (connection) => ({
        ...connection,
        edges: [{ node: describeEntry({ userId: "u", membership: name.slice(0, 100_000) }) }],
      }),
    });
    const { reader } = connectScripted((request) => graphql.reply(request));
    const states = [...(await reader.readSpaceMembers(Object.keys(spaces))).values()].map(({ state }) => state);
    expect(new Set(states)).toContain("unreadable");
  });

  test("identity providers, page by page", async () => {
    const { reader } = connectScripted((_request, count) => ({
      status: 200,
      body: `{"data":{"account":{"samlIdPs":{"pageInfo":{"hasNextPage":true,"endCursor":"${count}"},"edges":[{"node":{"id":"p","metadataXml":"${name}"}}]}}}}`,
    }));
    expect(await reader.readIdentityProviders()).toEqual({
      state: "unreadable",
      because: expect.stringContaining("did not end within"),
    });
  });
});

test("answers nested too deeply, and errors with objects for texts, are breaches of the protocol", async () => {
  const deep = "[".repeat(50_000) + "]".repeat(50_000);
  const nested = connectScripted(() => ({ status: 200, body: `{"users":[{"id":"1","organizations":${deep}}]}` }));
  await expect(nested.reader.list(USERS)).rejects.toMatchObject({ failure: "protocol" });
  const body = { errors: [{ message: { toString: 1, valueOf: 1 }, extensions: { code: { toString: 1 }, rate: 1 } }] };
  const odd = connectScripted(() => ({ status: 200, body }));
  expect((await odd.reader.readIdentityProviders()).state).toBe("unreadable");
});
