import * as ax from "@arizeai/ax-client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TestAccount } from "../support/sandbox-account.ts";
import { startTestAccount } from "../support/sandbox-account.ts";

// The vendor's own client, with nothing stubbed, against every access-related operation.

const ACCESS =
  /^(list|get|create|update|delete|bulkDelete|add|remove|resend|reset|restrict|unrestrict|refresh|revoke)(Users?|Organizations?|OrganizationUser|Spaces?|SpaceUser|Projects?|Roles?|RoleBindings?|ResourceRestrictions?|Resource|ApiKeys?|AuditLogs|Invitation|Password)$/;

const driven = new Set<string>();
const sdk = new Proxy(ax, {
  get: (target, name) => {
    if (typeof name === "string") driven.add(name);
    return Reflect.get(target, name);
  },
});

let account: TestAccount;
let client: ReturnType<typeof ax.createClient>;
let stranger: ReturnType<typeof ax.createClient>;
let member: ReturnType<typeof ax.createClient>;
let counter = 0;

const MISSING = {
  user: Buffer.from("User:9999:zzzz").toString("base64"),
  organization: Buffer.from("Organization:9999:zzzz").toString("base64"),
  space: Buffer.from("Space:9999:zzzz").toString("base64"),
  project: Buffer.from("Model:9999:zzzz").toString("base64"),
  role: Buffer.from("Role:9999:zzzz").toString("base64"),
  binding: Buffer.from("RoleBinding:99999999999").toString("base64"),
  key: Buffer.from("ApiKey:9999:zzzz").toString("base64"),
};

const predefined = <N extends string>(name: N) => ({ type: "PREDEFINED" as const, name });
const fresh = (word: string): string => `${word} ${++counter}`;
const statusOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => "success",
    (error: { statusCode?: number }) => error.statusCode,
  );

beforeAll(async () => {
  process.env["DISABLE_PRERELEASE_WARNING"] = "true";
  account = await startTestAccount();
  const baseUrl = account.sandbox.url;
  client = ax.createClient({ apiKey: account.sandbox.adminKey, baseUrl });
  stranger = ax.createClient({ apiKey: "wrong", baseUrl });
  const id = await account.person("plain-member");
  member = ax.createClient({ apiKey: await account.keyOf(id), baseUrl });
});

afterAll(async () => {
  await account.close();
  const wanted = Object.keys(ax).filter((name) => ACCESS.test(name));
  expect(wanted.filter((name) => !driven.has(name))).toEqual([]);
  expect(wanted).toHaveLength(45);
});

async function makePlace() {
  const organizationId = await account.organization(fresh("org"));
  const spaceId = await account.space(organizationId, fresh("space"));
  const projectId = await account.project(spaceId, fresh("project"));
  const roleId = await account.role(fresh("role"), ["PROJECT_READ", "SPACE_READ"]);
  const userId = await account.person(`person-${++counter}`);
  await account.joinOrganization(organizationId, userId, "MEMBER");
  return { organizationId, spaceId, projectId, roleId, userId };
}

