import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Answer, TestAccount } from "../support/sandbox-account.ts";
import { startTestAccount } from "../support/sandbox-account.ts";

const MEMBERS = `query SpaceMembers($spaceId: ID!, $first: Int, $endCursor: String, $search: String, $userType: UserType) {
  node(id: $spaceId) { ... on Space { id name private
    spaceUsers(first: $first, after: $endCursor, search: $search, userType: $userType) {
      totalCount
      pageInfo { hasNextPage endCursor }
      edges { node { role membership customRole { id name } user { id name email } } } } } } }`;

const PROBE = `query ProbeOrgUser {
  edge: __type(name: "AccountOrganizationUser") { fields { name type { name kind ofType { name kind } } } }
  space: __type(name: "SpaceUser") { fields { name type { name kind ofType { name } } } }
  user: __type(name: "User") { fields { name } }
  mutations: __schema { mutationType { fields { name args { name type { name kind ofType { name } } } } } } }`;

let account: TestAccount;
let organization: string;
let space: string;
let counter = 0;

beforeAll(async () => {
  account = await startTestAccount({ switches: { graphqlQueriesPerMinute: undefined } });
  organization = await account.organization("org");
  space = await account.space(organization, "space");
});
afterAll(() => account.close());

const ask = (spaceId: string, more: object = {}): Promise<Answer> =>
  account.graphql(MEMBERS, { spaceId, first: 50, endCursor: null, search: null, userType: null, ...more });

async function findMember(spaceId: string, userId: string): Promise<unknown> {
  const { edges } = (await ask(spaceId)).body.data.node.spaceUsers;
  const found = edges.find((edge: { node: { user: { id: string } } }) => edge.node.user.id === userId);
  if (found === undefined) return undefined;
  const { role, membership, customRole } = found.node;
  return { role, membership, customRole };
}

async function makeMember(orgRole: string): Promise<string> {
  const id = await account.person(`g${++counter}`);
  await account.joinOrganization(organization, id, orgRole);
  return id;
}

async function withSwitch<T>(switches: object, restore: object, work: () => Promise<T>): Promise<T> {
  account.sandbox.setSwitches(switches);
  try {
    return await work();
  } finally {
    account.sandbox.setSwitches(restore);
  }
}

