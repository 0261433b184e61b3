import { afterEach, describe, expect, it } from "vitest";
import { organizationMemberAddress, orgMembership } from "../../src/kinds/org-membership.ts";
import type { Address } from "../../src/model/address.ts";
import type { DraftChange } from "../../src/model/kind.ts";
import type { SandboxSwitches } from "../../src/sandbox/start-sandbox.ts";
import { listAllRead } from "../support/all-read.ts";
import { observeWhole } from "../support/kind-contract.ts";
import {
  describeSeen,
  idIn,
  lookAt,
  type OpenAccount,
  openAccount,
  seenAt,
  writeContext,
} from "../support/open-account.ts";
import { makeRowsReader } from "../support/rows-reader.ts";
import { Authoritative, buildDeclared, buildLive, buildManifest, buildWorld } from "../support/world-builder.ts";

const BOSS = "org-member:Platform/boss@example.com";
const ADMIN = "org-member:Platform/admin@sandbox.example";
const ANA = "org-member:Platform/ana@example.com";

let open: OpenAccount | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});

/** Platform with ana (member) and boss, who is account admin and a member besides. */
async function openPlatform(switches: Partial<SandboxSwitches> = {}) {
  open = await openAccount(switches);
  const { account } = open;
  const organization = await account.organization("Platform");
  const [ana, boss] = await Promise.all([account.person("ana"), account.person("boss", "ADMIN")]);
  await account.joinOrganization(organization, ana, "MEMBER");
  await account.joinOrganization(organization, boss, "READ_ONLY");
  return { open, organization, ana, boss };
}

