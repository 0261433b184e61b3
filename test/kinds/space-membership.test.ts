import { afterEach, describe, expect, it } from "vitest";
import { KINDS } from "../../src/kinds/registry.ts";
import { unlistedRole } from "../../src/kinds/role-ref.ts";
import { spaceMembership } from "../../src/kinds/space-membership.ts";
import type { Address } from "../../src/model/address.ts";
import type { DraftChange } from "../../src/model/kind.ts";
import type { Row, SpaceMemberRow } from "../../src/model/platform.ts";
import type { Spec } from "../../src/model/resource.ts";
import type { SandboxSwitches } from "../../src/sandbox/start-sandbox.ts";
import { makeDesired, selectReads } from "../../src/state/desired.ts";
import { observeAccount } from "../../src/state/observe.ts";
import { listAllRead } from "../support/all-read.ts";
import { observeWhole } from "../support/kind-contract.ts";
import { describeSeen, lookAt, type OpenAccount, openAccount, seenAt, writeContext } from "../support/open-account.ts";
import { makeRowsReader } from "../support/rows-reader.ts";
import { Authoritative, buildDeclared, buildLive, buildManifest, buildWorld } from "../support/world-builder.ts";

const ANA = "space-member:Platform/alpha/ana@example.com";
const BEN = "space-member:Platform/alpha/ben@example.com";
const ADMIN = "space-member:Platform/alpha/admin@sandbox.example";
const WORLDS = { live: buildWorld(), planned: buildWorld() };

let open: OpenAccount | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});

/** Platform/alpha with ana (a member of the organization) and ben (its admin). */
async function openAlpha(switches: Partial<SandboxSwitches> = {}) {
  open = await openAccount(switches);
  const { account } = open;
  const organization = await account.organization("Platform");
  const [space, ana, ben, reviewer] = await Promise.all([
    account.space(organization, "alpha"),
    account.person("ana"),
    account.person("ben"),
    account.role("reviewer", ["PROJECT_READ"]),
  ]);
  await account.joinOrganization(organization, ana, "MEMBER");
  await account.joinOrganization(organization, ben, "ADMIN");
  return { open, organization, space, ana, ben, reviewer };
}

function change(op: DraftChange["op"], before: Spec | undefined, after: Spec | undefined): DraftChange {
  return {
    op,
    address: ANA,
    before: before && buildLive(ANA, before),
    after: after && buildDeclared(ANA, after),
    fields: [],
  };
}

