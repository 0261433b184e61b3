import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { FaultRule } from "../../src/sandbox/start-sandbox.ts";
import type { TestAccount } from "../support/sandbox-account.ts";
import { startTestAccount } from "../support/sandbox-account.ts";

let account: TestAccount;
beforeEach(async () => {
  account = await startTestAccount();
});
afterEach(() => account.close());

const raw = (method: string, path: string, body?: unknown): Promise<Response> =>
  fetch(`${account.sandbox.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${account.sandbox.adminKey}` },
    body: body === undefined ? null : JSON.stringify(body),
  });
const names = async (): Promise<string[]> =>
  (await account.rest("GET", "/v2/organizations")).body.organizations.map((row: { name: string }) => row.name);

describe("faults", () => {
  test("strike the requests they name, counted among those that match", async () => {
    account.sandbox.setFaults([
      { operation: "get_role", nth: 2, times: 2, effect: { kind: "status", status: 503, retryAfter: "7" } },
    ]);
    const id = await account.role("r", ["PROJECT_READ"]);
    const seen = [];
    for (let n = 0; n < 4; n += 1) {
      const response = await raw("GET", `/v2/roles/${id}`);
      seen.push(response.status);
      if (response.status === 503) expect(response.headers.get("retry-after")).toBe("7");
    }
    expect(seen).toEqual([200, 503, 503, 200]);
  });

  test.each([
    ["problem", "application/problem+json", /"status":502/],
    ["json", "application/json", /injected/],
    ["html", "text/html", /<html>/],
    ["empty", null, /^$/],
  ] as const)("answer with a body that is %s", async (body, type, text) => {
    account.sandbox.setFaults([{ path: "/v2/organiz*", effect: { kind: "status", status: 502, body } }]);
    const response = await raw("POST", "/v2/organizations", { name: "never" });
    expect(response.status).toBe(502);
    if (type !== null) expect(response.headers.get("content-type")).toContain(type);
    expect(await response.text()).toMatch(text);
    expect(await names()).toEqual([]);
  });

  test("after the work lose the answer but not its effect", async () => {
    account.sandbox.setFaults([
      { method: "POST", stage: "after", effect: { kind: "status", status: 500, body: "empty" } },
      { method: "POST", nth: 2, stage: "after", effect: { kind: "reset" } },
    ]);
    expect((await raw("POST", "/v2/organizations", { name: "one" })).status).toBe(500);
    await expect(raw("POST", "/v2/organizations", { name: "two" })).rejects.toThrow();
    expect(await names()).toEqual(["one", "two"]);
    expect(account.sandbox.log.map((entry) => entry.status)).toEqual([500, 0, 200]);
  });

  test("before the work reset the connection without effect", async () => {
    account.sandbox.setFaults([{ method: "POST", effect: { kind: "reset" } }]);
    await expect(raw("POST", "/v2/organizations", { name: "one" })).rejects.toThrow();
    expect(await names()).toEqual([]);
  });

  test("cut JSON short, repeat a cursor, and delay", async () => {
    const rules: readonly FaultRule[] = [
      { operation: "list_roles", effect: { kind: "truncate" } },
      { operation: "list_roles", nth: 2, times: 2, effect: { kind: "repeat-cursor" } },
      { operation: "list_users", effect: { kind: "delay", ms: 2 } },
    ];
    account.sandbox.setFaults(rules);
    const cut = await (await raw("GET", "/v2/roles")).text();
    expect(() => JSON.parse(cut)).toThrow();
    const first = (await account.rest("GET", "/v2/roles?limit=2")).body.pagination;
    const second = (await account.rest("GET", `/v2/roles?limit=2&cursor=${first.next_cursor}`)).body.pagination;
    expect(second).toEqual({ has_more: true, next_cursor: first.next_cursor });
    expect((await account.rest("GET", "/v2/users")).status).toBe(200);
  });

  test("strike GraphQL operations by name", async () => {
    account.sandbox.setFaults([{ operation: "Me", effect: { kind: "status", status: 429, retryAfter: "1" } }]);
    expect((await account.graphql("query Other { viewer { id } }")).status).toBe(200);
    expect((await account.graphql("query Me { viewer { id } }")).status).toBe(429);
  });
});

