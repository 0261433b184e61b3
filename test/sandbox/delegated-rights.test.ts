import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Answer, TestAccount } from "../support/sandbox-account.ts";
import { startTestAccount } from "../support/sandbox-account.ts";

// What callers below the account admin may do: organization admins, space admins, creators of keys, holders of custom roles.

let account: TestAccount;
let organization: string;
let space: string;
let counter = 0;

beforeAll(async () => {
  account = await startTestAccount();
  organization = await account.organization("delegated");
  space = await account.space(organization, "delegated");
});
afterAll(() => account.close());

interface Person {
  readonly id: string;
  readonly call: (method: string, path: string, body?: unknown) => Promise<Answer>;
}

async function makePerson(orgRole: string, spaceRole?: string): Promise<Person> {
  const id = await account.person(`d${++counter}`);
  await account.joinOrganization(organization, id, orgRole);
  if (spaceRole !== undefined) await account.joinSpace(space, id, spaceRole);
  const key = await account.keyOf(id);
  return { id, call: (method, path, body) => account.rest(method, path, body, key) };
}

async function makeHolder(permissions: readonly string[]): Promise<Person> {
  const person = await makePerson("MEMBER");
  await account.bind(await account.role(`d${++counter}`, permissions), person.id, "SPACE", space);
  return person;
}

const predefined = (name: string): object => ({ type: "PREDEFINED", name });

describe("organization admins", () => {
  test("rule their organization, but make and delete none", async () => {
    const boss = await makePerson("ADMIN");
    const target = await account.person(`d${++counter}`);
    const users = `/v2/organizations/${organization}/users`;
    expect((await boss.call("POST", users, { user_id: target, role: predefined("MEMBER") })).status).toBe(200);
    expect((await boss.call("DELETE", `${users}/${target}`)).status).toBe(204);
    expect((await boss.call("PATCH", `/v2/organizations/${organization}`, { description: "d" })).status).toBe(200);
    expect((await boss.call("POST", "/v2/organizations", { name: "x" })).status).toBe(403);
    expect((await boss.call("DELETE", `/v2/organizations/${organization}`)).status).toBe(403);
    expect((await boss.call("POST", "/v2/roles", { name: "x", permissions: ["SPACE_READ"] })).status).toBe(403);
  });

  test("are not what members are", async () => {
    const member = await makePerson("MEMBER");
    const users = `/v2/organizations/${organization}/users`;
    expect((await member.call("POST", users, { user_id: member.id, role: predefined("ADMIN") })).status).toBe(403);
    expect((await member.call("DELETE", `${users}/${member.id}`)).status).toBe(403);
    expect((await member.call("PATCH", `/v2/organizations/${organization}`, { description: "d" })).status).toBe(403);
    const wanted = { name: `by member ${++counter}`, organization_id: organization };
    expect((await member.call("POST", "/v2/spaces", wanted)).status).toBe(201);
    const reader = await makePerson("READ_ONLY");
    expect((await reader.call("POST", "/v2/spaces", { ...wanted, name: "x" })).status).toBe(403);
  });
});

describe("spaces", () => {
  test("are managed by their admins and by holders of the right permission, each in their own way", async () => {
    const admin = await makePerson("MEMBER", "ADMIN");
    const member = await makePerson("MEMBER", "MEMBER");
    const binder = await makeHolder(["ROLE_BINDING_CREATE", "ROLE_BINDING_DELETE", "SPACE_UPDATE"]);
    const role = await account.role(`d${++counter}`, ["PROJECT_READ"]);
    const target = (await makePerson("MEMBER")).id;
    const users = `/v2/spaces/${space}/users`;
    const custom = { user_id: target, role: { type: "CUSTOM", id: role } };
    const builtIn = { user_id: target, role: predefined("MEMBER") };
    expect((await admin.call("POST", users, builtIn)).status).toBe(200);
    expect((await binder.call("POST", users, custom)).status).toBe(200);
    expect((await binder.call("POST", users, builtIn)).status).toBe(403);
    expect((await member.call("POST", users, custom)).status).toBe(403);
    expect((await member.call("DELETE", `${users}/${target}`)).status).toBe(403);
    expect((await binder.call("DELETE", `${users}/${target}`)).status).toBe(204);
    expect((await binder.call("PATCH", `/v2/spaces/${space}`, { description: "d" })).status).toBe(200);
    expect((await member.call("PATCH", `/v2/spaces/${space}`, { description: "d" })).status).toBe(403);
    expect((await member.call("DELETE", `/v2/spaces/${space}`)).status).toBe(403);
  });
});