describe("space users", () => {
  const inherited = (membership: string): object => ({ role: null, membership, customRole: null });

  test("with a predefined role are explicit and show it in GraphQL spelling", async () => {
    const id = await makeMember("MEMBER");
    await account.joinSpace(space, id, "READ_ONLY");
    expect(await findMember(space, id)).toEqual({
      role: "readOnly",
      membership: "EXPLICIT_MEMBERSHIP",
      customRole: null,
    });
  });

  test("with a custom role are explicit and show it, however it was given", async () => {
    const role = await account.role(`g${++counter}`, ["PROJECT_READ"]);
    const [one, two] = [await makeMember("MEMBER"), await makeMember("MEMBER")];
    await account.bind(role, one, "SPACE", space);
    await account.rest("POST", `/v2/spaces/${space}/users`, { user_id: two, role: { type: "CUSTOM", id: role } });
    const expected = {
      role: null,
      membership: "EXPLICIT_MEMBERSHIP",
      customRole: { id: role, name: `g${counter - 2}` },
    };
    expect(await findMember(space, one)).toEqual(expected);
    expect(await findMember(space, two)).toEqual(expected);
  });

  test("in both stores show both, or one by switch", async () => {
    const id = await makeMember("MEMBER");
    const role = await account.role(`g${++counter}`, ["PROJECT_READ"]);
    await account.joinSpace(space, id, "MEMBER");
    await account.bind(role, id, "SPACE", space);
    expect(await findMember(space, id)).toMatchObject({ role: "member", customRole: { id: role } });
    const one = await withSwitch({ bothStoresShown: "custom" }, { bothStoresShown: "both" }, () =>
      findMember(space, id),
    );
    expect(one).toMatchObject({ role: null, customRole: { id: role } });
    const other = await withSwitch({ bothStoresShown: "predefined" }, { bothStoresShown: "both" }, () =>
      findMember(space, id),
    );
    expect(other).toMatchObject({ role: "member", customRole: null });
  });

  test("who inherit access are listed with the reason and no role", async () => {
    const boss = await makeMember("ADMIN");
    const admin = await account.person(`g${++counter}`, "ADMIN");
    const fallback = await makeMember("MEMBER");
    expect(await findMember(space, admin)).toEqual(inherited("ACCOUNT_ADMIN"));
    expect(await findMember(space, boss)).toEqual(inherited("ORGANIZATION_ADMIN"));
    expect(await findMember(space, fallback)).toEqual(inherited("PUBLIC_MEMBERSHIP"));
    const closed = await account.space(organization, `closed ${++counter}`, true);
    expect(await findMember(closed, boss)).toEqual(inherited("ORGANIZATION_ADMIN"));
    expect(await findMember(closed, fallback)).toBeUndefined();
  });

  test("who are admins and also explicit hide the explicit membership, unless switched", async () => {
    const boss = await makeMember("ADMIN");
    await account.joinSpace(space, boss, "MEMBER");
    expect(await findMember(space, boss)).toEqual(inherited("ORGANIZATION_ADMIN"));
    const shown = await withSwitch(
      { adminsHideExplicitMembership: false },
      { adminsHideExplicitMembership: true },
      () => findMember(space, boss),
    );
    expect(shown).toMatchObject({ membership: "EXPLICIT_MEMBERSHIP", role: "member" });
  });

  test("include bots, unless switched, and can be filtered by type and text", async () => {
    const { body } = await account.rest("POST", "/v2/api-keys", {
      key_type: "SERVICE",
      name: "robot",
      organizations: [{ org_id: organization, spaces: [{ space_id: space }] }],
    });
    const bot = body.bot_user.id;
    const expected = { role: "member", membership: "EXPLICIT_MEMBERSHIP", customRole: null };
    expect(await findMember(space, bot)).toEqual(expected);
    const restore = { botsInSpaceUsers: true };
    expect(await withSwitch({ botsInSpaceUsers: false }, restore, () => findMember(space, bot))).toBeUndefined();
    const bots = (await ask(space, { userType: "bot" })).body.data.node.spaceUsers;
    expect(bots).toMatchObject({ totalCount: 1, edges: [{ node: { user: { id: bot } } }] });
    const found = (await ask(space, { search: "ROBOT" })).body.data.node.spaceUsers;
    expect(found.edges).toHaveLength(1);
  });

  test("are paged by cursor, cut to the cap, and need first or last", async () => {
    const place = await account.space(await account.organization("pages"), "pages", true);
    const { organizationId } = {
      organizationId: (await account.rest("GET", "/v2/organizations?name=pages")).body.organizations[0].id,
    };
    for (let n = 0; n < 4; n += 1) {
      const id = await account.person(`page-${n}`);
      await account.joinOrganization(organizationId, id, "MEMBER");
      await account.joinSpace(place, id, "MEMBER");
    }
    const seen: string[] = [];
    let endCursor: string | null = null;
    for (let more = true; more; ) {
      const page: Answer["body"] = (await ask(place, { first: 2, endCursor })).body.data.node.spaceUsers;
      seen.push(...page.edges.map((edge: { node: { user: { id: string } } }) => edge.node.user.id));
      more = page.pageInfo.hasNextPage;
      endCursor = page.pageInfo.endCursor;
    }
    expect(new Set(seen).size).toBe((await ask(place)).body.data.node.spaceUsers.totalCount);
    const capped = await withSwitch({ pageSizeCap: 1 }, { pageSizeCap: 100 }, () => ask(place));
    expect(capped.body.data.node.spaceUsers).toMatchObject({ edges: [{}], pageInfo: { hasNextPage: true } });
    const bare = await ask(place, { first: null });
    expect(bare.body.errors[0].message).toContain('"first" or "last"');
    expect(bare.body.data.node.spaceUsers).toBeNull();
    expect((await ask(place, { endCursor: "nonsense" })).body.errors[0].message).toContain("cursor");
    const last = await account.graphql(
      `query($id: ID!) { node(id: $id) { ... on Space { spaceUsers(last: 1) { edges { node { user { id } } } } } } }`,
      { id: place },
    );
    expect(last.body.data.node.spaceUsers.edges[0].node.user.id).toBe(seen.at(-1));
  });
});