describe("space member", () => {
  it("is declared with one role and none beside it", () => {
    const manifest = buildManifest({
      organizations: {
        Platform: {
          spaces: {
            alpha: { members: new Authoritative({ "Ana@Example.com": "role:reviewer" }) },
            beta: { members: {} },
            bare: {},
          },
        },
        Labs: {},
      },
    });
    expect(spaceMembership.declare(manifest)).toMatchObject([
      { resource: { address: ANA, spec: { role: "role:reviewer", also: null } }, present: true },
    ]);
    expect(spaceMembership.managedClasses(manifest)).toEqual([
      { key: "space-member@space:Platform/alpha", mode: "authoritative" },
      { key: "org-member@organization:Platform", mode: "additive" },
      { key: "space-member@space:Platform/beta", mode: "additive" },
    ]);
    expect(spaceMembership.declare(buildManifest({}))).toEqual([]);
    expect(spaceMembership.managedClasses(buildManifest({}))).toEqual([]);
  });

  it("needs the membership of the organization where there is one, and may take bindings along", () => {
    const alone = ["space:Platform/alpha", "user:ana@example.com"];
    const inOrganization = "org-member:Platform/ana@example.com";
    expect(spaceMembership.needs(buildDeclared(ANA), buildWorld())).toEqual(alone);
    expect(spaceMembership.needs(buildDeclared(ANA), buildWorld(inOrganization))).toEqual([...alone, inOrganization]);
    expect(spaceMembership.attachedTo(ANA)).toEqual(alone);
    const binding = "binding:Platform/alpha/chatbot/ana@example.com";
    const world = buildWorld(
      binding,
      "binding:Platform/alpha/chatbot/ben@example.com",
      "binding:Platform/beta/chatbot/ana@example.com",
      "binding:Labs/alpha/chatbot/ana@example.com",
      inOrganization,
    );
    expect(spaceMembership.cascadeOf(ANA, world)).toEqual({ certain: [], possible: [binding] });
    expect(spaceMembership.follows(change("create", undefined, {}), WORLDS)).toEqual([]);
    expect(spaceMembership.whyNotCreatable(buildDeclared(ANA))).toBeUndefined();
  });

  it.each<[Spec, Spec, readonly string[], number]>([
    [{ role: "member", also: null }, { role: "admin", also: null }, ["widens-access"], 0],
    [{ role: "read-only", also: null }, { role: "role:x", also: null }, ["removes-access", "widens-access"], 1],
    [{ role: "role:x", also: null }, { role: "admin", also: null }, ["widens-access", "removes-access"], 0],
    [{ role: "admin", also: null }, { role: "role:x", also: null }, ["removes-access"], 1],
    [{ role: "member", also: "role:x" }, { role: "member", also: null }, ["removes-access"], 0],
    [{}, { role: "member", also: null }, [], 0],
  ])("from %j to %j", (before, after, codes, notes) => {
    const update = change("update", before, after);
    expect(spaceMembership.hazardsOf(update, WORLDS).map(({ code }) => code)).toEqual(codes);
    expect(spaceMembership.notesOn(update)).toHaveLength(notes);
  });

  it("gives and takes", () => {
    const hazardsOf = (draft: DraftChange) => spaceMembership.hazardsOf(draft, WORLDS).map(({ code }) => code);
    expect(hazardsOf(change("create", undefined, { role: "member", also: null }))).toEqual(["widens-access"]);
    expect(hazardsOf(change("delete", { role: "member", also: "role:x" }, undefined))).toEqual(["removes-access"]);
    expect(spaceMembership.notesOn(change("delete", { role: "member" }, undefined))).toEqual([]);
  });
});

