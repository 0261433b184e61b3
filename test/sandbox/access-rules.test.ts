import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Answer, TestAccount } from "../support/sandbox-account.ts";
import { startTestAccount } from "../support/sandbox-account.ts";

// Who sees and may do what, and what goes when something goes.

let account: TestAccount;
let counter = 0;
beforeAll(async () => {
  account = await startTestAccount();
});
afterAll(() => account.close());

interface Place {
  readonly organization: string;
  readonly space: string;
  readonly project: string;
}

async function makePlace(isPrivate = false): Promise<Place> {
  const organization = await account.organization(`org ${++counter}`);
  const space = await account.space(organization, "space", isPrivate);
  return { organization, space, project: await account.project(space, "project") };
}

/** Creates a person with an organization role and perhaps a space role, and gives id and key. */
async function makeMember(place: Place, orgRole: string, spaceRole?: string): Promise<{ id: string; key: string }> {
  const id = await account.person(`m${++counter}`, orgRole === "ANNOTATOR" ? "ANNOTATOR" : "MEMBER");
  await account.joinOrganization(place.organization, id, orgRole);
  if (spaceRole !== undefined) await account.joinSpace(place.space, id, spaceRole);
  return { id, key: await account.keyOf(id) };
}

const sees = async (key: string, project: string): Promise<boolean> =>
  (await account.rest("GET", `/v2/projects/${project}`, undefined, key)).status === 200;
const edits = async (key: string, project: string): Promise<number> =>
  (await account.rest("PATCH", `/v2/projects/${project}`, { name: `n${++counter}` }, key)).status;
const restrict = (resource_id: string, key?: string): Promise<Answer> =>
  account.rest("POST", "/v2/resource-restrictions", { resource_id }, key);
const predefinedRole = async (name: string): Promise<string> =>
  (await account.rest("GET", "/v2/roles?is_predefined=true")).body.roles.find(
    (role: { name: string }) => role.name === name,
  ).id;

describe("effective access to a project", () => {
  test("members see unrestricted projects; after a restriction only admins and bound users do", async () => {
    const place = await makePlace();
    const alice = await makeMember(place, "MEMBER", "MEMBER");
    const carol = await makeMember(place, "MEMBER", "MEMBER");
    const dave = await makeMember(place, "MEMBER", "ADMIN");
    const boss = await makeMember(place, "ADMIN");
    await account.bind(await predefinedRole("Project Viewer"), carol.id, "PROJECT", place.project);
    expect(await edits(alice.key, place.project)).toBe(200);
    await restrict(place.project);
    expect(await sees(alice.key, place.project)).toBe(false);
    expect(await sees(carol.key, place.project)).toBe(true);
    expect(await edits(carol.key, place.project)).toBe(403);
    expect(await edits(dave.key, place.project)).toBe(200);
    expect(await edits(boss.key, place.project)).toBe(200);
    const { body } = await account.rest("GET", `/v2/projects?space_id=${place.space}`, undefined, alice.key);
    expect(body.projects).toEqual([]);
  });

  test("rights add up: a read-only member with an editor binding edits that project", async () => {
    const place = await makePlace();
    const eve = await makeMember(place, "MEMBER", "READ_ONLY");
    expect(await edits(eve.key, place.project)).toBe(403);
    await account.bind(await predefinedRole("Project Editor"), eve.id, "PROJECT", place.project);
    expect(await edits(eve.key, place.project)).toBe(200);
  });

  test("the organization role is the fallback in public spaces only", async () => {
    const open = await makePlace();
    const closed = await makePlace(true);
    const member = await makeMember(open, "MEMBER");
    await account.joinOrganization(closed.organization, member.id, "MEMBER");
    expect(await sees(member.key, open.project)).toBe(true);
    expect(await sees(member.key, closed.project)).toBe(false);
    await account.bind(await predefinedRole("Project Viewer"), member.id, "PROJECT", closed.project);
    expect(await sees(member.key, closed.project)).toBe(false);
    account.sandbox.setSwitches({ projectBindingOpensPrivateSpace: true });
    expect(await sees(member.key, closed.project)).toBe(true);
    account.sandbox.setSwitches({ projectBindingOpensPrivateSpace: false });
  });

  test("a custom role grants exactly its permissions and is no admin, though it may manage restrictions", async () => {
    const place = await makePlace();
    const poor = await makeMember(place, "MEMBER");
    const rich = await makeMember(place, "MEMBER");
    await account.bind(await account.role(`poor ${++counter}`, ["DATASET_READ"]), poor.id, "SPACE", place.space);
    const all = await account.role(`rich ${++counter}`, ["PROJECT_READ", "PROJECT_RESTRICT", "SPACE_READ"]);
    await account.bind(all, rich.id, "SPACE", place.space);
    expect(await sees(poor.key, place.project)).toBe(false);
    expect((await restrict(place.project, rich.key)).status).toBe(200);
    expect(await sees(rich.key, place.project)).toBe(false);
    const path = `/v2/resource-restrictions/${place.project}`;
    expect((await account.rest("DELETE", path, undefined, rich.key)).status).toBe(204);
  });

  test("a Project Admin manages a restricted project but cannot restrict it first", async () => {
    const place = await makePlace();
    const admin = await makeMember(place, "MEMBER", "MEMBER");
    const other = await makeMember(place, "MEMBER", "MEMBER");
    await account.bind(await predefinedRole("Project Admin"), admin.id, "PROJECT", place.project);
    expect((await restrict(place.project, admin.key)).status).toBe(403);
    await restrict(place.project);
    const wanted = {
      role_id: await predefinedRole("Project Viewer"),
      user_id: other.id,
      resource_type: "PROJECT",
      resource_id: place.project,
    };
    expect((await account.rest("POST", "/v2/role-bindings", wanted, other.key)).status).toBe(404);
    expect((await account.rest("POST", "/v2/role-bindings", wanted, admin.key)).status).toBe(201);
    const lifted = await account.rest("DELETE", `/v2/resource-restrictions/${place.project}`, undefined, admin.key);
    expect(lifted.status).toBe(204);
  });

  test("annotators see no projects", async () => {
    const place = await makePlace();
    const annotator = await makeMember(place, "ANNOTATOR", "ANNOTATOR");
    expect(await sees(annotator.key, place.project)).toBe(false);
    expect((await account.rest("GET", "/v2/users", undefined, annotator.key)).status).toBe(403);
  });
});