describe("users", () => {
  test("are created, read, listed, changed and deleted", async () => {
    const email = `${++counter}@people.example`;
    const created = await sdk.createUser({
      client,
      name: "Ana",
      email,
      role: predefined("MEMBER"),
      inviteMode: "EMAIL_LINK",
    });
    expect(created).toMatchObject({
      name: "Ana",
      email,
      status: "INVITED",
      inviteMode: "EMAIL_LINK",
      isDeveloper: true,
    });
    expect(await sdk.getUser({ client, userId: created.id })).toMatchObject({ role: predefined("MEMBER") });
    const page = await sdk.listUsers({ client, email: email.toUpperCase(), status: ["INVITED", "EXPIRED"] });
    expect(page).toMatchObject({ data: [{ id: created.id }], pagination: { hasMore: false } });
    expect(await sdk.updateUser({ client, userId: created.id, name: " Ana B ", isDeveloper: false })).toMatchObject({
      name: "Ana B",
      isDeveloper: false,
    });
    expect(await statusOf(sdk.resendInvitation({ client, userId: created.id }))).toBe("success");
    expect(await statusOf(sdk.resetPassword({ client, userId: created.id }))).toBe(400);
    await sdk.deleteUser({ client, userId: created.id });
    expect(await statusOf(sdk.getUser({ client, userId: created.id }))).toBe(404);
    expect(await statusOf(sdk.deleteUser({ client, userId: created.id }))).toBe("success");
  });

  test("with a temporary password show it once, and with NONE are active at once", async () => {
    const base = { client, name: "Ben", role: predefined("ANNOTATOR") } as const;
    const withPassword = await sdk.createUser({
      ...base,
      email: `${++counter}@people.example`,
      inviteMode: "TEMPORARY_PASSWORD",
    });
    expect(withPassword).toMatchObject({ temporaryPassword: expect.any(String), isDeveloper: false });
    const active = await sdk.createUser({ ...base, email: `${++counter}@people.example`, inviteMode: "NONE" });
    expect(active.status).toBe("ACTIVE");
    expect(await statusOf(sdk.resetPassword({ client, userId: active.id }))).toBe("success");
    expect(await statusOf(sdk.resendInvitation({ client, userId: active.id }))).toBe(400);
  });

  test("are deleted in bulk by id and by e-mail", async () => {
    const first = await account.person(`bulk-${++counter}`);
    const name = `bulk-${++counter}`;
    await account.person(name);
    const results = await sdk.bulkDeleteUsers({
      client,
      userIds: [first],
      emails: [`${name}@example.com`, "nobody@example.com"],
    });
    expect(results.map((each) => each.status).sort()).toEqual(["deleted", "deleted", "not_found"]);
  });

  test("are refused with the documented errors", async () => {
    const wanted = { name: "Cy", email: "cy@people.example", role: predefined("MEMBER"), inviteMode: "NONE" } as const;
    await expect(sdk.listUsers({ client: stranger })).rejects.toBeInstanceOf(ax.AuthenticationError);
    await expect(sdk.createUser({ client: member, ...wanted })).rejects.toBeInstanceOf(ax.AuthorizationError);
    await expect(sdk.getUser({ client, userId: MISSING.user })).rejects.toBeInstanceOf(ax.NotFoundError);
    await expect(sdk.getUser({ client, userId: "not an id" })).rejects.toBeInstanceOf(ax.BadRequestError);
    await sdk.createUser({ client, ...wanted });
    expect(await statusOf(sdk.createUser({ client, ...wanted, email: "CY@people.example" }))).toBe(409);
    const custom = { type: "CUSTOM", id: MISSING.role } as const;
    expect(await statusOf(sdk.createUser({ client, ...wanted, email: "d@people.example", role: custom }))).toBe(422);
    expect(await statusOf(sdk.updateUser({ client, userId: MISSING.user, name: "x" }))).toBe(404);
    expect(await statusOf(sdk.deleteUser({ client: member, userId: MISSING.user }))).toBe(404);
    expect(await statusOf(sdk.resendInvitation({ client, userId: MISSING.user }))).toBe(404);
    expect(await statusOf(sdk.resetPassword({ client, userId: MISSING.user }))).toBe(404);
    expect(await statusOf(sdk.bulkDeleteUsers({ client: stranger, userIds: [MISSING.user] }))).toBe(401);
  });
});