describe("control endpoints", () => {
  test("set faults and switches and read the log, for the admin's key only", async () => {
    const key = await account.keyOf(await account.person("nosy"));
    expect((await account.rest("GET", "/_sandbox/log", undefined, key)).status).toBe(401);
    const rule = { path: "/v2/users", effect: { kind: "status", status: 503 } };
    expect((await account.rest("POST", "/_sandbox/faults", rule)).body).toEqual([{ rule, matched: 0 }]);
    expect((await account.rest("GET", "/v2/users")).status).toBe(503);
    expect((await account.rest("GET", "/_sandbox/faults")).body).toEqual([{ rule, matched: 1 }]);
    expect((await account.rest("PUT", "/_sandbox/faults", [])).body).toEqual([]);
    expect((await account.rest("DELETE", "/_sandbox/faults")).status).toBe(204);
    expect((await account.rest("POST", "/_sandbox/faults", { path: "/" })).status).toBe(400);
    const changed = await account.rest("PATCH", "/_sandbox/switches", { complexityLimit: null, shuffle: true });
    expect(changed.body.shuffle).toBe(true);
    expect((await account.rest("GET", "/_sandbox/switches")).body).not.toHaveProperty("complexityLimit");
    expect((await account.rest("PATCH", "/_sandbox/switches", { nonsense: 1 })).status).toBe(400);
    const logged = (await account.rest("GET", "/_sandbox/log")).body;
    expect(logged.map((entry: { operation: string }) => entry.operation)).toEqual(["create_user", "list_users"]);
    expect((await account.rest("GET", "/_sandbox/nothing")).status).toBe(404);
  });
});

