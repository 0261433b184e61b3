import { expect } from "vitest";
import { KINDS } from "../../src/kinds/registry.ts";
import type { Address } from "../../src/model/address.ts";
import { describeKindContract, type KindSample } from "../support/kind-contract.ts";
import { idIn, type OpenAccount } from "../support/open-account.ts";
import { buildManifest, type SpaceText } from "../support/world-builder.ts";

const ANA = "ana@example.com";
const IN_BOTH: Address = `space-member:Platform/alpha/${ANA}`;

const inAlpha = (alpha: SpaceText) => buildManifest({ organizations: { Platform: { spaces: { alpha } } } });
const kindNamed = (name: string) => {
  const kind = KINDS.find((each) => each.name === name);
  if (kind === undefined) throw new Error(`no kind ${name}`);
  return kind;
};

/** What each of the two stores of space access says of ana in Platform/alpha. */
async function readStores(open: OpenAccount): Promise<{ readonly row: unknown; readonly bindings: readonly string[] }> {
  const { account, reader } = open;
  const [spaces, users, bindings] = await Promise.all([
    reader.list({ path: "/v2/spaces", query: {}, collection: "spaces" }),
    reader.list({ path: "/v2/users", query: { email: ANA }, collection: "users" }),
    reader.list({ path: "/v2/role-bindings", query: { resource_type: "SPACE" }, collection: "role_bindings" }),
  ]);
  const space = String(spaces[0]?.["id"]);
  const user = users[0]?.["id"];
  const query =
    "query ($id: ID!) { node(id: $id) { ... on Space { spaceUsers(first: 50) { edges { node { role customRole { name } user { id } } } } } } }";
  const { body } = await account.graphql(query, { id: space });
  const edges: readonly { node: { role: unknown; user: { id: string } } }[] = body.data.node.spaceUsers.edges;
  return {
    row: edges.find(({ node }) => node.user.id === user)?.node.role,
    bindings: bindings.flatMap((row) =>
      row["user_id"] === user && row["resource_id"] === space ? [String(row["role_id"])] : [],
    ),
  };
}

const expectOnlyRow =
  (role: string): NonNullable<KindSample["updates"][number]["check"]> =>
  async (open) =>
    expect(await readStores(open)).toEqual({ row: role, bindings: [] });

const expectOnlyBinding =
  (role: Address): NonNullable<KindSample["updates"][number]["check"]> =>
  async (open, { world }) =>
    expect(await readStores(open)).toEqual({ row: null, bindings: [idIn(world, role)] });

const SPACE_MEMBER: KindSample = {
  kind: kindNamed("space-member"),
  manifest: inAlpha({ members: { [ANA]: "member" } }),
  address: IN_BOTH,
  updates: [
    { title: "predefined to predefined", to: { role: "read-only" }, check: expectOnlyRow("readOnly") },
    {
      title: "predefined to custom",
      to: { role: "role:reviewer", also: null },
      check: expectOnlyBinding("role:reviewer"),
    },
    { title: "custom to custom", to: { role: "role:auditor", also: null }, check: expectOnlyBinding("role:auditor") },
    { title: "custom to predefined", to: { role: "admin", also: null }, check: expectOnlyRow("admin") },
  ],
};

const SERVICE_KEY: KindSample = {
  kind: kindNamed("service-key"),
  manifest: inAlpha({
    serviceKeys: { ci: { role: "role:reviewer", description: "for the pipeline", expires: "2027-01-01T00:00:00Z" } },
  }),
  address: "service-key:Platform/alpha/ci",
  updates: [{ title: "an earlier end", to: { expires: "2026-12-01T00:00:00Z" }, newId: true }],
  removedAgain: "deleted",
};