describe("organizations", () => {
  test("are created, found by name, changed and deleted", async () => {
    const name = fresh("Acme");
    const created = await sdk.createOrganization({ client, name, description: "first" });
    expect(created).toMatchObject({ name, description: "first", createdAt: expect.any(Date) });
    expect(await sdk.getOrganization({ client, organization: name })).toMatchObject({ id: created.id });
    expect((await sdk.listOrganizations({ client, name: name.toLowerCase() })).data).toHaveLength(1);
    const changed = await sdk.updateOrganization({ client, organization: created.id, description: "" });
    expect(changed).toMatchObject({ name, description: "" });
    await sdk.deleteOrganization({ client, organization: created.id });
    expect(await statusOf(sdk.getOrganization({ client, organization: created.id }))).toBe(404);
  });

  test("take members, change their role and let them go", async () => {
    const { organizationId, userId } = await makePlace();
    const added = await sdk.addOrganizationUser({ client, organizationId, userId, role: predefined("READ_ONLY") });
    expect(added).toMatchObject({ userId, organizationId, role: predefined("READ_ONLY") });
    const again = await sdk.addOrganizationUser({ client, organizationId, userId, role: predefined("ADMIN") });
    expect(again).toMatchObject({ id: added.id, role: predefined("ADMIN") });
    await sdk.removeOrganizationUser({ client, organizationId, userId });
    expect(await statusOf(sdk.removeOrganizationUser({ client, organizationId, userId }))).toBe(404);
  });

  test("are refused with the documented errors", async () => {
    const { organizationId, userId, roleId } = await makePlace();
    const taken = await sdk.getOrganization({ client, organization: organizationId });
    expect(await statusOf(sdk.listOrganizations({ client: stranger }))).toBe(401);
    expect(await statusOf(sdk.createOrganization({ client: member, name: "x" }))).toBe(403);
    expect(await statusOf(sdk.createOrganization({ client, name: taken.name }))).toBe(409);
    expect(await statusOf(sdk.createOrganization({ client, name: "" }))).toBe(400);
    expect(await statusOf(sdk.getOrganization({ client: member, organization: organizationId }))).toBe(404);
    expect(await statusOf(sdk.updateOrganization({ client, organization: MISSING.organization, name: "x" }))).toBe(404);
    expect(await statusOf(sdk.deleteOrganization({ client, organization: MISSING.organization }))).toBe(404);
    const role = { type: "CUSTOM", id: roleId } as const;
    expect(await statusOf(sdk.addOrganizationUser({ client, organizationId, userId, role }))).toBe(422);
    const annotator = predefined("ANNOTATOR");
    expect(await statusOf(sdk.addOrganizationUser({ client, organizationId, userId, role: annotator }))).toBe(400);
  });
});

describe("spaces", () => {
  test("are created, found by name, changed and deleted", async () => {
    const organizationId = await account.organization(fresh("org"));
    const name = fresh("Team");
    const created = await sdk.createSpace({ client, name, organizationId, description: "d" });
    expect(created).toMatchObject({ name, description: "d", isPrivate: false });
    expect((await sdk.listSpaces({ client, organizationId })).data.map((each) => each.id)).toEqual([created.id]);
    expect(await sdk.getSpace({ client, space: name })).toMatchObject({ id: created.id });
    expect(await sdk.updateSpace({ client, space: created.id, isPrivate: true })).toMatchObject({ isPrivate: true });
    await sdk.deleteSpace({ client, space: created.id });
    expect(await statusOf(sdk.getSpace({ client, space: created.id }))).toBe(404);
  });

  test("take members with predefined and custom roles", async () => {
    const { spaceId, userId, roleId } = await makePlace();
    const added = await sdk.addSpaceUser({ client, spaceId, userId, role: predefined("READ_ONLY") });
    expect(added).toMatchObject({ userId, spaceId, role: predefined("READ_ONLY") });
    const custom = await sdk.addSpaceUser({ client, spaceId, userId, role: { type: "CUSTOM", id: roleId } });
    expect(custom.role).toMatchObject({ type: "CUSTOM", id: roleId, name: expect.any(String) });
    await sdk.removeSpaceUser({ client, spaceId, userId });
    expect(await statusOf(sdk.removeSpaceUser({ client, spaceId, userId }))).toBe(404);
  });

  test("are refused with the documented errors", async () => {
    const { organizationId, spaceId } = await makePlace();
    const space = await sdk.getSpace({ client, space: spaceId });
    const outsider = await account.person(`outsider-${++counter}`);
    expect(await statusOf(sdk.listSpaces({ client: stranger }))).toBe(401);
    expect(await statusOf(sdk.listSpaces({ client, organizationId: MISSING.organization }))).toBe(404);
    expect(await statusOf(sdk.createSpace({ client, name: space.name, organizationId }))).toBe(409);
    expect(await statusOf(sdk.createSpace({ client: member, name: "x", organizationId }))).toBe(404);
    expect(await statusOf(sdk.updateSpace({ client, space: MISSING.space, name: "x" }))).toBe(404);
    expect(await statusOf(sdk.deleteSpace({ client: member, space: spaceId }))).toBe(404);
    const role = predefined("MEMBER");
    expect(await statusOf(sdk.addSpaceUser({ client, spaceId, userId: outsider, role }))).toBe(400);
    expect(await statusOf(sdk.addSpaceUser({ client, spaceId, userId: MISSING.user, role }))).toBe(404);
  });
});