describe("visibility by caller", () => {
  test("lists are silently filtered and single reads answer 404", async () => {
    const place = await makePlace(true);
    const other = await makePlace();
    const member = await makeMember(place, "MEMBER");
    const names = async (path: string, collection: string): Promise<string[]> =>
      (await account.rest("GET", path, undefined, member.key)).body[collection].map((row: { id: string }) => row.id);
    expect(await names("/v2/organizations", "organizations")).toEqual([place.organization]);
    expect(await names("/v2/spaces", "spaces")).toEqual([]);
    expect((await account.rest("GET", `/v2/spaces/${place.space}`, undefined, member.key)).status).toBe(404);
    const scoped = await account.rest("GET", `/v2/spaces?org_id=${other.organization}`, undefined, member.key);
    expect(scoped.status).toBe(404);
    account.sandbox.setSwitches({ unreadableScope: "empty" });
    expect(await names(`/v2/spaces?org_id=${other.organization}`, "spaces")).toEqual([]);
    account.sandbox.setSwitches({ unreadableScope: "404" });
  });

  test("bindings are visible to the whole account, or by switch only with the right to read them", async () => {
    const place = await makePlace();
    const holder = await makeMember(place, "MEMBER");
    const reader = await makeMember(place, "MEMBER", "READ_ONLY");
    const role = await account.role(`seen ${++counter}`, ["PROJECT_READ"]);
    const binding = (await account.bind(role, holder.id, "SPACE", place.space)).body;
    const path = `/v2/role-bindings?resource_type=SPACE&user_id=${holder.id}`;
    expect((await account.rest("GET", path, undefined, reader.key)).body.role_bindings).toHaveLength(1);
    account.sandbox.setSwitches({ bindingVisibility: "narrowed" });
    expect((await account.rest("GET", path, undefined, reader.key)).body.role_bindings).toEqual([]);
    expect((await account.rest("GET", path)).body.role_bindings).toHaveLength(1);
    account.sandbox.setSwitches({ bindingVisibility: "account" });
    const deletion = await account.rest("DELETE", `/v2/role-bindings/${binding.id}`, undefined, reader.key);
    expect(deletion.status).toBe(404);
  });

  test("a caller without developer access is refused, and so is every user key under the lock", async () => {
    const id = await account.person(`ui ${++counter}`.replace(" ", "-"));
    const key = await account.keyOf(id);
    await account.rest("PATCH", `/v2/users/${id}`, { is_developer: false });
    expect((await account.rest("GET", "/v2/users", undefined, key)).status).toBe(403);
    account.sandbox.setSwitches({ developerAccessLock: true });
    expect((await account.rest("GET", "/v2/users")).status).toBe(403);
    account.sandbox.setSwitches({ developerAccessLock: false });
  });
});