describe("other reads", () => {
  const ROSTER = `query OrgMembers($orgId: ID!) { node(id: $orgId) { ... on AccountOrganization {
    accountOrganizationUsers { pageInfo { hasNextPage } edges { node { user { id email } } } } } } }`;

  test("the roster shows members, with the role unless switched away, and no account admins", async () => {
    const place = await account.organization(`roster ${++counter}`);
    const id = await account.person(`roster-${++counter}`);
    await account.joinOrganization(place, id, "READ_ONLY");
    const { body } = await account.graphql(ROSTER, { orgId: place });
    expect(body.data.node.accountOrganizationUsers.edges).toEqual([
      { node: { user: { id, email: `roster-${counter}@example.com` } } },
    ]);
    const withRole = ROSTER.replace("user {", "role user {");
    expect(
      (await account.graphql(withRole, { orgId: place })).body.data.node.accountOrganizationUsers.edges[0].node.role,
    ).toBe("readOnly");
    const absent = await withSwitch({ orgUserRole: false }, { orgUserRole: true }, () =>
      account.graphql(withRole, { orgId: place }),
    );
    expect(absent.body.errors[0].message).toContain('Cannot query field "role"');
    const admins = await withSwitch({ accountAdminsInOrgRoster: true }, { accountAdminsInOrgRoster: false }, () =>
      account.graphql(ROSTER, { orgId: place }),
    );
    expect(admins.body.data.node.accountOrganizationUsers.edges.length).toBeGreaterThan(1);
  });

  test("introspection answers the probe, follows the switches, and can be off", async () => {
    const { data } = (await account.graphql(PROBE)).body;
    const names = (type: { fields: { name: string }[] }): string[] => type.fields.map((field) => field.name);
    expect(names(data.edge)).toEqual(["id", "user", "role"]);
    expect(names(data.space)).toEqual(["role", "membership", "customRole", "user"]);
    expect(names(data.mutations.mutationType)).toEqual([
      "assignSpaceMembership",
      "removeSpaceMember",
      "createOrganization",
      "createSpace",
      "updateSpace",
      "deleteSpace",
      "createSAMLIdP",
      "updateSAMLIdP",
    ]);
    const absent = await withSwitch({ orgUserRole: false }, { orgUserRole: true }, () => account.graphql(PROBE));
    expect(names(absent.body.data.edge)).toEqual(["id", "user"]);
    const off = await withSwitch({ introspection: false }, { introspection: true }, () => account.graphql(PROBE));
    expect(off.body.errors[0].message).toContain("introspection");
  });

  test("the viewer, the account, its users and its organizations are shown", async () => {
    const { body } = await account.graphql(`{
      viewer { user { id name email accountRole } spaces(first: 1, search: "space") { edges { node { name private } } } }
      account { name createdAt users(search: "admin@", first: 10) { edges { node { email status userType } } }
        organizations(first: 10) { edges { node { name description spaces(first: 1) { edges { node { id } } } } } }
        samlIdPs(first: 1) { edges { node { id } } } allSamlIdPs(first: 1) { edges { node { id } } } } }`);
    expect(body.errors).toBeUndefined();
    expect(body.data.viewer.user).toMatchObject({ email: "admin@sandbox.example", accountRole: "admin" });
    expect(body.data.account).toMatchObject({ name: "sandbox", samlIdPs: { edges: [] } });
    expect(body.data.account.users.edges).toEqual([
      { node: { email: "admin@sandbox.example", status: "active", userType: "human" } },
    ]);
  });

  test("deactivated users stay visible here, and only here", async () => {
    const id = await account.person(`gone-${++counter}`);
    await account.rest("DELETE", `/v2/users/${id}`);
    const { body } = await account.graphql(`query($id: ID!) { node(id: $id) { ... on User { status } } }`, { id });
    expect(body.data.node.status).toBe("inactive");
  });

  test("an unreadable node is null, or null with an error by switch", async () => {
    const closed = await account.space(organization, `closed ${++counter}`, true);
    const key = await account.keyOf(await makeMember("MEMBER"));
    const query = "query($id: ID!) { node(id: $id) { id } }";
    const plain = await account.graphql(query, { id: closed }, key);
    expect(plain.body).toEqual({ data: { node: null } });
    const loud = await withSwitch({ unreadableNode: "error" }, { unreadableNode: "null" }, () =>
      account.graphql(query, { id: closed }, key),
    );
    expect(loud.body).toMatchObject({ data: { node: null }, errors: [{ message: "not found" }] });
  });
});