describe("projects", () => {
  test("are created, found by name, renamed and deleted", async () => {
    const { spaceId } = await makePlace();
    const name = fresh("Chat");
    const created = await sdk.createProject({ client, name, space: spaceId });
    expect(created).toMatchObject({ name, spaceId });
    expect((await sdk.listProjects({ client, space: spaceId, name })).data).toHaveLength(1);
    expect(await sdk.getProject({ client, project: name, space: spaceId })).toMatchObject({ id: created.id });
    const renamed = await sdk.updateProject({ client, project: created.id, name: `${name} 2` });
    expect(renamed.name).toBe(`${name} 2`);
    await sdk.deleteProject({ client, project: created.id });
    expect(await statusOf(sdk.getProject({ client, project: created.id }))).toBe(404);
  });

  test("are refused with the documented errors", async () => {
    const { spaceId, projectId } = await makePlace();
    const { name } = await sdk.getProject({ client, project: projectId });
    expect(await statusOf(sdk.listProjects({ client: stranger }))).toBe(401);
    expect(await statusOf(sdk.listProjects({ client, space: MISSING.space }))).toBe(404);
    expect(await statusOf(sdk.createProject({ client, name, space: spaceId }))).toBe(409);
    expect(await statusOf(sdk.createProject({ client: member, name, space: spaceId }))).toBe(403);
    expect(await statusOf(sdk.updateProject({ client, project: MISSING.project, name: "x" }))).toBe(404);
    expect(await statusOf(sdk.deleteProject({ client: member, project: projectId }))).toBe(404);
  });
});

describe("roles", () => {
  test("are created, read, listed, changed and deleted", async () => {
    const name = fresh("Reviewer");
    const created = await sdk.createRole({ client, name, permissions: ["PROJECT_READ"] });
    expect(created).toMatchObject({ name, permissions: ["PROJECT_READ"], isPredefined: false });
    expect(created.description ?? undefined).toBeUndefined();
    const changed = await sdk.updateRole({ client, roleId: created.id, permissions: ["SPACE_READ", "PROJECT_READ"] });
    expect([...changed.permissions].sort()).toEqual(["PROJECT_READ", "SPACE_READ"]);
    expect(await sdk.getRole({ client, roleId: created.id })).toMatchObject({ name });
    const builtIn = await sdk.listRoles({ client, isPredefined: true });
    expect(builtIn.data.map((each) => each.name)).toEqual(
      expect.arrayContaining(["Project Viewer", "Project Editor", "Project Admin"]),
    );
    await sdk.deleteRole({ client, roleId: created.id });
    expect(await statusOf(sdk.getRole({ client, roleId: created.id }))).toBe(404);
  });

  test("are refused with the documented errors", async () => {
    const [builtIn] = (await sdk.listRoles({ client, isPredefined: true })).data;
    const roleId = builtIn?.id ?? "";
    const permissions = ["PROJECT_READ"] as const;
    expect(await statusOf(sdk.listRoles({ client: stranger }))).toBe(401);
    expect(await statusOf(sdk.createRole({ client: member, name: "x", permissions: [...permissions] }))).toBe(403);
    expect(await statusOf(sdk.createRole({ client, name: "Project Viewer", permissions: [...permissions] }))).toBe(409);
    expect(await statusOf(sdk.createRole({ client, name: "x", permissions: ["NONSENSE" as "PROJECT_READ"] }))).toBe(
      400,
    );
    expect(await statusOf(sdk.updateRole({ client, roleId, name: "x" }))).toBe(403);
    expect(await statusOf(sdk.deleteRole({ client, roleId }))).toBe(403);
    expect(await statusOf(sdk.updateRole({ client, roleId: MISSING.role, name: "x" }))).toBe(404);
    expect(await statusOf(sdk.deleteRole({ client, roleId: MISSING.role }))).toBe(404);
  });
});

