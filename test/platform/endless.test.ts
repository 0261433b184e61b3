import { describe, expect, test } from "vitest";
import { describeEntry, scriptGraphql } from "../support/scripted-graphql.ts";
import { connectScripted } from "../support/scripted-platform.ts";

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

  test("a million errors of GraphQL", async () => {
    const errors = Array.from({ length: 1_000_000 }, () => ({ message: "no", path: [{ toString: 1 }, 1, "n0"] }));
    const body = JSON.stringify({ errors });
    const { reader } = connectScripted(() => ({ status: 200, body }));
    expect((await reader.readIdentityProviders()).state).toBe("unreadable");
  });

  test("half a million identity providers on a page", async () => {
    const node = '{"node":{"id":"p","emailDomainsList":[],"roleMappings":[]}}';
    const edges = `${`${node},`.repeat(499_999)}${node}`;
    const body = `{"data":{"account":{"samlIdPs":{"pageInfo":{"hasNextPage":false},"edges":[${edges}]}}}}`;
    const { reader } = connectScripted(() => ({ status: 200, body }));
    const reading = await reader.readIdentityProviders();
    expect(reading.state === "complete" && reading.rows.length).toBe(500_000);
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
