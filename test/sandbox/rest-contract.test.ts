import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Answer, TestAccount } from "../support/sandbox-account.ts";
import { startTestAccount } from "../support/sandbox-account.ts";

// What the vendor's clients cannot express: raw requests and raw answers.

const TYPES = "https://arize.com/docs/ax/rest-reference/errors";
const encode = (plain: string): string => Buffer.from(plain).toString("base64");

let account: TestAccount;
beforeAll(async () => {
  account = await startTestAccount();
});
afterAll(() => account.close());

const expectProblem = (answer: Answer, status: number, title: string, suffix: string): void => {
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  expect(answer.status).toBe(status);
  expect(answer.body).toEqual({
    status,
    title,
    type: `${TYPES}${suffix}`,
    detail: expect.any(String),
    instance: expect.stringMatching(/^\//),
  });
};

describe("errors", () => {
  test("are problems with the documented titles and types", async () => {
    const { rest } = account;
    const key = await account.keyOf(await account.person("errors"));
    const organization = await account.organization("errors");
    expectProblem(await rest("GET", "/v2/users?limit=0"), 400, "Invalid request parameters", "#invalid-request");
    expectProblem(
      await rest("GET", "/v2/users", undefined, "no"),
      401,
      "Authentication required",
      "#authentication-required",
    );
    expectProblem(
      await rest("POST", "/v2/organizations", { name: "x" }, key),
      403,
      "Access forbidden",
      "#access-forbidden",
    );
    expectProblem(
      await rest("GET", `/v2/organizations/${organization}`, undefined, key),
      404,
      "Resource not found",
      "#resource-not-found",
    );
    expectProblem(
      await rest("POST", "/v2/organizations", { name: "errors" }),
      409,
      "Resource conflict",
      "#resource-conflict",
    );
    expectProblem(
      await rest("POST", `/v2/organizations/${organization}/users`, {
        user_id: await account.person("custom"),
        role: { type: "CUSTOM", id: encode("Role:1:abcd") },
      }),
      422,
      "Unprocessable Entity",
      "#unprocessable-entity",
    );
  });

  test("come for unparseable bodies, unknown paths and the GraphQL header on REST", async () => {
    const { url, adminKey } = account.sandbox;
    const authorization = `Bearer ${adminKey}`;
    const broken = await fetch(`${url}/v2/organizations`, { method: "POST", headers: { authorization }, body: "{" });
    expect(broken.status).toBe(400);
    expect((await account.rest("GET", "/v2/nothing")).status).toBe(404);
    expect((await fetch(`${url}/v2/users`, { headers: { "x-api-key": adminKey } })).status).toBe(401);
    expect((await fetch(`${url}/v2/users`, { headers: { authorization: adminKey } })).status).toBe(401);
  });
});

describe("request bodies", () => {
  const member = { type: "PREDEFINED", name: "MEMBER" };
  const user = { name: "A", email: "closed@example.com", role: member, invite_mode: "NONE" };
  const broken: readonly [string, string, unknown][] = [
    ["POST", "/v2/users", { ...user, id: "x" }],
    ["POST", "/v2/users", { ...user, email: "nonsense" }],
    ["POST", "/v2/users", { ...user, name: "x".repeat(256) }],
    ["POST", "/v2/users", { ...user, role: "MEMBER" }],
    ["POST", "/v2/users", { ...user, role: { ...member, id: "x" } }],
    ["POST", "/v2/users", { ...user, invite_mode: "none" }],
    ["POST", "/v2/organizations", { name: "x", is_private: true }],
    ["POST", "/v2/organizations", { name: "x".repeat(256) }],
    ["POST", "/v2/organizations", { name: "x", description: "d".repeat(1001) }],
    ["POST", "/v2/roles", { name: "r", permissions: [] }],
    ["POST", "/v2/roles", { name: "r", permissions: ["ROLE_CREATE"] }],
    ["POST", "/v2/roles", { name: "r", permissions: ["PROJECT_READ"], is_predefined: false }],
    ["POST", "/v2/role-bindings", { role_id: "x", user_id: "x", resource_type: "DASHBOARD", resource_id: "x" }],
    ["POST", "/v2/resource-restrictions", { resource_id: "x", resource_type: "PROJECT" }],
    ["POST", "/v2/api-keys", { key_type: "USER", name: "k", organizations: [] }],
    ["POST", "/v2/api-keys", { key_type: "SERVICE", name: "k", organizations: [] }],
    ["POST", "/v2/api-keys", { key_type: "USER", name: "k", expires_at: "tomorrow" }],
  ];
  test.each(broken)("%s %s is closed: %j", async (method, path, body) => {
    expect((await account.rest(method, path, body)).status).toBe(400);
  });

  test("of a change need at least one property", async () => {
    const organization = await account.organization("at least one");
    expect((await account.rest("PATCH", `/v2/organizations/${organization}`, {})).status).toBe(400);
    const blank = await account.rest("PATCH", `/v2/users/${await account.person("blank")}`, { name: "   " });
    expect(blank.status).toBe(400);
  });

  test("clear a description with null or an empty text; roles then omit it, the others show an empty text", async () => {
    const organization = await account.organization("described");
    const path = `/v2/organizations/${organization}`;
    await account.rest("PATCH", path, { description: "d" });
    expect((await account.rest("PATCH", path, { description: null })).body.description).toBe("");
    const role = await account.role("described", ["PROJECT_READ"]);
    await account.rest("PATCH", `/v2/roles/${role}`, { description: "d" });
    const cleared = await account.rest("PATCH", `/v2/roles/${role}`, { description: "" });
    expect(Object.keys(cleared.body)).not.toContain("description");
  });
});

describe("answers", () => {
  test("have exactly the fields of the contract", async () => {
    const organization = await account.organization("fields");
    const space = await account.space(organization, "fields");
    const project = await account.project(space, "fields");
    const role = await account.role("fields", ["PROJECT_READ"]);
    const user = await account.person("fields");
    await account.joinOrganization(organization, user, "MEMBER");
    const binding = (await account.bind(role, user, "PROJECT", project)).body;
    const restriction = (await account.rest("POST", "/v2/resource-restrictions", { resource_id: project })).body;
    const key = (await account.rest("POST", "/v2/api-keys", { key_type: "USER", name: "k" })).body;
    const read = async (path: string): Promise<object> => (await account.rest("GET", path)).body;
    const fields = (body: object): string => Object.keys(body).sort().join(" ");
    expect(fields(await read(`/v2/users/${user}`))).toBe("created_at email id is_developer name role status");
    expect(fields(await read(`/v2/organizations/${organization}`))).toBe("created_at description id name");
    expect(fields(await read(`/v2/spaces/${space}`))).toBe("created_at description id is_private name");
    expect(fields(await read(`/v2/projects/${project}`))).toBe("created_at id name space_id");
    expect(fields(await read(`/v2/roles/${role}`))).toBe("created_at id is_predefined name permissions updated_at");
    expect(fields(binding)).toBe("created_at id resource_id resource_type role_id updated_at user_id");
    expect(fields(restriction)).toBe("created_at resource_id resource_type");
    expect(fields(key)).toBe("created_at created_by_user_id id key key_type name redacted_key status");
  });
});

describe("IDs", () => {
  test("that are malformed or of another kind are refused with 400, unknown ones with 404", async () => {
    const space = await account.space(await account.organization("ids"), "ids");
    const statusOf = async (path: string): Promise<number> => (await account.rest("GET", path)).status;
    expect(await statusOf("/v2/spaces/nonsense")).toBe(400);
    expect(await statusOf(`/v2/users/${space}`)).toBe(400);
    expect(await statusOf(`/v2/spaces/${encode("Space:1")}`)).toBe(404);
    expect(await statusOf(`/v2/spaces/${encode("Space:1:XXXX")}`)).toBe(404);
    expect(await statusOf(`/v2/role-bindings/${encode("RoleBinding:99999999999")}`)).toBe(404);
    expect(await statusOf(`/v2/spaces/${space.replace(/=+$/, "")}`)).toBe(200);
  });
});

describe("lists", () => {
  const walk = async (each: TestAccount, path: string, collection: string): Promise<Answer["body"][]> => {
    const pages: Answer["body"][] = [];
    let cursor: string | undefined;
    do {
      const next = cursor === undefined ? "" : `&cursor=${encodeURIComponent(cursor)}`;
      const { body } = await each.rest("GET", `${path}${next}`);
      expect(Object.hasOwn(body.pagination, "next_cursor")).toBe(body.pagination.has_more);
      pages.push(body[collection]);
      cursor = body.pagination.next_cursor;
    } while (cursor !== undefined && pages.length < 50);
    return pages;
  };

  test("are cut into pages that together hold everything once, even while rows come and go", async () => {
    const names = ["p1", "p2", "p3", "p4", "p5"];
    const ids = [];
    for (const name of names) ids.push(await account.organization(`paged ${name}`));
    const pages = await walk(account, "/v2/organizations?name=PAGED&limit=2", "organizations");
    expect(pages.map((page) => page.length)).toEqual([2, 2, 1]);
    const first = await account.rest("GET", "/v2/organizations?name=paged&limit=2");
    await account.rest("DELETE", `/v2/organizations/${ids[1]}`);
    const cursor = first.body.pagination.next_cursor;
    const second = await account.rest("GET", `/v2/organizations?name=paged&limit=2&cursor=${cursor}`);
    expect(second.body.organizations.map((row: { id: string }) => row.id)).toEqual([ids[2], ids[3]]);
  });

  test("refuse limits out of range, foreign cursors and unknown words with 400", async () => {
    const statusOf = async (path: string): Promise<number> => (await account.rest("GET", path)).status;
    for (const limit of ["0", "101", "x", "1.5"]) expect(await statusOf(`/v2/users?limit=${limit}`)).toBe(400);
    expect(await statusOf("/v2/users?limit=100")).toBe(200);
    expect(await statusOf("/v2/users?cursor=nonsense")).toBe(400);
    const { next_cursor } = (await account.rest("GET", "/v2/roles?limit=1")).body.pagination;
    expect(await statusOf(`/v2/roles?limit=2&cursor=${next_cursor}`)).toBe(200);
    expect(await statusOf(`/v2/roles?is_predefined=true&cursor=${next_cursor}`)).toBe(400);
    expect(await statusOf(`/v2/users?cursor=${next_cursor}`)).toBe(400);
    expect(await statusOf("/v2/users?status=INACTIVE")).toBe(400);
    expect(await statusOf("/v2/role-bindings")).toBe(400);
    expect(await statusOf("/v2/roles?is_predefined=perhaps")).toBe(400);
    expect(await statusOf(`/v2/organizations?name=${"x".repeat(256)}`)).toBe(400);
  });

  test("can have empty pages with more to come, and an order that means nothing", async () => {
    const each = await startTestAccount({ switches: { emptyPages: "all", shuffle: true } });
    for (const name of ["a", "b", "c", "d", "e", "f"]) await each.organization(name);
    const pages = await walk(each, "/v2/organizations?limit=4", "organizations");
    expect(pages.map((page) => page.length)).toEqual([0, 4, 0, 2]);
    const names = pages.flat().map((row) => row.name);
    expect([...names].sort()).toEqual(["a", "b", "c", "d", "e", "f"]);
    expect(names).not.toEqual(["a", "b", "c", "d", "e", "f"]);
    await each.close();
  });

  test("of restrictions are filtered after reading, so a caller may meet empty pages before the end", async () => {
    const organization = await account.organization("filtered");
    const hidden = await account.space(organization, "hidden", true);
    const open = await account.space(organization, "open");
    const user = await account.person("filtered");
    await account.joinOrganization(organization, user, "MEMBER");
    await account.joinSpace(open, user, "ADMIN");
    const projects = [];
    for (const name of ["1", "2"]) projects.push(await account.project(hidden, name));
    projects.push(await account.project(open, "3"));
    for (const resource_id of projects) await account.rest("POST", "/v2/resource-restrictions", { resource_id });
    const key = await account.keyOf(user);
    const first = await account.rest("GET", "/v2/resource-restrictions?limit=1", undefined, key);
    expect(first.body).toMatchObject({ resource_restrictions: [], pagination: { has_more: true } });
  });
});