describe("the two stores of space access", () => {
  const bindingsOf = async (user: string): Promise<unknown[]> =>
    (await account.rest("GET", `/v2/role-bindings?resource_type=SPACE&user_id=${user}`)).body.role_bindings;

  test("a custom role is a binding, a predefined one is not", async () => {
    const place = await makePlace();
    const one = await makeMember(place, "MEMBER", "MEMBER");
    const two = await makeMember(place, "MEMBER");
    const role = await account.role(`store ${++counter}`, ["PROJECT_READ"]);
    const path = `/v2/spaces/${place.space}/users`;
    await account.rest("POST", path, { user_id: two.id, role: { type: "CUSTOM", id: role } });
    expect(await bindingsOf(one.id)).toEqual([]);
    expect(await bindingsOf(two.id)).toMatchObject([{ role_id: role, resource_id: place.space }]);
  });

  test("switching leaves the other store behind by default, and rights add up; removal clears both", async () => {
    const place = await makePlace();
    const user = await makeMember(place, "MEMBER", "MEMBER");
    const role = await account.role(`store ${++counter}`, ["PROJECT_READ"]);
    const path = `/v2/spaces/${place.space}/users`;
    await account.rest("POST", path, { user_id: user.id, role: { type: "CUSTOM", id: role } });
    expect(await edits(user.key, place.project)).toBe(200);
    await account.joinSpace(place.space, user.id, "READ_ONLY");
    expect(await bindingsOf(user.id)).toHaveLength(1);
    await account.bind(await predefinedRole("Project Viewer"), user.id, "PROJECT", place.project);
    expect((await account.rest("DELETE", `${path}/${user.id}`)).status).toBe(204);
    expect(await bindingsOf(user.id)).toEqual([]);
    const left = await account.rest("GET", `/v2/role-bindings?resource_type=PROJECT&user_id=${user.id}`);
    expect(left.body.role_bindings).toHaveLength(1);
    expect((await account.rest("DELETE", `${path}/${user.id}`)).status).toBe(404);
  });

  test("switching clears the other store by switch", async () => {
    account.sandbox.setSwitches({ customSwitchLeavesRow: false, predefinedSwitchLeavesBinding: false });
    const place = await makePlace();
    const user = await makeMember(place, "MEMBER", "MEMBER");
    const role = await account.role(`store ${++counter}`, ["PROJECT_READ"]);
    const path = `/v2/spaces/${place.space}/users`;
    await account.rest("POST", path, { user_id: user.id, role: { type: "CUSTOM", id: role } });
    expect(await edits(user.key, place.project)).toBe(403);
    await account.joinSpace(place.space, user.id, "MEMBER");
    expect(await bindingsOf(user.id)).toEqual([]);
    account.sandbox.setSwitches({ customSwitchLeavesRow: true, predefinedSwitchLeavesBinding: true });
  });

  test("binding somebody outside the organization is refused, or accepted without effect by switch", async () => {
    const place = await makePlace();
    const id = await account.person(`out-${++counter}`);
    const role = await account.role(`store ${++counter}`, ["PROJECT_READ"]);
    expect((await account.bind(role, id, "SPACE", place.space)).status).toBe(400);
    account.sandbox.setSwitches({ bindingWithoutOrgMembership: "accepted" });
    expect((await account.bind(role, id, "SPACE", place.space)).status).toBe(201);
    account.sandbox.setSwitches({ bindingWithoutOrgMembership: "refused" });
    expect(await sees(await account.keyOf(id), place.project)).toBe(false);
  });

  test("predefined space roles cannot be bound, project roles only to projects", async () => {
    const place = await makePlace();
    const user = await makeMember(place, "MEMBER");
    expect((await account.bind(await predefinedRole("Admin"), user.id, "SPACE", place.space)).status).toBe(422);
    expect((await account.bind(await predefinedRole("Admin"), user.id, "PROJECT", place.project)).status).toBe(422);
    const viewer = await predefinedRole("Project Viewer");
    expect((await account.bind(viewer, user.id, "SPACE", place.space)).status).toBe(422);
    account.sandbox.setSwitches({ predefinedRoleOnSpaceBinding: true });
    expect((await account.bind(await predefinedRole("Admin"), user.id, "SPACE", place.space)).status).toBe(201);
    account.sandbox.setSwitches({ predefinedRoleOnSpaceBinding: false });
  });
});