describe("the members of a space", () => {
  it("are those with an entry of their own: nobody by inheritance, nobody because the space is public", async () => {
    const { open, space, ana } = await openAlpha();
    const seen = await observeWhole(open);
    expect([...seen.world.values()].filter(({ kind }) => kind === "space-member")).toEqual([]);
    expect([...seen.covered]).toEqual([ADMIN, BEN]);
    await open.account.joinSpace(space, ana, "ANNOTATOR");
    await open.account.joinSpace(space, ana, "READ_ONLY");
    expect(seenAt(await observeWhole(open), ANA)?.spec).toEqual({ role: "read-only", also: null });
  });

  it("who are admins besides stay covered after they were ensured, so that nothing goes round in circles", async () => {
    const { open } = await openAlpha();
    const before = await observeWhole(open);
    const context = writeContext(open, { world: before.world, address: BEN, to: { role: "member", also: null } });
    await spaceMembership.create(context);
    const after = await observeWhole(open);
    expect(after.covered).toEqual(before.covered);
    expect([...after.world.keys()]).toEqual([...before.world.keys()]);
    expect(await lookAt(open, spaceMembership, { world: after.world, address: BEN })).toBeUndefined();
    open.account.sandbox.setSwitches({ adminsHideExplicitMembership: false });
    expect(seenAt(await observeWhole(open), BEN)?.spec).toEqual({ role: "member", also: null });
  });

  it("who are admins besides are seen by a custom role, which stands in the role bindings", async () => {
    const { open, space, ben, reviewer } = await openAlpha();
    await open.account.bind(reviewer, ben, "SPACE", space);
    const seen = await observeWhole(open);
    expect(seenAt(seen, BEN)?.spec).toEqual({ role: "role:reviewer", also: null });
    expect([...seen.covered]).toEqual([ADMIN]);
    expect(seen.notes).toEqual([]);
    expect(describeSeen(await lookAt(open, spaceMembership, { world: seen.world, address: BEN }))).toEqual(
      seenAt(seen, BEN),
    );
  });

  it.each(["both", "custom", "predefined"] as const)(
    "who are in both stores have a second role, where %s shows",
    async (shown) => {
      const { open, space, ana, reviewer } = await openAlpha({ bothStoresShown: shown });
      await open.account.joinSpace(space, ana, "MEMBER");
      await open.account.bind(reviewer, ana, "SPACE", space);
      const seen = await observeWhole(open);
      const spec =
        shown === "custom" ? { role: "role:reviewer", also: null } : { role: "member", also: "role:reviewer" };
      expect(seenAt(seen, ANA)?.spec).toEqual(spec);
      expect(seen.notes).toEqual([]);
    },
  );

  it.each([["member"], ["role:auditor"]])("in both stores have one role after they were given %s", async (role) => {
    const { open, space, ana, reviewer } = await openAlpha();
    await open.account.role("auditor", ["SPACE_READ"]);
    await open.account.joinSpace(space, ana, "ADMIN");
    await open.account.bind(reviewer, ana, "SPACE", space);
    const { world } = await observeWhole(open);
    const from = world.get(ANA)?.spec;
    const { remote } = seenAt(await observeWhole(open), ANA) ?? {};
    const to = { role, also: null };
    const context = writeContext(open, { world, address: ANA, to, ...(from && { from }), ...(remote && { remote }) });
    expect((await spaceMembership.update(context)).remote).toEqual({ space, user: ana });
    expect(seenAt(await observeWhole(open), ANA)?.spec).toEqual(to);
  });

  it("are gone when the person is, and for a look too", async () => {
    const { open, space, ana, reviewer } = await openAlpha();
    await open.account.bind(reviewer, ana, "SPACE", space);
    const seen = await observeWhole(open);
    const { remote: believed } = seenAt(seen, ANA) ?? {};
    await open.account.rest("DELETE", `/v2/users/${ana}`);
    expect(await lookAt(open, spaceMembership, { world: seen.world, address: ANA, believed })).toBeUndefined();
  });

  it.each([
    ["shown and listed", { botsInUserList: true, botsInSpaceUsers: true }],
    ["shown, not listed", { botsInUserList: false, botsInSpaceUsers: true }],
    ["listed, not shown", { botsInUserList: true, botsInSpaceUsers: false }],
    ["neither", { botsInUserList: false, botsInSpaceUsers: false }],
  ])("that are bots are never removable: %s", async (_, switches) => {
    const { open, organization, space, reviewer } = await openAlpha(switches);
    await open.account.rest("POST", "/v2/api-keys", {
      key_type: "SERVICE",
      name: "pipeline",
      organizations: [{ org_id: organization, spaces: [{ space_id: space, role: { type: "CUSTOM", id: reviewer } }] }],
    });
    const members = { "ana@example.com": "member" } as const;
    const manifest = buildManifest({
      organizations: { Platform: { spaces: { alpha: { members: new Authoritative(members) } } } },
    });
    const now = new Date("2026-08-10T12:00:00Z");
    const selection = selectReads(makeDesired({ manifest, kinds: KINDS, now }), KINDS);
    const { world } = await observeAccount({ reader: open.reader, kinds: KINDS, selection });
    const bots = [...world.values()].filter(({ kind }) => kind === "space-member");
    expect(bots).toMatchObject([{ builtin: true, spec: { role: "role:reviewer" } }]);
  });

  it("cannot be known without GraphQL, but for their custom roles", async () => {
    const { open, space, ana, reviewer } = await openAlpha({ graphqlEnabled: false });
    await open.account.bind(reviewer, ana, "SPACE", space);
    const seen = await observeWhole(open);
    expect(seen.coverage.get("space-member@space:Platform/alpha")).toBe("unreadable");
    expect(seenAt(seen, ANA)?.spec).toEqual({ role: "role:reviewer", also: null });
    expect(seen.notes.map(({ code }) => code)).toEqual(["AX301", "AX302", "AX305"]);
    const known = { world: seen.world, mayBeBlind: true };
    expect(describeSeen(await lookAt(open, spaceMembership, { ...known, address: ANA }))).toEqual(seenAt(seen, ANA));
    expect(await lookAt(open, spaceMembership, { ...known, address: BEN })).toBeUndefined();
    const blindly = lookAt(open, spaceMembership, { world: seen.world, address: BEN });
    await expect(blindly).rejects.toThrow("The members could not be read.");
  });
});