describe("mutations", () => {
  test("assign many memberships at once, all or none", async () => {
    const [one, two, outsider] = [
      await makeMember("MEMBER"),
      await makeMember("MEMBER"),
      await account.person(`x${++counter}`),
    ];
    const role = await account.role(`g${++counter}`, ["PROJECT_READ"]);
    const assign = (spaceMemberships: unknown): Promise<Answer> =>
      account.graphql(
        `mutation Assign($input: AssignSpaceMembershipMutationInput!) { assignSpaceMembership(input: $input) {
          spaceMemberships { id role user { id name email } } clientMutationId } }`,
        { input: { spaceMemberships, clientMutationId: "c1" } },
      );
    const done = await assign([
      { userId: one, spaceId: space, role: "readOnly", customRoleId: null },
      { userId: two, spaceId: space, customRoleId: role },
    ]);
    expect(done.body.data.assignSpaceMembership).toMatchObject({
      clientMutationId: "c1",
      spaceMemberships: [
        { role: "readOnly", user: { id: one } },
        { role: null, user: { id: two } },
      ],
    });
    const failed = await assign([
      { userId: one, spaceId: space, role: "admin" },
      { userId: outsider, spaceId: space, role: "member" },
    ]);
    expect(failed.body.errors[0].message).toContain("organization");
    expect(await findMember(space, one)).toMatchObject({ role: "readOnly" });
    const both = await assign([{ userId: one, spaceId: space, role: "admin", customRoleId: role }]);
    expect(both.body.errors[0].message).toContain("Exactly one");
  });

  test("remove members, and make, change and delete places under the same rules as REST", async () => {
    const id = await makeMember("MEMBER");
    await account.joinSpace(space, id, "MEMBER");
    const removed = await account.graphql(
      `mutation($input: RemoveSpaceMemberMutationInput!) { removeSpaceMember(input: $input) { space { id name } } }`,
      { input: { spaceId: space, userId: id } },
    );
    expect(removed.body.data.removeSpaceMember.space).toEqual({ id: space, name: "space" });
    expect(await findMember(space, id)).toMatchObject({ membership: "PUBLIC_MEMBERSHIP" });
    const name = `made ${++counter}`;
    const made = await account.graphql(
      `mutation($name: String!) { createOrganization(input: { name: $name }) { organization { id name } } }`,
      { name },
    );
    const accountOrganizationId = made.body.data.createOrganization.organization.id;
    const placed = await account.graphql(
      `mutation($input: CreateSpaceMutationInput!) { createSpace(input: $input) { space { id name private } } }`,
      { input: { accountOrganizationId, name: "s", private: true } },
    );
    const spaceId = placed.body.data.createSpace.space.id;
    const changed = await account.graphql(
      `mutation($input: UpdateSpaceMutationInput!) { updateSpace(input: $input) { space { name private description } } }`,
      { input: { spaceId, name: null, private: false, description: "d" } },
    );
    expect(changed.body.data.updateSpace.space).toEqual({ name: "s", private: false, description: "d" });
    const key = await account.keyOf(await makeMember("MEMBER"));
    const remove = `mutation($input: DeleteSpaceMutationInput!) { deleteSpace(input: $input) { spaceId } }`;
    expect((await account.graphql(remove, { input: { spaceId } }, key)).body.errors[0].message).toContain("not found");
    expect((await account.graphql(remove, { input: { spaceId } })).body.data.deleteSpace.spaceId).toBe(spaceId);
    expect((await account.rest("GET", `/v2/spaces/${spaceId}`)).status).toBe(404);
  });
});