describe("annotators", () => {
  test("can only be annotators, and nobody else can", async () => {
    const place = await makePlace();
    const annotator = await account.person(`an-${++counter}`, "ANNOTATOR");
    const member = await makeMember(place, "MEMBER");
    expect((await account.joinOrganization(place.organization, annotator, "MEMBER")).status).toBe(400);
    expect((await account.joinOrganization(place.organization, annotator, "ANNOTATOR")).status).toBe(200);
    expect((await account.joinSpace(place.space, annotator, "READ_ONLY")).status).toBe(400);
    expect((await account.joinSpace(place.space, annotator, "ANNOTATOR")).status).toBe(200);
    expect((await account.joinSpace(place.space, member.id, "ANNOTATOR")).status).toBe(400);
    const role = await account.role(`an ${++counter}`, ["QUEUE_READ"]);
    expect((await account.bind(role, annotator, "SPACE", place.space)).status).toBe(400);
  });
});

describe("cascades", () => {
  const grant = async (place: Place): Promise<{ id: string; key: string }> => {
    const user = await makeMember(place, "MEMBER", "MEMBER");
    const role = await account.role(`c ${++counter}`, ["PROJECT_READ"]);
    await account.bind(role, user.id, "SPACE", place.space);
    await account.bind(role, user.id, "PROJECT", place.project);
    return user;
  };
  const bindings = async (user: string, type: string): Promise<number> =>
    (await account.rest("GET", `/v2/role-bindings?resource_type=${type}&user_id=${user}`)).body.role_bindings.length;

  test("removing an organization member takes space access, and project bindings unless switched off", async () => {
    const place = await makePlace();
    const [one, two] = [await grant(place), await grant(place)];
    const path = `/v2/organizations/${place.organization}/users`;
    expect((await account.rest("DELETE", `${path}/${one.id}`)).status).toBe(204);
    expect([await bindings(one.id, "SPACE"), await bindings(one.id, "PROJECT")]).toEqual([0, 0]);
    account.sandbox.setSwitches({ orgRemovalDropsProjectBindings: false });
    await account.rest("DELETE", `${path}/${two.id}`);
    account.sandbox.setSwitches({ orgRemovalDropsProjectBindings: true });
    expect([await bindings(two.id, "SPACE"), await bindings(two.id, "PROJECT")]).toEqual([0, 1]);
    expect(await sees(two.key, place.project)).toBe(false);
  });

  test("deleting an organization takes spaces, projects, bindings and restrictions", async () => {
    const place = await makePlace();
    const user = await grant(place);
    await restrict(place.project);
    await account.rest("DELETE", `/v2/organizations/${place.organization}`);
    expect((await account.rest("GET", `/v2/spaces/${place.space}`)).status).toBe(404);
    expect((await account.rest("GET", `/v2/projects/${place.project}`)).status).toBe(404);
    expect([await bindings(user.id, "SPACE"), await bindings(user.id, "PROJECT")]).toEqual([0, 0]);
    const listed = (await account.rest("GET", "/v2/resource-restrictions?limit=100")).body.resource_restrictions;
    expect(listed.map((row: { resource_id: string }) => row.resource_id)).not.toContain(place.project);
  });

  test("deleting a user is terminal: keys stop, the address stays taken, and repeating answers 204", async () => {
    const place = await makePlace();
    const user = await grant(place);
    const { email } = (await account.rest("GET", `/v2/users/${user.id}`)).body;
    expect((await account.rest("DELETE", `/v2/users/${user.id}`)).status).toBe(204);
    expect((await account.rest("DELETE", `/v2/users/${user.id}`)).status).toBe(204);
    expect((await account.rest("GET", "/v2/users", undefined, user.key)).status).toBe(401);
    expect((await account.rest("GET", `/v2/role-bindings?resource_type=SPACE&user_id=${user.id}`)).status).toBe(404);
    const role = { type: "PREDEFINED", name: "MEMBER" };
    const again = await account.rest("POST", "/v2/users", { name: "x", email, role, invite_mode: "EMAIL_LINK" });
    expect(again.status).toBe(409);
  });

  test("deleting oneself is refused", async () => {
    const [self] = (await account.rest("GET", "/v2/users?email=admin@sandbox.example")).body.users;
    expect((await account.rest("DELETE", `/v2/users/${self.id}`)).status).toBe(400);
  });

  test("deleting a role keeps its bindings by default, or drops them, or is refused", async () => {
    const place = await makePlace();
    for (const [roleDeletion, status, left] of [
      ["keeps", 204, 1],
      ["drops", 204, 0],
      ["refuses", 409, 1],
    ] as const) {
      account.sandbox.setSwitches({ roleDeletion });
      const user = await makeMember(place, "MEMBER");
      const role = await account.role(`gone ${++counter}`, ["PROJECT_READ"]);
      await account.bind(role, user.id, "SPACE", place.space);
      expect((await account.rest("DELETE", `/v2/roles/${role}`)).status).toBe(status);
      expect(await bindings(user.id, "SPACE")).toBe(left);
    }
    account.sandbox.setSwitches({ roleDeletion: "keeps" });
    const name = `reuse ${++counter}`;
    const role = await account.role(name, ["PROJECT_READ"]);
    await account.rest("DELETE", `/v2/roles/${role}`);
    const wanted = { name, permissions: ["PROJECT_READ"] };
    expect((await account.rest("POST", "/v2/roles", wanted)).status).toBe(409);
    account.sandbox.setSwitches({ deletedRoleNameReusable: true });
    const again = await account.rest("POST", "/v2/roles", wanted);
    account.sandbox.setSwitches({ deletedRoleNameReusable: false });
    expect(again.status).toBe(201);
    expect(again.body.id).not.toBe(role);
  });

  test("projects that are not generative cannot be restricted", async () => {
    const place = await makePlace();
    const project = await account.project(place.space, "tabular churn");
    account.sandbox.setSwitches({ nonGenerativeProjects: "^tabular" });
    expect((await restrict(project)).status).toBe(422);
    expect((await restrict(place.project)).status).toBe(200);
    account.sandbox.setSwitches({ nonGenerativeProjects: undefined });
  });
});