describe("role bindings", () => {
  test("are created, read, listed, changed and deleted", async () => {
    const { projectId, userId, roleId } = await makePlace();
    const wanted = { userId, roleId, resourceType: "PROJECT", resourceId: projectId } as const;
    const created = await sdk.createRoleBinding({ client, ...wanted });
    expect(created).toMatchObject(wanted);
    expect((await sdk.listRoleBindings({ client, userId, resourceType: "PROJECT" })).data).toHaveLength(1);
    expect((await sdk.listRoleBindings({ client, userId, resourceType: "SPACE" })).data).toEqual([]);
    const other = await account.role(fresh("other"), ["PROJECT_UPDATE"]);
    const changed = await sdk.updateRoleBinding({ client, bindingId: created.id, roleId: other });
    expect(changed).toMatchObject({ id: created.id, roleId: other });
    expect(await sdk.getRoleBinding({ client, bindingId: created.id })).toMatchObject({ roleId: other });
    await sdk.deleteRoleBinding({ client, bindingId: created.id });
    expect(await statusOf(sdk.deleteRoleBinding({ client, bindingId: created.id }))).toBe(404);
  });

  test("are refused with the documented errors", async () => {
    const { projectId, spaceId, userId, roleId } = await makePlace();
    const wanted = { userId, roleId, resourceType: "PROJECT", resourceId: projectId } as const;
    await sdk.createRoleBinding({ client, ...wanted });
    const other = await account.role(fresh("other"), ["PROJECT_UPDATE"]);
    expect(await statusOf(sdk.createRoleBinding({ client, ...wanted, roleId: other }))).toBe(409);
    expect(await statusOf(sdk.createRoleBinding({ client, ...wanted, resourceId: spaceId }))).toBe(400);
    expect(await statusOf(sdk.createRoleBinding({ client, ...wanted, userId: MISSING.user }))).toBe(404);
    expect(await statusOf(sdk.getRoleBinding({ client, bindingId: MISSING.binding }))).toBe(404);
    expect(await statusOf(sdk.updateRoleBinding({ client, bindingId: MISSING.binding, roleId }))).toBe(404);
    expect(await statusOf(sdk.listRoleBindings({ client, resourceType: "SPACE", userId: MISSING.user }))).toBe(404);
    expect(await statusOf(sdk.listRoleBindings({ client: stranger, resourceType: "SPACE" }))).toBe(401);
  });
});

describe("restrictions", () => {
  test("are idempotent to make, and gone after being lifted once", async () => {
    const { projectId } = await makePlace();
    const made = await sdk.restrictResource({ client, resourceId: projectId });
    expect(made).toMatchObject({ resourceType: "PROJECT", resourceId: projectId });
    account.advance(5_000);
    expect(await sdk.restrictResource({ client, resourceId: projectId })).toEqual(made);
    const listed = await sdk.listResourceRestrictions({ client, resourceType: "PROJECT" });
    expect(listed.data.filter((each) => each.resourceId === projectId)).toHaveLength(1);
    await sdk.unrestrictResource({ client, resourceId: projectId });
    expect(await statusOf(sdk.unrestrictResource({ client, resourceId: projectId }))).toBe(404);
  });

  test("are refused with the documented errors", async () => {
    const { projectId, spaceId } = await makePlace();
    expect(await statusOf(sdk.restrictResource({ client, resourceId: spaceId }))).toBe(400);
    expect(await statusOf(sdk.restrictResource({ client, resourceId: MISSING.project }))).toBe(404);
    expect(await statusOf(sdk.restrictResource({ client: member, resourceId: projectId }))).toBe(404);
    expect(await statusOf(sdk.listResourceRestrictions({ client: stranger }))).toBe(401);
  });
});