const SAMPLES: readonly KindSample[] = [
  {
    kind: kindNamed("role"),
    manifest: buildManifest({
      roles: { triage: { permissions: ["SPACE_READ", "PROJECT_READ"] }, other: { permissions: ["SPACE_READ"] } },
    }),
    address: "role:triage",
    updates: [
      { title: "description set", to: { description: "who looks first" } },
      { title: "description cleared", to: { description: "" } },
      { title: "permissions", to: { permissions: { DATASET_READ: true, SPACE_READ: true } } },
      { title: "name", to: {}, renamedTo: "role:triage 100%25 %2F more" },
    ],
  },
  {
    kind: kindNamed("role"),
    manifest: buildManifest({ roles: { told: { permissions: ["SPACE_READ"], description: "told" } } }),
    address: "role:told",
    updates: [],
  },
  {
    kind: kindNamed("role"),
    manifest: buildManifest({ roles: { untold: { permissions: ["SPACE_READ"], description: "" } } }),
    address: "role:untold",
    updates: [],
  },
  {
    kind: kindNamed("organization"),
    manifest: buildManifest({ organizations: { Labs: {} } }),
    address: "organization:Labs",
    updates: [
      { title: "description set", to: { description: "set" } },
      { title: "description cleared", to: { description: "" } },
      { title: "name and description", to: { description: "both" }, renamedTo: "organization:Labs%2FEast" },
    ],
  },
  {
    kind: kindNamed("organization"),
    manifest: buildManifest({ organizations: { Labs: { description: "" } } }),
    address: "organization:Labs",
    updates: [],
  },
  {
    kind: kindNamed("space"),
    manifest: buildManifest({ organizations: { Platform: { spaces: { beta: {} } } } }),
    address: "space:Platform/beta",
    updates: [
      { title: "private", to: { private: true } },
      { title: "public", to: { private: false } },
      { title: "description set", to: { description: "set" } },
      { title: "description cleared", to: { description: "" } },
      { title: "name", to: {}, renamedTo: "space:Platform/beta%2Ftwo" },
    ],
  },
  {
    kind: kindNamed("space"),
    manifest: buildManifest({
      organizations: { Platform: { spaces: { beta: { description: "set", private: true } } } },
    }),
    address: "space:Platform/beta",
    updates: [],
  },
  {
    kind: kindNamed("user"),
    manifest: buildManifest({
      people: { "cleo@example.com": { name: "Cleo", role: "member", developer: false, invite: "none" } },
      offboard: ["gone@example.com"],
    }),
    address: "user:cleo@example.com",
    updates: [
      { title: "name", to: { name: "Cleo Q." } },
      { title: "developer", to: { developer: true } },
      { title: "both", to: { name: "Cleo", developer: false } },
    ],
    // A deletion is answered with 204 however often it is repeated.
    removedAgain: "deleted",
  },
  {
    kind: kindNamed("project"),
    manifest: inAlpha({ projects: { router: {} } }),
    address: "project:Platform/alpha/router",
    updates: [{ title: "name", to: {}, renamedTo: "project:Platform/alpha/router %25" }],
  },
  {
    kind: kindNamed("org-member"),
    manifest: buildManifest({ organizations: { Platform: { members: { "ben@example.com": "read-only" } } } }),
    address: "org-member:Platform/ben@example.com",
    updates: [
      { title: "up", to: { role: "admin" } },
      { title: "down", to: { role: "member" } },
    ],
  },
  SPACE_MEMBER,
  {
    ...SPACE_MEMBER,
    manifest: inAlpha({ members: { [ANA]: "role:reviewer" } }),
    switches: { customSwitchLeavesRow: false, predefinedSwitchLeavesBinding: false },
  },
  {
    kind: kindNamed("binding"),
    manifest: inAlpha({ projects: { chatbot: { bindings: { [ANA]: "role:Project Viewer" } } } }),
    address: `binding:Platform/alpha/chatbot/${ANA}`,
    updates: [
      { title: "to another predefined role", to: { role: "role:Project Admin" } },
      { title: "to a custom role", to: { role: "role:reviewer" } },
    ],
  },
  {
    kind: kindNamed("restriction"),
    manifest: inAlpha({ projects: { chatbot: { restricted: true } } }),
    address: "restriction:Platform/alpha/chatbot",
    updates: [{ title: "nothing, since there is nothing in it", to: {} }],
  },
  {
    ...SERVICE_KEY,
    switches: { botUserOnListedKeys: true, revokeRemovesBotUser: true },
  },
  { ...SERVICE_KEY, switches: { revokeRemovesBotUser: true } },
  {
    kind: kindNamed("saml-provider"),
    manifest: buildManifest({ saml: [{ domain: "example.com", sync: true }] }),
    address: "saml-provider:example.com",
    isGiven: true,
    updates: [
      { title: "roles are synced", to: { sync: true } },
      { title: "roles are not synced", to: { sync: false } },
    ],
  },
  {
    kind: kindNamed("saml-mapping"),
    manifest: buildManifest({
      saml: [
        {
          domain: "example.com",
          mappings: {
            mode: "additive",
            list: [
              {
                at: { file: "access.yaml", line: 1, column: 1, length: 1 },
                when: { team: "ml", "a=b/c": "d&e" },
                accountAdmin: false,
                organization: { name: "Platform", role: "member" },
                spaces: new Map([["space:Platform/alpha", "role:reviewer"]]),
              },
            ],
          },
        },
      ],
    }),
    address: "saml-mapping:example.com/a\\=b%2Fc=d\\&e&team=ml",
    updates: [
      { title: "predefined", to: { spaces: { "space:Platform/alpha": "read-only" } } },
      { title: "an account admin", to: { account_admin: true, spaces: {} } },
      { title: "without an organization", to: { organization: null, organization_role: null } },
      {
        title: "everything at once",
        to: {
          account_admin: false,
          organization: "organization:Platform",
          organization_role: "read-only",
          spaces: { "space:Platform/alpha": "role:auditor" },
        },
      },
    ],
  },
];

describeKindContract(SAMPLES);