describe("invitations", () => {
  const invite = (email: string, invite_mode: string, name = "first"): Promise<Answer> =>
    account.rest("POST", "/v2/users", { name, email, role: { type: "PREDEFINED", name: "MEMBER" }, invite_mode });

  test("follow the documented table", async () => {
    const email = `table-${++counter}@example.com`;
    const first = await invite(email, "EMAIL_LINK");
    expect(first).toMatchObject({ status: 201, body: { status: "INVITED", invite_mode: "EMAIL_LINK" } });
    const second = await invite(email.toUpperCase(), "TEMPORARY_PASSWORD", "second");
    expect(second).toMatchObject({ status: 200, body: { id: first.body.id, name: "first" } });
    expect(second.body).not.toHaveProperty("invite_mode");
    expect((await invite(email, "NONE")).status).toBe(409);
    await account.rest("PATCH", `/_sandbox/users/${first.body.id}`, { status: "EXPIRED" });
    const third = await invite(email, "EMAIL_LINK", "third");
    expect(third).toMatchObject({ status: 201, body: { id: first.body.id, name: "third", status: "INVITED" } });
    await account.rest("PATCH", `/_sandbox/users/${first.body.id}`, { status: "ACTIVE" });
    expect((await invite(email, "EMAIL_LINK")).status).toBe(409);
    expect((await invite(email, "NONE")).status).toBe(409);
  });

  test("can be prepared with memberships but give no access until accepted", async () => {
    const place = await makePlace();
    const { id } = (await invite(`prep-${++counter}@example.com`, "EMAIL_LINK")).body;
    expect((await account.joinOrganization(place.organization, id, "MEMBER")).status).toBe(200);
    expect((await account.joinSpace(place.space, id, "MEMBER")).status).toBe(200);
    const key = await account.keyOf(id);
    expect((await account.rest("GET", "/v2/spaces", undefined, key)).status).toBe(401);
    await account.rest("PATCH", `/_sandbox/users/${id}`, { status: "ACTIVE" });
    expect((await account.rest("GET", "/v2/spaces", undefined, key)).body.spaces).toHaveLength(1);
  });

  test("are not resent under enforced SAML, and passwords of single sign-on users are not reset", async () => {
    const { id } = (await invite(`saml-${++counter}@example.com`, "EMAIL_LINK")).body;
    account.sandbox.setSwitches({ samlEnforced: true });
    expect((await account.rest("POST", `/v2/users/${id}/resend-invitation`)).status).toBe(400);
    account.sandbox.setSwitches({ samlEnforced: false });
    await account.rest("PATCH", `/_sandbox/users/${id}`, { status: "ACTIVE", sso: true });
    expect((await account.rest("POST", `/v2/users/${id}/reset-password`)).status).toBe(400);
  });
});

