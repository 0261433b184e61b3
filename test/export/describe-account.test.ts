import { describe, expect, test } from "vitest";
import { type DescribedAccount, describeAccount } from "../../src/export/describe-account.ts";
import { KINDS } from "../../src/kinds/registry.ts";
import { writeManifest } from "../../src/manifest/write-manifest.ts";
import type { Address } from "../../src/model/address.ts";
import { PlatformError } from "../../src/model/errors.ts";
import type { SpaceMemberRow } from "../../src/model/platform.ts";
import { observeAccount } from "../../src/state/observe.ts";
import { makeRowsReader, type RowsAccount } from "../support/rows-reader.ts";

const MEMBER = { email: undefined, role: "member", userType: "human" };
const EXPLICIT: Omit<SpaceMemberRow, "userId"> = {
  ...MEMBER,
  membership: "EXPLICIT_MEMBERSHIP",
  customRoleId: undefined,
};

function user(id: string, role = "MEMBER"): Readonly<Record<string, string | boolean>> {
  return { id, email: `${id}@acme.io`, name: id, role, is_developer: true, status: "ACTIVE" };
}

async function tell(
  account: RowsAccount,
  scopes: readonly Address[] = [],
): Promise<{ readonly text: string; readonly described: DescribedAccount }> {
  const selection = { classes: new Set<never>(), under: ["" as const] };
  const observation = await observeAccount({ reader: makeRowsReader(account), kinds: KINDS, selection });
  const described = describeAccount(observation, { scopes, hasGroups: false });
  return { described, text: writeManifest({ head: described.remarks, entries: described.entries }) };
}

const lists = {
  "/v2/users": ["ana", "ben", "cy", "dee", "bot"].map((id) => user(id)),
  "/v2/roles": [{ id: "r", name: "Eval", permissions: ["PROJECT_READ"] }],
  "/v2/organizations": [{ id: "o", name: "Acme" }],
  "/v2/spaces": [{ id: "s", name: "alpha", is_private: true }],
  "/v2/projects": [{ id: "p", name: "web", space_id: "s" }],
};
const organizations = {
  o: [
    ...["ana", "ben", "cy", "dee"].map((userId) => ({ ...MEMBER, userId })),
    { ...MEMBER, userId: "bot", userType: "bot" },
  ],
};