describe("account-wide permissions in a custom role", () => {
  test("let their holder manage users, but never above the own role", async () => {
    const holder = await makeHolder(["USER_CREATE", "USER_UPDATE", "USER_DELETE"]);
    const wanted = { name: "N", email: `n${++counter}@example.com`, invite_mode: "NONE" };
    const made = await holder.call("POST", "/v2/users", { ...wanted, role: predefined("MEMBER") });
    expect(made.status).toBe(201);
    const path = `/v2/users/${made.body.id}`;
    expect((await holder.call("PATCH", path, { name: "M" })).status).toBe(200);
    expect((await holder.call("PATCH", path, { is_developer: false })).status).toBe(403);
    const admin = { ...wanted, email: `n${++counter}@example.com`, role: predefined("ADMIN") };
    expect((await holder.call("POST", "/v2/users", admin)).status).toBe(422);
    expect((await holder.call("DELETE", path)).status).toBe(204);
    const plain = await makePerson("MEMBER");
    expect((await plain.call("DELETE", `/v2/users/${holder.id}`)).status).toBe(403);
    expect((await plain.call("PATCH", `/v2/users/${holder.id}`, { name: "x" })).status).toBe(403);
  });
});

describe("projects", () => {
  test("need their permissions", async () => {
    const reader = await makePerson("MEMBER", "READ_ONLY");
    const name = `p${++counter}`;
    expect((await reader.call("POST", "/v2/projects", { name, space_id: space })).status).toBe(403);
    const member = await makePerson("MEMBER", "MEMBER");
    const made = await member.call("POST", "/v2/projects", { name, space_id: space });
    expect(made.status).toBe(201);
    expect((await member.call("DELETE", `/v2/projects/${made.body.id}`)).status).toBe(403);
    expect((await member.call("POST", "/v2/resource-restrictions", { resource_id: made.body.id })).status).toBe(403);
    const other = await account.project(space, `p${++counter}`);
    expect((await member.call("PATCH", `/v2/projects/${other}`, { name })).status).toBe(422);
  });
});