describe("service keys", () => {
  const makeKey = async (place: Place, more: object = {}, key?: string): Promise<Answer> =>
    account.rest(
      "POST",
      "/v2/api-keys",
      {
        key_type: "SERVICE",
        name: `svc ${++counter}`,
        organizations: [{ org_id: place.organization, spaces: [{ space_id: place.space }] }],
        ...more,
      },
      key,
    );

  test("act as a bot user that loses restricted projects until it is bound", async () => {
    const place = await makePlace();
    const { body } = await makeKey(place);
    expect(await sees(body.key, place.project)).toBe(true);
    await restrict(place.project);
    expect(await sees(body.key, place.project)).toBe(false);
    await account.bind(await predefinedRole("Project Viewer"), body.bot_user.id, "PROJECT", place.project);
    expect(await sees(body.key, place.project)).toBe(true);
    await account.rest("PUT", `/v2/api-keys/${body.id}/revoke`);
    expect((await account.rest("GET", "/v2/spaces", undefined, body.key)).status).toBe(401);
  });

  test("never carry a role above the caller's own", async () => {
    const place = await makePlace();
    const member = await makeMember(place, "MEMBER", "MEMBER");
    const wanted = (orgRole: string, spaceRole: string): object => ({
      organizations: [
        {
          org_id: place.organization,
          role: { type: "PREDEFINED", name: orgRole },
          spaces: [{ space_id: place.space, role: { type: "PREDEFINED", name: spaceRole } }],
        },
      ],
    });
    expect((await makeKey(place, wanted("MEMBER", "MEMBER"), member.key)).status).toBe(201);
    expect((await makeKey(place, wanted("ADMIN", "MEMBER"), member.key)).status).toBe(422);
    expect((await makeKey(place, wanted("MEMBER", "ADMIN"), member.key)).status).toBe(422);
    const admin = { account_role: { type: "PREDEFINED", name: "ADMIN" } };
    expect((await makeKey(place, admin, member.key)).status).toBe(422);
    expect((await makeKey(place, admin)).status).toBe(201);
    const reader = await makeMember(place, "MEMBER", "READ_ONLY");
    expect((await makeKey(place, {}, reader.key)).status).toBe(403);
  });

  test("are listed per space, survive their creator, and die with their only space", async () => {
    const place = await makePlace();
    const creator = await makeMember(place, "MEMBER", "MEMBER");
    const { body } = await makeKey(place, {}, creator.key);
    await account.rest("DELETE", `/v2/users/${creator.id}`);
    expect((await account.rest("GET", "/v2/spaces", undefined, body.key)).status).toBe(200);
    const listed = await account.rest("GET", `/v2/api-keys?space_id=${place.space}`);
    expect(listed.body.api_keys).toMatchObject([{ id: body.id, created_by_user_id: creator.id }]);
    expect((await account.rest("GET", "/v2/api-keys?key_type=SERVICE")).body.api_keys).toEqual([]);
    await account.rest("DELETE", `/v2/spaces/${place.space}`);
    expect((await account.rest("GET", "/v2/spaces", undefined, body.key)).status).toBe(401);
  });

  test("bots appear in the user list unless switched off", async () => {
    const { body } = await makeKey(await makePlace());
    const bots = async (): Promise<unknown[]> => (await account.rest("GET", "/v2/users?email=bots.sandbox")).body.users;
    expect(await bots()).toContainEqual(expect.objectContaining({ id: body.bot_user.id }));
    account.sandbox.setSwitches({ botsInUserList: false });
    expect(await bots()).toEqual([]);
    account.sandbox.setSwitches({ botsInUserList: true });
  });
});