describe("what a manifest cannot say is left out, and a comment says it", () => {
  test("bots, second roles, roles and people whom nobody lists, roles that are not shown, hidden entries", async () => {
    const bindings = [
      { id: "b1", resource_type: "SPACE", resource_id: "s", user_id: "ana", role_id: "r" },
      { id: "b2", resource_type: "SPACE", resource_id: "s", user_id: "ben", role_id: "gone" },
    ];
    const { text, described } = await tell({
      lists: { ...lists, "/v2/role-bindings": ({ query }) => (query["resource_type"] === "SPACE" ? bindings : []) },
      organizations,
      spaces: {
        s: [
          { ...EXPLICIT, userId: "ana" },
          { ...EXPLICIT, userId: "cy", role: undefined },
          { ...EXPLICIT, userId: "dee", role: undefined, membership: "ORGANIZATION_ADMIN" },
          { ...EXPLICIT, userId: "bot", userType: "bot" },
          { ...EXPLICIT, userId: "eve" },
        ],
      },
    });
    expect(text.replace(/^# The member list .*\n/u, "")).toBe(`version: 1
account: rows

# bot@acme.io is the bot of a service key; not managed.
people:
  ana@acme.io: { name: ana, role: member, developer: true }
  ben@acme.io: { name: ben, role: member, developer: true }
  cy@acme.io: { name: cy, role: member, developer: true }
  dee@acme.io: { name: dee, role: member, developer: true }

roles:
  Eval:
    permissions: [PROJECT_READ]

organizations:
  Acme:
    # The bot of a service key, bot@acme.io, is here as member; not managed.
    members:
      ana@acme.io: member
      ben@acme.io: member
      cy@acme.io: member
      dee@acme.io: member
    spaces:
      # An admin right hides whether these have an entry of their own here: dee@acme.io.
      # Somebody whom nobody lists (eve) is here as member and is not the account's to manage.
      # ana@acme.io has two roles here, member and "Eval"; a manifest knows one.
      # ben@acme.io is here as a role that nobody lists (gone), which cannot be written here.
      # The bot of a service key, bot@acme.io, is here as member; not managed.
      # cy@acme.io is here in a role that the server does not show.
      alpha:
        private: true
        projects:
          web: {}
`);
    expect(described.omissions.filter(({ isLoss }) => isLoss).map(({ address }) => address)).toEqual([
      "space-member:Acme/alpha/%00eve",
      "space-member:Acme/alpha/ana@acme.io",
      "space-member:Acme/alpha/ben@acme.io",
      "space-member:Acme/alpha/cy@acme.io",
    ]);
  });

  test("annotators who are also something else, people outside the organization, names that do not fit", async () => {
    const { text } = await tell({
      lists: {
        ...lists,
        "/v2/users": [
          user("ana", "ANNOTATOR"),
          user("ben", "GUEST"),
          { ...user("cy"), name: " cy" },
          { ...user("dee"), email: "dee" },
        ],
        "/v2/roles": [
          { id: "r", name: "Read Only", permissions: [] },
          { id: "n", name: "None", permissions: [], description: "x".repeat(1001) },
          { id: "l", name: "Later", permissions: ["LATER"] },
        ],
        "/v2/spaces": [
          { id: "s", name: "alpha" },
          { id: "t", name: " beta", is_private: true },
        ],
      },
      organizations: {
        o: [
          { ...MEMBER, userId: "ana" },
          { ...MEMBER, userId: "ben" },
          { ...MEMBER, userId: "dee" },
        ],
      },
      spaces: {
        s: [
          { ...EXPLICIT, userId: "cy" },
          { ...EXPLICIT, userId: "ben" },
        ],
        t: [],
      },
    });
    expect(text.split("\n").filter((line) => line.includes("#"))).toEqual([
      '# "dee" cannot be written as an e-mail here.',
      '  # ben@acme.io has the account role "guest", which this version does not know.',
      '  # The name " cy" of cy@acme.io cannot be written here.',
      '# No manifest can declare a custom role called "Read Only".',
      '  # What it holds is not managed, since this version does not know "LATER".',
      "  # Its description cannot be written here, and is not managed.",
      "  # It has no permission, which a manifest cannot say: what it holds is not managed.",
      "    # ana@acme.io is here as member, and in the account as annotator; a manifest does not mix the two.",
      "    # dee is here as member and is not among the people that can be written.",
      '    # The space " beta", and what is in it, is not managed: its name cannot be written here.',
      "      # Whether the space is private is not shown by the server, and is not managed.",
      "        # cy@acme.io is here as member and is not among the members of the organization.",
    ]);
  });

  test("what could not be read, in its place; and at the head what concerns all", async () => {
    const forbidden = (): never => {
      throw new PlatformError("forbidden", "GET", "No.");
    };
    const { text } = await tell({
      lists: { ...lists, "/v2/spaces": forbidden, "/v2/resource-restrictions": forbidden },
    });
    expect(text).toContain("# Reading the spaces of organization:Acme failed. No.\n");
    expect(text).toContain(
      "  # The members could not be read, and are not managed.\n  # The spaces could not be read, and are not managed.\n  Acme: {}\n",
    );
    const narrow = await tell({
      lists: { ...lists, "/v2/resource-restrictions": forbidden },
      organizations,
      spaces: { s: [] },
    });
    expect(narrow.text).toContain(
      "# Whether the project is restricted could not be read, and is not managed.\n          web: {}",
    );
    const nothing = await tell({ lists: { ...lists, "/v2/organizations": forbidden, "/v2/users": forbidden } });
    expect(nothing.text).toContain("# The organizations could not be read, and are not managed.\nversion: 1\n");
  });

  test("two of one name: there may be more than is told", async () => {
    const { text } = await tell({
      lists: { ...lists, "/v2/spaces": [...lists["/v2/spaces"], { id: "s2", name: "alpha" }] },
      organizations,
    });
    expect(text).toContain(
      "# The platform has more than one space called space:Acme/alpha; nothing is removed beside them.\n",
    );
    expect(text).toContain("# The spaces were not read whole: there may be more.\n    spaces:");
  });

  test("entries that are hidden alike in every space are told once", async () => {
    const admin: SpaceMemberRow = { ...EXPLICIT, userId: "dee", membership: "ACCOUNT_ADMIN", role: undefined };
    const both = [...lists["/v2/spaces"], { id: "t", name: "beta", is_private: true }];
    const account = { lists: { ...lists, "/v2/spaces": both }, organizations };
    const { text } = await tell({ ...account, spaces: { s: [admin], t: [admin] } });
    expect(text.match(/hides whether/gu)).toHaveLength(1);
    expect(text).toContain("in these spaces: dee@acme.io.\n    spaces:");
    const apart = await tell({ ...account, spaces: { s: [admin], t: [] } });
    expect(apart.text).toContain("here: dee@acme.io.\n      alpha:");
  });

  test("of one space only what it needs", async () => {
    const { text, described } = await tell({ lists, organizations, spaces: { s: [{ ...EXPLICIT, userId: "cy" }] } }, [
      "space:Acme/alpha",
    ]);
    expect(text).toContain(
      "people:\n  cy@acme.io: { name: cy, role: member, developer: true }\n\norganizations:\n  Acme:\n    spaces:\n",
    );
    expect(text).not.toContain("#");
    expect(described.omissions).toEqual([]);
  });
});