describe("service keys", () => {
  const makeKey = async (person: Person): Promise<string> => {
    const organizations = [{ org_id: organization, spaces: [{ space_id: space, role: predefined("READ_ONLY") }] }];
    const wanted = { key_type: "SERVICE", name: `k${++counter}`, organizations };
    const made = await person.call("POST", "/v2/api-keys", wanted);
    expect(made.status).toBe(201);
    return made.body.id;
  };

  test("are refreshed and revoked by their creator or a space admin, and read by those who may", async () => {
    const creator = await makePerson("MEMBER", "MEMBER");
    const other = await makePerson("MEMBER", "MEMBER");
    const admin = await makePerson("MEMBER", "ADMIN");
    const outsiderId = await account.person(`d${++counter}`);
    const outsiderKey = await account.keyOf(outsiderId);
    const id = await makeKey(creator);
    expect((await other.call("POST", `/v2/api-keys/${id}/refresh`, {})).status).toBe(403);
    expect((await other.call("PUT", `/v2/api-keys/${id}/revoke`)).status).toBe(403);
    expect((await account.rest("PUT", `/v2/api-keys/${id}/revoke`, undefined, outsiderKey)).status).toBe(404);
    const refreshed = await creator.call("POST", `/v2/api-keys/${id}/refresh`, {});
    expect(refreshed.status).toBe(200);
    expect(refreshed.body).not.toHaveProperty("bot_user");
    expect((await admin.call("PUT", `/v2/api-keys/${refreshed.body.id}/revoke`)).status).toBe(204);
    expect((await creator.call("POST", `/v2/api-keys/${refreshed.body.id}/refresh`, {})).status).toBe(422);
    const second = await makeKey(creator);
    expect((await creator.call("PUT", `/v2/api-keys/${second}/revoke`)).status).toBe(204);
    const third = await makeKey(creator);
    const byCreator = await other.call("GET", `/v2/api-keys?space_id=${space}&user_id=${creator.id}`);
    expect(byCreator.body.api_keys.map((row: { id: string }) => row.id)).toContain(third);
    const nobody = await makeHolder(["PROJECT_READ"]);
    expect((await nobody.call("GET", `/v2/api-keys?space_id=${space}`)).status).toBe(403);
    expect((await nobody.call("GET", `/v2/api-keys?space_id=${space}&key_type=USER`)).status).toBe(400);
  });

  test("of users belong to their creator alone, besides account admins", async () => {
    const owner = await makePerson("MEMBER");
    const other = await makePerson("MEMBER");
    const { id } = (await owner.call("POST", "/v2/api-keys", { key_type: "USER", name: "mine" })).body;
    expect((await other.call("PUT", `/v2/api-keys/${id}/revoke`)).status).toBe(404);
    const listed = (await account.rest("GET", `/v2/api-keys?user_id=${owner.id}`)).body.api_keys;
    expect(listed.map((row: { id: string }) => row.id)).toContain(id);
    const expiring = { key_type: "USER", name: "e", expires_at: "2026-09-01T00:00:00Z" };
    const key = (await owner.call("POST", "/v2/api-keys", expiring)).body;
    const refresh = (expires_at: string): Promise<Answer> =>
      owner.call("POST", `/v2/api-keys/${key.id}/refresh`, { expires_at });
    expect((await refresh("2026-10-01T00:00:00Z")).status).toBe(422);
    expect((await refresh("2026-08-20T00:00:00Z")).body.expires_at).toBe("2026-08-20T00:00:00Z");
  });
});

describe("switches", () => {
  test("decide about names that differ in case, self-deletion and an open invitation", async () => {
    const name = `Case ${++counter}`;
    await account.organization(name);
    account.sandbox.setSwitches({ namesIgnoreCase: true, selfDeletionStatus: 403, noneWhileInvited: "existing" });
    expect((await account.rest("POST", "/v2/organizations", { name: name.toUpperCase() })).status).toBe(409);
    const [self] = (await account.rest("GET", "/v2/users?email=admin@sandbox.example")).body.users;
    expect((await account.rest("DELETE", `/v2/users/${self.id}`)).status).toBe(403);
    const wanted = { name: "I", email: `i${++counter}@example.com`, role: predefined("MEMBER") };
    await account.rest("POST", "/v2/users", { ...wanted, invite_mode: "EMAIL_LINK" });
    expect((await account.rest("POST", "/v2/users", { ...wanted, invite_mode: "NONE" })).status).toBe(200);
    account.sandbox.setSwitches({ namesIgnoreCase: false, selfDeletionStatus: 400, noneWhileInvited: "conflict" });
    expect((await account.rest("POST", "/v2/organizations", { name: name.toUpperCase() })).status).toBe(201);
  });

  test("decide about the order of permissions and the fate of project bindings", async () => {
    const permissions = ["PROJECT_READ", "SPACE_READ", "DATASET_READ", "QUEUE_READ", "TAG_READ", "MONITOR_READ"];
    const role = await account.role(`d${++counter}`, permissions);
    account.sandbox.setSwitches({ shuffle: true, spaceRemovalDropsProjectBindings: true });
    const shown = (await account.rest("GET", `/v2/roles/${role}`)).body.permissions;
    expect(shown).not.toEqual(permissions);
    expect([...shown].sort()).toEqual([...permissions].sort());
    const person = await makePerson("MEMBER", "MEMBER");
    await account.bind(role, person.id, "PROJECT", await account.project(space, `p${++counter}`));
    await account.rest("DELETE", `/v2/spaces/${space}/users/${person.id}`);
    const left = await account.rest("GET", `/v2/role-bindings?resource_type=PROJECT&user_id=${person.id}`);
    expect(left.body.role_bindings).toEqual([]);
    account.sandbox.setSwitches({ shuffle: false, spaceRemovalDropsProjectBindings: false });
  });
});