describe("organization member", () => {
  it("is declared for each organization, and lapses when its grant does", () => {
    const members = { "Ana@Example.com": { role: "member", expires: "2026-09-01T00:00:00Z", group: "core" } } as const;
    const manifest = buildManifest({
      organizations: { Platform: { members: new Authoritative(members) }, Labs: { members: {} }, Bare: {} },
    });
    expect(orgMembership.declare(manifest)).toMatchObject([
      {
        resource: { address: ANA, spec: { role: "member" }, origin: { group: "core" } },
        present: true,
        expires: "2026-09-01T00:00:00Z",
      },
    ]);
    expect(orgMembership.managedClasses(manifest)).toEqual([
      { key: "org-member@organization:Platform", mode: "authoritative" },
      { key: "org-member@organization:Labs", mode: "additive" },
    ]);
    expect(orgMembership.declare(buildManifest({}))).toEqual([]);
    expect(orgMembership.managedClasses(buildManifest({}))).toEqual([]);
  });

  it("hangs on the organization and the person, and takes along what rests on it", () => {
    const world = buildWorld(
      "space-member:Platform/alpha/ana@example.com",
      "space-member:Platform/alpha/ben@example.com",
      "space-member:Platform 2/alpha/ana@example.com",
      "binding:Platform/alpha/chatbot/ana@example.com",
      "org-member:Platform/ana@example.com",
    );
    expect(orgMembership.attachedTo(ANA)).toEqual(["organization:Platform", "user:ana@example.com"]);
    expect(orgMembership.needs(buildDeclared(ANA), world)).toEqual(["organization:Platform", "user:ana@example.com"]);
    expect(orgMembership.cascadeOf(ANA, world)).toEqual({
      certain: ["space-member:Platform/alpha/ana@example.com"],
      possible: ["binding:Platform/alpha/chatbot/ana@example.com"],
    });
    expect(orgMembership.whyNotCreatable(buildDeclared(ANA, { role: "member" }))).toBeUndefined();
    expect(orgMembership.whyNotCreatable(buildDeclared(ANA))).toBe("Which role it was is not known.");
  });

  it("tells where the role before cannot be seen", () => {
    const change = (op: DraftChange["op"], unknown?: readonly string[]): DraftChange => ({
      op,
      address: ANA,
      before: buildLive(ANA, {}, unknown === undefined ? {} : { unknown }),
      after: buildDeclared(ANA, { role: "member" }),
      fields: [],
    });
    const worlds = { live: buildWorld(), planned: buildWorld() };
    expect(orgMembership.notesOn(change("update", ["role"]))).toHaveLength(1);
    expect(orgMembership.notesOn(change("update"))).toEqual([]);
    expect(orgMembership.notesOn(change("delete", ["role"]))).toEqual([]);
    expect(orgMembership.follows(change("delete"), worlds)).toEqual([]);
    expect(orgMembership.hazardsOf(change("update", ["role"]), worlds).map(({ code }) => code)).toEqual(["blind"]);
  });

  it("shows an account admin who was never added as covered, where the roster does, and never as a member", async () => {
    const { open } = await openPlatform({ accountAdminsInOrgRoster: true });
    const seen = await observeWhole(open);
    expect(seen.world.has(ADMIN)).toBe(false);
    expect([...seen.covered]).toContain(ADMIN);
    expect(seenAt(seen, BOSS)?.spec).toEqual({ role: "read-only" });
    expect(await lookAt(open, orgMembership, { world: seen.world, address: ADMIN })).toBeUndefined();
  });

  it("has an unknown role where the server shows none, and account admins are covered then", async () => {
    const { open, organization, boss } = await openPlatform({ orgUserRole: false, accountAdminsInOrgRoster: true });
    const seen = await observeWhole(open);
    expect(seen.world.get(ANA)).toMatchObject({ spec: {}, unknown: ["role"] });
    expect([...seen.covered].filter((address) => address.startsWith("org-member:"))).toEqual([ADMIN, BOSS]);
    const { world } = seen;
    for (const address of [ADMIN, BOSS, ANA] as const) {
      const looked = await lookAt(open, orgMembership, { world, address });
      expect(describeSeen(looked), address).toEqual(seenAt(seen, address));
    }
    const believed = { organization, user: boss };
    expect(await lookAt(open, orgMembership, { world, address: BOSS, believed })).toBeUndefined();
  });

  it("stays covered after it was ensured, so that nothing goes round in circles", async () => {
    const { open } = await openPlatform({ orgUserRole: false, accountAdminsInOrgRoster: true });
    const before = await observeWhole(open);
    await orgMembership.create(writeContext(open, { world: before.world, address: ADMIN, to: { role: "admin" } }));
    const after = await observeWhole(open);
    expect(after.covered).toEqual(before.covered);
    expect([...after.world.keys()]).toEqual([...before.world.keys()]);
  });

  it.each([true, false])(
    "goes with its space members, and with its project bindings where the server says so: %s",
    async (drops) => {
      const { open, organization, ana } = await openPlatform({ orgRemovalDropsProjectBindings: drops });
      const { account } = open;
      const space = await account.space(organization, "alpha");
      await account.joinSpace(space, ana, "MEMBER");
      const project = await account.project(space, "chatbot");
      const role = await account.role("reviewer", ["PROJECT_READ"]);
      await account.bind(role, ana, "PROJECT", project);
      const before = await observeWhole(open);
      const { certain, possible } = orgMembership.cascadeOf(ANA, before.world);
      const remote = { organization, user: ana };
      await orgMembership.remove(writeContext(open, { world: before.world, address: ANA, remote }));
      const after = await observeWhole(open);
      const gone = [...before.world.keys()].filter((address) => !after.world.has(address));
      expect(gone).toEqual([...(drops ? possible : []), ANA, ...certain]);
    },
  );

  it("keeps bots, and whoever is not in the list of people, from ever being removed", async () => {
    const { open, organization } = await openPlatform({ botsInUserList: false });
    const space = await open.account.space(organization, "alpha");
    await open.account.rest("POST", "/v2/api-keys", {
      key_type: "SERVICE",
      name: "pipeline",
      organizations: [{ org_id: organization, spaces: [{ space_id: space }] }],
    });
    const hidden = [...(await observeWhole(open)).world.values()].find(({ address }) => address.includes("bot-"));
    expect(hidden).toMatchObject({ kind: "org-member", builtin: true });
    open.account.sandbox.setSwitches({ botsInUserList: true });
    const listed = [...(await observeWhole(open)).world.values()].filter(({ address }) => address.includes("bot-"));
    expect(listed.map(({ kind, builtin }) => [kind, builtin])).toEqual([
      ["org-member", true],
      ["space-member", true],
      ["user", undefined],
    ]);
  });

  it("cannot be known without GraphQL: no exception, but unreadable, and a look only where that was planned", async () => {
    const { open } = await openPlatform({ graphqlEnabled: false });
    const seen = await observeWhole(open);
    expect(seen.coverage.get("org-member@organization:Platform")).toBe("unreadable");
    expect(seen.notes.map(({ code }) => code)).toEqual(["AX301", "AX302", "AX305"]);
    const known = { world: seen.world, address: ANA as Address };
    await expect(lookAt(open, orgMembership, known)).rejects.toThrow("could not be read");
    expect(await lookAt(open, orgMembership, { ...known, mayBeBlind: true })).toBeUndefined();
    await orgMembership.create(writeContext(open, { ...known, to: { role: "read-only" } }));
    open.account.sandbox.setSwitches({ graphqlEnabled: true });
    const again = open.connectAs(open.account.sandbox.adminKey);
    expect(seenAt(await observeWhole(again), ANA)?.spec).toEqual({ role: "read-only" });
  });

  it("ignores an entry of a bot without a role, and parents that are not there", async () => {
    const organization = buildLive("organization:Platform", {}, { remote: { id: "o" } });
    const reader = makeRowsReader({
      organizations: { o: [{ userId: "b", email: "b@example.com", role: undefined, userType: "bot" }] },
    });
    const context = { reader, world: buildWorld(organization), byId: () => undefined };
    const parents = [undefined, "organization:Nowhere", organization.address] as const;
    const reading = await orgMembership.read({ ...context, parents });
    expect(reading).toMatchObject({ resources: [], covered: [] });
    expect([...reading.coverage]).toEqual([["org-member@organization:Platform", "complete"]]);
    const silent = await orgMembership.read({ ...context, reader: makeRowsReader({}), parents });
    expect(silent.unread).toEqual([{ place: "organization:Platform", because: "They were not answered." }]);
    const none = await orgMembership.read({ ...context, parents: [] });
    expect(none).toMatchObject({ resources: [], notes: [] });
  });

  it("takes an account admin whom the roster shows as an admin for covered, and one with another role for a member", async () => {
    const organization = buildLive("organization:Platform", {}, { remote: { id: "o" } });
    const boss = buildLive("user:boss@example.com", { role: "admin" }, { remote: { id: "b" } });
    const world = buildWorld(organization, boss);
    const readAs = (role: string): ReturnType<typeof orgMembership.read> =>
      orgMembership.read({
        reader: makeRowsReader({
          organizations: { o: [{ userId: "b", email: undefined, role, userType: undefined }] },
        }),
        world,
        byId: () => boss.address,
        parents: [organization.address],
      });
    const address = "org-member:Platform/boss@example.com";
    expect(await readAs("admin")).toMatchObject({ resources: [], covered: [address] });
    const asMember = await readAs("member");
    expect(listAllRead(asMember)).toMatchObject([{ address, spec: { role: "member" } }]);
    expect(asMember.covered).toEqual([]);
  });

  it("is refused to somebody who is no account member at all", async () => {
    const { open } = await openPlatform();
    const { world } = await observeWhole(open);
    expect(() => idIn(world, "user:nobody@example.com")).toThrow();
    expect(organizationMemberAddress("organization:Platform", "X@y.Z")).toBe("org-member:Platform/x@y.z");
  });
});