describe("API keys", () => {
  test("of the caller are created, listed, refreshed and revoked", async () => {
    const created = await sdk.createApiKey({ client, keyType: "USER", name: "CI", description: "d" });
    expect(created).toMatchObject({ name: "CI", keyType: "USER", status: "ACTIVE", key: expect.any(String) });
    const own = ax.createClient({ apiKey: created.key, baseUrl: account.sandbox.url });
    expect((await sdk.listApiKeys({ client: own })).data.map((each) => each.id)).toContain(created.id);
    const refreshed = await sdk.refreshApiKey({ client, apiKeyId: created.id, gracePeriodSeconds: 60 });
    expect(refreshed.id).not.toBe(created.id);
    expect(await statusOf(sdk.listUsers({ client: own }))).toBe("success");
    account.advance(61_000);
    expect(await statusOf(sdk.listUsers({ client: own }))).toBe(401);
    await sdk.revokeApiKey({ client, apiKeyId: refreshed.id });
    await sdk.revokeApiKey({ client, apiKeyId: refreshed.id });
    expect((await sdk.listApiKeys({ client, status: "REVOKED" })).data.map((each) => each.id)).toContain(refreshed.id);
  });

  test("of a service own a bot user with memberships", async () => {
    const { organizationId, spaceId, roleId } = await makePlace();
    const other = await account.space(organizationId, fresh("space"));
    const created = await sdk.createApiKey({
      client,
      keyType: "SERVICE",
      name: "pipeline",
      organizations: [
        { orgId: organizationId, spaces: [{ spaceId }, { spaceId: other, role: { id: roleId } as never }] },
      ],
    });
    expect(created).toMatchObject({
      keyType: "SERVICE",
      botUser: { accountRole: { name: "MEMBER" }, organizations: [{ role: { name: "READ_ONLY" } }] },
    });
    expect((await sdk.listApiKeys({ client, spaceId })).data.map((each) => each.id)).toEqual([created.id]);
    expect((await sdk.listApiKeys({ client, spaceId: other })).data).toHaveLength(1);
  });

  test("are refused with the documented errors", async () => {
    const { organizationId, spaceId, userId } = await makePlace();
    const elsewhere = await account.organization(fresh("org"));
    const service = (orgId: string, role: unknown) =>
      sdk.createApiKey({
        client,
        keyType: "SERVICE",
        name: "x",
        organizations: [{ orgId, spaces: [{ spaceId, role: role as never }] }],
      });
    expect(await statusOf(service(organizationId, { name: "ANNOTATOR" }))).toBe(422);
    expect(await statusOf(service(elsewhere, { name: "MEMBER" }))).toBe(422);
    expect(await statusOf(service(MISSING.organization, { name: "MEMBER" }))).toBe(404);
    expect(await statusOf(sdk.listApiKeys({ client: member, userId }))).toBe(403);
    expect(await statusOf(sdk.listApiKeys({ client, spaceId: MISSING.space }))).toBe(404);
    expect(await statusOf(sdk.refreshApiKey({ client, apiKeyId: MISSING.key }))).toBe(404);
    expect(await statusOf(sdk.revokeApiKey({ client, apiKeyId: MISSING.key }))).toBe(404);
    expect(await statusOf(sdk.createApiKey({ client: stranger, keyType: "USER", name: "x" }))).toBe(401);
    const past = new Date("2020-01-01T00:00:00Z");
    expect(await statusOf(sdk.createApiKey({ client, keyType: "USER", name: "x", expiresAt: past }))).toBe(422);
    const key = await sdk.createApiKey({ client, keyType: "USER", name: "x", expiresAt: new Date("2027-01-01") });
    expect(await statusOf(sdk.refreshApiKey({ client, apiKeyId: key.id }))).toBe(422);
  });
});

describe("audit logs", () => {
  test("show the newest operation first, to admins only", async () => {
    await account.organization(fresh("audited"));
    const { data } = await sdk.listAuditLogs({ client, operationType: "MUTATION", limit: 1 });
    expect(data).toMatchObject([{ operationName: "create_organization", operationType: "MUTATION" }]);
    expect(await statusOf(sdk.listAuditLogs({ client: member }))).toBe(403);
    expect(await statusOf(sdk.listAuditLogs({ client: stranger }))).toBe(401);
  });
});
