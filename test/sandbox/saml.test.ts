import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startTestAccount, type TestAccount } from "../support/sandbox-account.ts";

const FIELDS =
  "id emailDomainsList { domain } metadataUrl enforceSaml syncUserRoles allowLoginWithDefaults isManagedByFile roleMappings { id attributesMap isAccountAdmin orgRole { orgId roleId } spaceRolesMap spaceRbacRolesMap }";
const CREATE = `mutation ($input: CreateSAMLIdPInput!) { out: createSAMLIdP(input: $input) { idp { ${FIELDS} } error } }`;
const UPDATE = `mutation ($input: UpdateSAMLIdPInput!) { out: updateSAMLIdP(input: $input) { idp { ${FIELDS} } error } }`;
const READ = `{ account { samlIdPs(first: 5) { edges { node { ${FIELDS} } } } } }`;

let account: TestAccount;
let organization: string;
let other: string;
let alpha: string;
let beta: string;
let auditor: string;
let counter = 0;

beforeAll(async () => {
  account = await startTestAccount({
    switches: { graphqlQueriesPerMinute: undefined, graphqlMutationsPerMinute: undefined },
  });
  organization = await account.organization("Platform");
  other = await account.organization("Other");
  alpha = await account.space(organization, "alpha");
  beta = await account.space(organization, "beta");
  auditor = await account.role("auditor", ["SPACE_READ"]);
});
afterAll(() => account.close());

const mapping = (value: string, more: object = {}) => ({ attributesMap: [["team", value]], ...more });
const member = (more: object = {}) => ({ orgRole: { orgId: organization, roleId: "member" }, ...more });

async function create(mappings: readonly object[], more: object = {}) {
  const input = {
    metadataUrl: "https://idp.example",
    emailDomainsList: [{ domain: `d${++counter}.example` }],
    roleMappings: { mappingsList: mappings },
    ...more,
  };
  const { body } = await account.graphql(CREATE, { input });
  return { ...body.data.out, input };
}

async function update(input: object) {
  return (await account.graphql(UPDATE, { input })).body.data.out;
}

describe("identity providers", () => {
  test("are made, and an update replaces the whole list: what is left out is gone", async () => {
    const made = await create(
      [mapping("a", member({ spaceRbacRolesMap: [[alpha, auditor]] })), mapping("b", member())],
      { syncUserRoles: true },
    );
    expect(made.error).toBeNull();
    expect(made.idp).toMatchObject({ syncUserRoles: true, enforceSaml: false, isManagedByFile: false });
    const [first] = made.idp.roleMappings;
    const { spaceRbacRolesMap: _, ...without } = first;
    const changed = await update({ ...made.input, id: made.idp.id, roleMappings: { mappingsList: [without] } });
    expect(changed.idp.roleMappings).toEqual([{ ...first, spaceRbacRolesMap: [] }]);
    const { body } = await account.graphql(READ);
    const nodes: readonly { readonly node: unknown }[] = body.data.account.samlIdPs.edges;
    expect(nodes.map(({ node }) => node)).toContainEqual(changed.idp);
  });

  test.each([
    ["no domain", [mapping("a")], { emailDomainsList: [] }, "domain is required"],
    ["no metadata", [mapping("a")], { metadataUrl: null }, "Metadata"],
    ["no mapping and no defaults", [], {}, "At least one mapping"],
    ["an unknown id", [mapping("a", { id: "none" })], {}, "Mapping"],
    ["an unknown role", [mapping("a", { orgRole: { orgId: "x", roleId: "boss" } })], {}, "x"],
  ])("%s is refused in the payload", async (_, mappings, more, text) => {
    const made = await create(mappings, more);
    expect(made.idp).toBeNull();
    expect(made.error).toContain(text);
  });

  test("a space has one kind of role, an organization admin has no role in a space, and a domain one provider", async () => {
    const mixed = await create([
      mapping("a", member({ spaceRolesMap: [[alpha, "admin"]] })),
      mapping("b", member({ spaceRbacRolesMap: [[alpha, auditor]] })),
    ]);
    expect(mixed.error).toContain("not both");
    const orgRole = { orgId: organization, roleId: "admin" };
    const admin = await create([mapping("a", { orgRole, spaceRolesMap: [[alpha, "member"]] })]);
    expect(admin.error).toContain("organization admin");
    expect((await create([mapping("a", member({ spaceRolesMap: [[alpha, "boss"]] }))])).error).toContain("boss");
    const one = await create([], { allowLoginWithDefaults: true });
    expect(one.error).toBeNull();
    expect((await create([mapping("a")], { emailDomainsList: one.input.emailDomainsList })).error).toContain("another");
  });

  test("only account admins see and change them, and nobody where a file manages them", async () => {
    const made = await create([mapping("a")]);
    const key = await account.keyOf(await account.person("plain"));
    expect((await account.graphql(READ, {}, key)).body.data.account.samlIdPs.edges).toEqual([]);
    expect((await account.graphql(CREATE, { input: made.input }, key)).body.data.out.idp).toBeNull();
    account.sandbox.setSwitches({ samlManagedByFile: true });
    expect((await update({ ...made.input, id: made.idp.id })).error).toContain("read-only");
    account.sandbox.setSwitches({ samlManagedByFile: false });
    expect((await update({ ...made.input, id: made.idp.id })).error).toBeNull();
  });
});