describe("switches", () => {
  test("an unknown name or contract is an error at the start", async () => {
    await expect(startTestAccount({ switches: { nonsense: true } as never })).rejects.toThrow("nonsense");
    await expect(startTestAccount({ switches: { contract: "1.0" as never } })).rejects.toThrow("1.0");
  });

  test("the REST rate limit answers 429 with Retry-After", async () => {
    account.sandbox.setSwitches({ restRequestsPerMinute: 2 });
    const statuses = [];
    for (let n = 0; n < 3; n += 1) statuses.push((await raw("GET", "/v2/users")).status);
    expect(statuses).toEqual([200, 200, 429]);
    account.advance(59_000);
    expect((await raw("GET", "/v2/users")).headers.get("retry-after")).toBe("1");
    account.advance(1_000);
    expect((await raw("GET", "/v2/users")).status).toBe(200);
  });

  test("latency and jitter delay every answer", async () => {
    account.sandbox.setSwitches({ latencyMs: 1, latencyJitterMs: 2 });
    expect((await raw("GET", "/v2/users")).status).toBe(200);
  });

  test("the contract of September 2026 moves what it is documented to move", async () => {
    const each = await startTestAccount({ switches: { contract: "2026-09" } });
    const user = {
      name: "A",
      email: "a@example.com",
      role: { type: "PREDEFINED", name: "MEMBER" },
      invite_mode: "NONE",
    };
    expect((await each.rest("POST", "/v2/users", { ...user, is_developer: true })).status).toBe(400);
    expect((await each.rest("POST", "/v2/users", user)).status).toBe(201);
    expect((await each.rest("POST", "/v2/roles", { name: "a*b", permissions: ["PROJECT_READ"] })).status).toBe(400);
    expect((await each.rest("POST", "/v2/roles", { name: "a", permissions: ["ROLE_CREATE"] })).status).toBe(201);
    const types = async (query: string): Promise<string[]> =>
      (await each.rest("GET", `/v2/resource-restrictions${query}`)).body.resource_restrictions.map(
        (row: { resource_type: string }) => row.resource_type,
      );
    expect(await types("")).toEqual(["DASHBOARD"]);
    expect(await types("?resource_type=PROJECT")).toEqual([]);
    const organization = await each.organization("o");
    const space_id = await each.space(organization, "s");
    const wanted = {
      key_type: "SERVICE",
      name: "k",
      organizations: [{ org_id: organization, spaces: [{ space_id }] }],
    };
    const { bot_user } = (await each.rest("POST", "/v2/api-keys", wanted)).body;
    expect((await each.rest("GET", `/v2/api-keys?space_id=${space_id}`)).body.api_keys[0].bot_user).toEqual(bot_user);
    await each.close();
  });

  test("the contract of July 2026 knows no privacy of spaces, and old servers spell enums in lower case", async () => {
    const each = await startTestAccount({ switches: { contract: "2026-07", enumSpelling: "old" } });
    const organization_id = await each.organization("o");
    const wanted = { name: "s", organization_id, is_private: true };
    expect((await each.rest("POST", "/v2/spaces", wanted)).status).toBe(400);
    const id = await each.person("old");
    expect((await each.rest("GET", `/v2/users/${id}`)).body).toMatchObject({
      status: "active",
      role: { type: "predefined", name: "member" },
    });
    const role = { type: "predefined", name: "read-only" };
    const joined = await each.rest("POST", `/v2/organizations/${organization_id}/users`, { user_id: id, role });
    expect(joined.body.role).toEqual(role);
    await each.close();
  });

  test("audit logs can be switched off, and are filtered by time, user and type", async () => {
    await account.organization("audited");
    const path = "/v2/audit-logs?operation_type=MUTATION";
    expect((await account.rest("GET", path)).body.logs).toHaveLength(1);
    await account.graphql("query Seen($x: String) { account { users(first: 1, search: $x) { edges { cursor } } } }", {
      x: "a",
    });
    const [latest] = (await account.rest("GET", "/v2/audit-logs?operation_type=QUERY&limit=1")).body.logs;
    expect(latest).toMatchObject({ operation_name: "Seen", variables: '{"x":"a"}', ip: "127.0.0.1" });
    expect((await account.rest("GET", `${path}&end_time=2026-01-01T00:00:00Z`)).body.logs).toEqual([]);
    expect((await account.rest("GET", "/v2/audit-logs?start_time=soon")).status).toBe(400);
    account.sandbox.setSwitches({ auditLogEnabled: false });
    expect((await account.rest("GET", path)).status).toBe(403);
  });

  test("the creator of an organization and a space becomes a member by switch", async () => {
    account.sandbox.setSwitches({ creatorBecomesMember: true, adminsHideExplicitMembership: false });
    const space = await account.space(await account.organization("o"), "s");
    const { body } = await account.graphql(
      "query($id: ID!) { node(id: $id) { ... on Space { spaceUsers(first: 5) { edges { node { role membership } } } } } }",
      { id: space },
    );
    expect(body.data.node.spaceUsers.edges).toEqual([{ node: { role: "admin", membership: "EXPLICIT_MEMBERSHIP" } }]);
  });

  test("a refreshed key can keep its id, and revoking can remove the bot", async () => {
    account.sandbox.setSwitches({ refreshKeepsId: true, revokeRemovesBotUser: true });
    const org_id = await account.organization("o");
    const space_id = await account.space(org_id, "s");
    const wanted = { key_type: "SERVICE", name: "k", organizations: [{ org_id, spaces: [{ space_id }] }] };
    const { id, bot_user, key } = (await account.rest("POST", "/v2/api-keys", wanted)).body;
    const refreshed = (await account.rest("POST", `/v2/api-keys/${id}/refresh`)).body;
    expect(refreshed.id).toBe(id);
    expect((await account.rest("GET", "/v2/spaces", undefined, key)).status).toBe(401);
    expect((await account.rest("GET", "/v2/spaces", undefined, refreshed.key)).status).toBe(200);
    await account.rest("PUT", `/v2/api-keys/${id}/revoke`);
    expect((await account.rest("GET", `/v2/users/${bot_user.id}`)).status).toBe(404);
  });
});