describe("member lists that no simulated account gives", () => {
  const SPACE = buildLive("space:Platform/alpha", {}, { remote: { id: "s" } });
  const byId = (kind: string, id: string): Address | undefined => {
    if (kind === "user") return id === "u" ? "user:ana@example.com" : undefined;
    return id === "r" ? "role:reviewer" : undefined;
  };
  const entry = (more: Partial<SpaceMemberRow>): SpaceMemberRow => ({
    userId: "u",
    email: "ana@example.com",
    membership: "EXPLICIT_MEMBERSHIP",
    role: undefined,
    customRoleId: undefined,
    userType: "human",
    ...more,
  });
  const bind = (role_id: string): Row => ({ id: "b", role_id, user_id: "u", resource_type: "SPACE", resource_id: "s" });

  function read(members: readonly SpaceMemberRow[] | undefined, bindings: readonly Row[] = []) {
    const spaces = members === undefined ? {} : { s: members };
    const reader = makeRowsReader({ spaces, lists: { "/v2/role-bindings": bindings } });
    const parents = [undefined, "space:Platform/nowhere" as const, SPACE.address];
    return spaceMembership.read({ reader, world: buildWorld(SPACE), parents, byId });
  }

  it("show somebody for a reason nobody has heard of, whom axcess then never removes", async () => {
    const unknown = { membership: "UNKNOWN" } as const;
    const shown = await read([entry({ ...unknown, role: "member" })]);
    expect(shown.resources).toMatchObject([{ spec: { role: "member", also: null }, builtin: true }]);
    const bare = await read([entry(unknown)]);
    expect(bare.resources).toMatchObject([{ spec: { also: null }, unknown: ["role"], builtin: true }]);
    expect(bare.covered).toEqual([]);
  });

  it("disagree with the role bindings, which are believed", async () => {
    const differing = await read([entry({ customRoleId: "other" })], [bind("r")]);
    expect(listAllRead(differing)).toMatchObject([{ spec: { role: "role:reviewer", also: null } }]);
    expect(differing.notes).toMatchObject([{ code: "AX303", detail: expect.stringContaining(ANA) }]);
    const lacking = await read([], [bind("r")]);
    expect(listAllRead(lacking)).toMatchObject([{ spec: { role: "role:reviewer" } }]);
    expect(lacking.notes.map(({ code }) => code)).toEqual(["AX303"]);
    const unbound = await read([entry({ customRoleId: "gone" })]);
    expect(listAllRead(unbound)).toMatchObject([{ spec: { role: unlistedRole("gone"), also: null } }]);
    expect(unbound.notes.map(({ code }) => code)).toEqual(["AX303"]);
  });

  it("agree", async () => {
    expect(
      (await read([entry({ customRoleId: "r" })], [bind("r"), { ...bind("r"), id: "c", resource_id: "t" }])).notes,
    ).toEqual([]);
    expect((await read([entry({ membership: "ACCOUNT_ADMIN" })], [bind("r")])).notes).toEqual([]);
  });

  it("do not come at all", async () => {
    const { coverage, unread } = await read(undefined);
    expect([...coverage]).toEqual([["space-member@space:Platform/alpha", "unreadable"]]);
    expect(unread).toEqual([{ place: "space:Platform/alpha", because: "They were not answered." }]);
  });

  it("hold several bindings on one space", async () => {
    const second = { ...bind("r"), id: "c", user_id: "v" };
    const found = listAllRead(await read([], [bind("r"), second]));
    expect(found.map(({ address, builtin }) => [address, builtin]).sort()).toEqual([
      ["space-member:Platform/alpha/%00v", true],
      [ANA, undefined],
    ]);
  });

  it("are not asked for where there is no space", async () => {
    const reader = makeRowsReader({});
    const reading = await spaceMembership.read({ reader, world: buildWorld(), parents: [], byId });
    expect(reading).toEqual({ resources: [], classes: [], covered: [], coverage: new Map(), unread: [], notes: [] });
  });
});