describe("a login over SAML", () => {
  let domain: string;
  let idp: { readonly id: string; readonly input: object };

  beforeEach(async () => {
    const made = await create(
      [
        mapping("a", member({ spaceRolesMap: [[alpha, "readOnly"]] })),
        { attributesMap: [["level", "lead"]], ...member({ spaceRolesMap: [[alpha, "admin"]] }) },
        { attributesMap: [["audit", "yes"]], ...member({ spaceRbacRolesMap: [[beta, auditor]] }) },
        { attributesMap: [["boss", "yes"]], isAccountAdmin: true },
      ],
      { syncUserRoles: true },
    );
    domain = made.input.emailDomainsList[0]?.domain ?? "";
    idp = {
      id: made.idp.id,
      input: { ...made.input, id: made.idp.id, roleMappings: { mappingsList: made.idp.roleMappings } },
    };
  });

  const logIn = (attributes: object, name = "ana") =>
    account.rest("POST", "/_sandbox/saml/login", { email: `${name}@${domain}`, name, attributes });
  const roleIn = async (space: string, user: string) => {
    const query =
      "query ($id: ID!) { node(id: $id) { ... on Space { spaceUsers(first: 50) { edges { node { role membership customRole { name } user { id } } } } } } }";
    const { body } = await account.graphql(query, { id: space });
    const edges: readonly {
      node: { role: string; membership: string; customRole: { name: string } | null; user: { id: string } };
    }[] = body.data.node.spaceUsers.edges;
    const found = edges.find(({ node }) => node.user.id === user)?.node;
    return found?.membership === "EXPLICIT_MEMBERSHIP" ? (found.role ?? found.customRole?.name) : undefined;
  };

  test("makes a new person with what the mappings give: the most permissive built-in role, the first custom one", async () => {
    const { body } = await logIn({ team: "a", level: "lead", audit: "yes" });
    expect(body).toMatchObject({ is_new: true });
    expect(body.mappings).toHaveLength(3);
    expect(await roleIn(alpha, body.user_id)).toBe("admin");
    expect(await roleIn(beta, body.user_id)).toBe("auditor");
    const boss = await logIn({ boss: "yes" }, "boss");
    expect((await account.rest("GET", `/v2/users/${boss.body.user_id}`)).body.role.name).toBe("ADMIN");
  });

  test("applies the mappings again where roles are synced, and takes away what none mentions", async () => {
    const { body } = await logIn({ team: "a" });
    await account.joinOrganization(other, body.user_id, "MEMBER");
    await account.joinSpace(beta, body.user_id, "ADMIN");
    await account.joinSpace(alpha, body.user_id, "ADMIN");
    expect((await logIn({ team: "a" })).body.is_new).toBe(false);
    expect(await roleIn(alpha, body.user_id)).toBe("readOnly");
    expect(await roleIn(beta, body.user_id)).toBeUndefined();
    expect((await account.joinSpace(await account.space(other, `s${counter}`), body.user_id, "MEMBER")).status).toBe(
      400,
    );
  });

  test("leaves what no mapping mentions by switch, and everything where roles are not synced", async () => {
    const { body } = await logIn({ team: "a" });
    await account.joinSpace(beta, body.user_id, "ADMIN");
    await account.joinSpace(alpha, body.user_id, "ADMIN");
    account.sandbox.setSwitches({ samlSyncRemovesUnmapped: false });
    await logIn({ team: "a" });
    account.sandbox.setSwitches({ samlSyncRemovesUnmapped: true });
    expect([await roleIn(alpha, body.user_id), await roleIn(beta, body.user_id)]).toEqual(["readOnly", "admin"]);
    await account.joinSpace(alpha, body.user_id, "ADMIN");
    await update({ ...idp.input, syncUserRoles: false });
    expect((await logIn({ team: "a" })).body.mappings).toEqual([]);
    expect(await roleIn(alpha, body.user_id)).toBe("admin");
  });

  test("is refused to strangers whom nothing fits, to the deactivated, and without a provider", async () => {
    expect((await logIn({ team: "none" }, "stranger")).status).toBe(403);
    const { body } = await logIn({ team: "a" }, "leaver");
    await account.rest("DELETE", `/v2/users/${body.user_id}`);
    expect((await logIn({ team: "a" }, "leaver")).status).toBe(403);
    const post = (path: string, wanted: object) => account.rest("POST", `/_sandbox/saml/${path}`, wanted);
    expect((await post("login", { email: "x@nowhere.example" })).status).toBe(404);
    expect((await post("login", {})).status).toBe(400);
    expect((await post("logout", {})).status).toBe(404);
    await update({ ...idp.input, allowLoginWithDefaults: true });
    expect((await logIn({ team: "none" }, "guest")).status).toBe(200);
  });
});