describe("limits", () => {
  const COST = MEMBERS.replace("{\n  node", "{ rateLimit { limit cost }\n  node");

  test("the member query costs 10 + first * 11 by the documented arithmetic", async () => {
    for (const first of [1, 50, 80]) {
      const { body } = await account.graphql(COST, { spaceId: space, first });
      expect(body.data.rateLimit).toEqual({ limit: 1000, cost: 10 + first * 11 + 3 });
    }
  });

  test("a call over 1000 points is refused, also by aliases, literals and fragments", async () => {
    const { body } = await ask(space, { first: 100 });
    expect(body).toEqual({ errors: [{ message: "Query complexity 1110 exceeds the limit of 1000." }] });
    const nested = await account.graphql(`
      fragment Places on AccountOrganization { spaces(first: 50) { edges { node { spaceUsers(first: 50) { edges { node { role } } } } } } }
      { account { organizations(first: 10) { edges { node { ...Places } } } } }`);
    expect(nested.body.errors[0].message).toContain("complexity");
    const aliases = await account.graphql(
      `query($id: ID!) { a: node(id: $id) { ...M } b: node(id: $id) { ...M } }
       fragment M on Space { spaceUsers(first: 100) { edges { node { role membership user { id name } } } } }`,
      { id: space },
    );
    expect(aliases.body.errors[0].message).toContain("complexity");
    const off = await withSwitch({ complexityLimit: undefined }, { complexityLimit: 1000 }, () =>
      ask(space, { first: 100 }),
    );
    expect(off.body.errors).toBeUndefined();
  });

  test("100 queries and 300 mutations a minute, with 429 and Retry-After, or an error by switch", async () => {
    const each = await startTestAccount();
    const query = (): Promise<Answer> => each.graphql("{ viewer { id } }");
    for (let n = 0; n < 100; n += 1) await query();
    const over = await query();
    expect(over.status).toBe(429);
    expect(over.headers.get("retry-after")).toBe("60");
    expect(over.body.errors[0].message).toMatch(/rate limit/i);
    const place = await each.space(await each.organization("o"), "s");
    const mutation = `mutation($id: ID!) { updateSpace(input: { spaceId: $id }) { space { id } } }`;
    expect((await each.graphql(mutation, { id: place })).status).toBe(200);
    each.sandbox.setSwitches({ graphqlMutationsPerMinute: 1, graphqlRateSignal: "error" });
    const refused = await each.graphql(mutation, { id: place });
    expect(refused.status).toBe(200);
    expect(refused.body.errors[0].message).toMatch(/rate limit/i);
    each.advance(60_000);
    expect((await query()).status).toBe(200);
    await each.close();
  });
});

describe("transport", () => {
  test("only the x-api-key header counts, and the account may have no GraphQL", async () => {
    const { url, adminKey } = account.sandbox;
    const body = JSON.stringify({ query: "{ viewer { id } }" });
    const bearer = { authorization: `Bearer ${adminKey}`, "content-type": "application/json" };
    expect((await fetch(`${url}/graphql`, { method: "POST", headers: bearer, body })).status).toBe(401);
    expect((await account.graphql("{ viewer { id } }", undefined, "wrong")).status).toBe(401);
    const off = await withSwitch({ graphqlEnabled: false }, { graphqlEnabled: true }, () =>
      account.graphql("{ viewer { id } }"),
    );
    expect(off.status).toBe(403);
  });

  test("broken JSON is 400, a broken query 200 with errors", async () => {
    const { url, adminKey } = account.sandbox;
    const send = (body: string): Promise<Response> =>
      fetch(`${url}/graphql`, { method: "POST", headers: { "x-api-key": adminKey }, body });
    expect((await send("{")).status).toBe(400);
    expect((await send('{"query": 1}')).status).toBe(400);
    expect((await send('{"query": "{a}", "variables": []}')).status).toBe(400);
    const syntax = await account.graphql("{ viewer {");
    expect(syntax).toMatchObject({ status: 200, body: { errors: [{ message: expect.stringContaining("Syntax") }] } });
    const unnamed = await account.graphql("query A { viewer { id } } query B { viewer { id } }");
    expect(unnamed.body.errors).toHaveLength(1);
  });
});
