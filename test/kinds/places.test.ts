import { afterEach, describe, expect, it } from "vitest";
import { serviceKey } from "../../src/kinds/key.ts";
import { orgMembership } from "../../src/kinds/org-membership.ts";
import { organization, organizationAddress } from "../../src/kinds/organization.ts";
import { project, projectAddress } from "../../src/kinds/project.ts";
import { projectRestriction } from "../../src/kinds/project-restriction.ts";
import { roleBinding } from "../../src/kinds/role-binding.ts";
import { space, spaceAddress } from "../../src/kinds/space.ts";
import { spaceMembership } from "../../src/kinds/space-membership.ts";
import type { Address } from "../../src/model/address.ts";
import type { ChangeOp } from "../../src/model/change.ts";
import type { Json } from "../../src/model/json.ts";
import type { Kind, ReadContext } from "../../src/model/kind.ts";
import type { Row } from "../../src/model/platform.ts";
import type { Spec } from "../../src/model/resource.ts";
import { observeWhole } from "../support/kind-contract.ts";
import { lookAt, type OpenAccount, openAccount, seenAt, writeContext } from "../support/open-account.ts";
import { makeRowsReader, type RowsAccount } from "../support/rows-reader.ts";
import { Authoritative, buildDeclared, buildLive, buildManifest, buildWorld } from "../support/world-builder.ts";

const PLATFORM = organizationAddress("Platform");
const ALPHA = spaceAddress("Platform", "alpha");
const CHATBOT = projectAddress(ALPHA, "chatbot");
const RESTRICTION: Address = "restriction:Platform/alpha/chatbot";
const EMPTY = buildWorld();

const MANIFEST = buildManifest({
  organizations: new Authoritative({
    Platform: {
      description: "",
      previously: ["Infra"],
      spaces: new Authoritative({
        alpha: {
          description: "first",
          private: true,
          previously: ["zero"],
          projects: new Authoritative({ chatbot: { restricted: true, previously: ["bot"] }, router: {} }),
        },
        beta: {},
      }),
    },
    Labs: {},
  }),
});

let open: OpenAccount | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});

function hazards(kind: Kind, address: Address, op: ChangeOp, field?: readonly [string, Json]): readonly string[] {
  const fields = field === undefined ? [] : [{ field: field[0], to: field[1] }];
  const change = { op, address, before: undefined, after: undefined, fields };
  return kind.hazardsOf(change, { live: EMPTY, planned: EMPTY }).map(({ code }) => code);
}

const readWith = (account: RowsAccount, more: Partial<ReadContext>): ReadContext => ({
  reader: makeRowsReader(account),
  world: EMPTY,
  parents: [],
  byId: () => undefined,
  ...more,
});

describe("organization", () => {
  it("is declared by what is written", () => {
    expect(organization.declare(MANIFEST)).toMatchObject([
      { resource: { address: PLATFORM, spec: { description: "" } }, previously: ["organization:Infra"] },
      { resource: { address: "organization:Labs", spec: {} }, previously: [] },
    ]);
    expect(organization.declare(buildManifest({}))).toEqual([]);
    expect(organization.managedClasses(MANIFEST)).toEqual([{ key: "organization@", mode: "authoritative" }]);
    expect(organization.managedClasses(buildManifest({}))).toEqual([]);
  });

  it("goes for good, with everything in it", () => {
    expect(hazards(organization, PLATFORM, "delete")).toEqual(["irreversible", "removes-access"]);
    expect(hazards(organization, PLATFORM, "update", ["description", "x"])).toEqual([]);
    const world = buildWorld(PLATFORM, ALPHA, "user:ana@example.com");
    expect(organization.cascadeOf(PLATFORM, world)).toEqual({ certain: [ALPHA], possible: [] });
    expect(organization.needs(buildDeclared(PLATFORM), EMPTY)).toEqual([]);
    expect(organization.attachedTo(PLATFORM)).toEqual([]);
    expect(organization.parentOf(PLATFORM)).toBeUndefined();
    expect(organization.whyNotCreatable(buildDeclared(PLATFORM))).toBeUndefined();
  });

  it("is not taken for one whose name holds its own", async () => {
    open = await openAccount();
    await open.account.organization("Platform 2");
    await open.account.organization("platform");
    expect(await lookAt(open, organization, { world: EMPTY, address: PLATFORM })).toBeUndefined();
    const made = await organization.create(writeContext(open, { world: EMPTY, address: PLATFORM, to: {} }));
    // Made once more, as after a lost answer: it is found, and nothing is made.
    const again = await organization.create(writeContext(open, { world: EMPTY, address: PLATFORM, to: {} }));
    expect(again).toEqual(made);
  });
});

describe("space", () => {
  it("is declared in its organization", () => {
    expect(space.declare(MANIFEST)).toMatchObject([
      {
        resource: { address: ALPHA, spec: { description: "first", private: true } },
        previously: ["space:Platform/zero"],
      },
      { resource: { address: "space:Platform/beta", spec: {} }, previously: [] },
    ]);
    expect(space.managedClasses(MANIFEST)).toEqual([{ key: `space@${PLATFORM}`, mode: "authoritative" }]);
    expect(space.declare(buildManifest({}))).toEqual([]);
    expect(space.managedClasses(buildManifest({}))).toEqual([]);
    expect(space.needs(buildDeclared(ALPHA), EMPTY)).toEqual([PLATFORM]);
    expect(space.whyNotCreatable(buildDeclared(ALPHA))).toBeUndefined();
    expect(space.cascadeOf(ALPHA, buildWorld(ALPHA, CHATBOT))).toEqual({ certain: [CHATBOT], possible: [] });
  });

  it("closes on those who are not in it, and opens to everybody", () => {
    expect(hazards(space, ALPHA, "delete")).toEqual(["irreversible", "removes-access"]);
    expect(hazards(space, ALPHA, "create", ["private", true])).toEqual([]);
    // Whom that cuts off, if anybody, is found by effective access.
    expect(hazards(space, ALPHA, "update", ["private", true])).toEqual([]);
    expect(hazards(space, ALPHA, "update", ["private", false])).toEqual(["widens-access"]);
    expect(hazards(space, ALPHA, "update", ["description", "x"])).toEqual([]);
  });

  it("is closed after those who stay are let in", () => {
    const planned = buildWorld(
      ALPHA,
      CHATBOT,
      "space-member:Platform/alpha/ana@example.com",
      "space-member:Platform/beta/a",
    );
    const worlds = { live: EMPTY, planned };
    const change = { address: ALPHA, before: undefined, after: undefined } as const;
    const closing = [{ field: "private", to: true }];
    expect(space.prefers({ ...change, op: "update", fields: closing }, worlds)).toEqual([
      "space-member:Platform/alpha/ana@example.com",
    ]);
    expect(space.prefers({ ...change, op: "create", fields: closing }, worlds)).toEqual([]);
    expect(space.prefers({ ...change, op: "update", fields: [] }, worlds)).toEqual([]);
  });

  it("has an unknown privacy where the server says nothing of it", async () => {
    const lists = { "/v2/spaces": [{ id: "s", name: "alpha", description: null }] };
    const parents = [undefined, "organization:Nowhere" as const, PLATFORM];
    const reading = await space.read(readWith({ lists }, { world: buildWorld(PLATFORM), parents }));
    expect(reading.resources).toMatchObject([{ address: ALPHA, spec: { description: "" }, unknown: ["private"] }]);
    expect([...reading.coverage]).toEqual([[`space@${PLATFORM}`, "complete"]]);
  });

  it("fails with its list for any other reason than that nobody may look", async () => {
    const lists = {
      "/v2/spaces": (): readonly Row[] => {
        throw new TypeError("ours");
      },
    };
    await expect(space.read(readWith({ lists }, { world: buildWorld(PLATFORM), parents: [PLATFORM] }))).rejects.toThrow(
      TypeError,
    );
  });

  it("is not there when its organization is gone", async () => {
    open = await openAccount();
    const id = await open.account.organization("Platform");
    await open.account.rest("DELETE", `/v2/organizations/${id}`);
    const world = buildWorld(buildLive(PLATFORM, {}, { remote: { id } }));
    expect(await lookAt(open, space, { world, address: ALPHA })).toBeUndefined();
    await expect(space.create(writeContext(open, { world, address: ALPHA, to: {} }))).rejects.toMatchObject({
      failure: "not-found",
    });
  });

  it("is found again after a lost answer", async () => {
    open = await openAccount();
    await open.account.organization("Platform");
    const { world } = await observeWhole(open);
    const make = (account: OpenAccount) =>
      space.create(writeContext(account, { world, address: ALPHA, to: { description: "", private: true } }));
    const made = await make(open);
    expect(await make(open)).toEqual(made);
    expect(seenAt(await observeWhole(open), ALPHA)).toEqual({
      remote: made.remote,
      spec: { description: "", private: true },
    });
  });
});

describe("project", () => {
  it("is declared in its space", () => {
    expect(project.declare(MANIFEST)).toMatchObject([
      { resource: { address: CHATBOT, spec: {} }, previously: ["project:Platform/alpha/bot"] },
      { resource: { address: "project:Platform/alpha/router" } },
    ]);
    expect(project.managedClasses(MANIFEST)).toEqual([{ key: `project@${ALPHA}`, mode: "authoritative" }]);
    expect(project.declare(buildManifest({}))).toEqual([]);
    expect(project.managedClasses(buildManifest({}))).toEqual([]);
    expect(project.needs(buildDeclared(CHATBOT), EMPTY)).toEqual([ALPHA]);
    expect(project.whyNotCreatable(buildDeclared(CHATBOT))).toBeUndefined();
  });

  it("goes for good, with its bindings and its restriction", () => {
    expect(hazards(project, CHATBOT, "delete")).toEqual(["irreversible", "removes-access"]);
    expect(hazards(project, CHATBOT, "update")).toEqual([]);
    const content = [RESTRICTION, "binding:Platform/alpha/chatbot/ana@example.com"] as const;
    expect(project.cascadeOf(CHATBOT, buildWorld(CHATBOT, ...content))).toEqual({ certain: content, possible: [] });
  });

  it("is not there when its space is gone, and a space that hides does not hide the others", async () => {
    open = await openAccount();
    const platform = await open.account.organization("Platform");
    const [alpha] = await Promise.all([open.account.space(platform, "alpha"), open.account.space(platform, "beta")]);
    const { world } = await observeWhole(open);
    await open.account.rest("DELETE", `/v2/spaces/${alpha}`);
    expect(await lookAt(open, project, { world, address: CHATBOT })).toBeUndefined();
    const parents = [undefined, ALPHA, "space:Platform/beta" as const];
    const reading = await project.read({ reader: open.reader, world, parents, byId: () => undefined });
    expect([...reading.coverage]).toEqual([
      [`project@${ALPHA}`, "unreadable"],
      ["project@space:Platform/beta", "complete"],
    ]);
    expect(reading.notes).toMatchObject([{ code: "AX305", detail: expect.stringContaining(ALPHA) }]);
  });

  it("is found again after a lost answer", async () => {
    open = await openAccount();
    await open.account.space(await open.account.organization("Platform"), "alpha");
    const { world } = await observeWhole(open);
    const context = writeContext(open, { world, address: CHATBOT, to: {} });
    expect(await project.create(context)).toEqual(await project.create(context));
  });
});

describe("project restriction", () => {
  it("is declared, or declared absent, where the manifest says so", () => {
    const projects = { chatbot: { restricted: true }, open: { restricted: false }, bare: {} };
    const manifest = buildManifest({ organizations: { Platform: { spaces: { alpha: { projects } } } } });
    expect(projectRestriction.declare(manifest)).toMatchObject([
      { resource: { address: RESTRICTION, spec: {} }, present: true },
      { resource: { address: "restriction:Platform/alpha/open" }, present: false },
    ]);
    expect(projectRestriction.managedClasses(manifest)).toEqual([
      { key: `restriction@${CHATBOT}`, mode: "additive" },
      { key: "restriction@project:Platform/alpha/open", mode: "additive" },
    ]);
    expect(
      projectRestriction.declare(buildManifest({ organizations: { Platform: { spaces: { alpha: {} } } } })),
    ).toEqual([]);
    expect(projectRestriction.declare(buildManifest({ organizations: { Platform: {} } }))).toEqual([]);
    expect(projectRestriction.declare(buildManifest({}))).toEqual([]);
    expect(projectRestriction.whyNotCreatable(buildDeclared(RESTRICTION))).toBeUndefined();
    expect(projectRestriction.attachedTo(RESTRICTION)).toEqual([CHATBOT]);
    expect(projectRestriction.cascadeOf(RESTRICTION, EMPTY)).toEqual({ certain: [], possible: [] });
  });

  it("comes after the bindings that pierce it, and opens the project when it goes", () => {
    const binding = "binding:Platform/alpha/chatbot/ana@example.com";
    const planned = buildWorld(binding, "binding:Platform/alpha/chatbot 2/ana@example.com", CHATBOT);
    const change = { address: RESTRICTION, before: undefined, after: undefined, fields: [] } as const;
    const live = buildWorld(CHATBOT);
    expect(projectRestriction.prefers({ ...change, op: "create" }, { live, planned })).toEqual([binding]);
    expect(projectRestriction.prefers({ ...change, op: "delete" }, { live, planned })).toEqual([]);
    expect(hazards(projectRestriction, RESTRICTION, "delete")).toEqual(["widens-access"]);
    expect(hazards(projectRestriction, RESTRICTION, "create")).toEqual([]);
    expect(projectRestriction.notesOn({ ...change, op: "create" })).toEqual([]);
  });

  it("of a new project comes before everybody who is let in, and waits for no other", () => {
    const [chatbot, search, web, other] = [
      "restriction:Platform/alpha/chatbot",
      "restriction:Platform/alpha/search",
      "restriction:Platform/beta/web",
      "restriction:Other/alpha/chatbot",
    ] as const;
    const binding = "binding:Platform/alpha/search/ana@example.com";
    const old = "restriction:Platform/alpha/old";
    const closed = buildLive("space:Platform/alpha", { private: true });
    const worlds = {
      live: buildWorld("project:Platform/alpha/old"),
      planned: new Map([...buildWorld(chatbot, search, web, other, binding, old), [closed.address, closed]]),
    };
    const ask = (kind: Kind, address: Address, spec: Spec = {}): readonly Address[] =>
      kind.prefers(
        { op: "create", address, before: undefined, after: { ...buildDeclared(address), spec }, fields: [] },
        worlds,
      );
    expect([chatbot, search, web, other].map((address) => ask(projectRestriction, address))).toEqual([[], [], [], []]);
    expect(ask(roleBinding, binding)).toEqual([search]);
    expect(ask(roleBinding, "binding:Platform/alpha/old/ana@example.com")).toEqual([]);
    expect(ask(spaceMembership, "space-member:Platform/alpha/ana@example.com")).toEqual([chatbot, search]);
    expect(ask(spaceMembership, "space-member:Platform/gamma/ana@example.com")).toEqual([]);
    expect(ask(orgMembership, "org-member:Platform/ana@example.com")).toEqual([web]);
    expect(ask(serviceKey, "service-key:Other/beta/ci")).toEqual([other]);
    const also = { also_in: { "space:Platform/alpha": "member" } };
    expect(ask(serviceKey, "service-key:Other/beta/ci", also)).toEqual([other, chatbot, search, web]);
  });

  it("is never that of a dashboard, nor of a project that was not asked for", async () => {
    open = await openAccount({ contract: "2026-09" });
    const alpha = await open.account.space(await open.account.organization("Platform"), "alpha");
    const ids = await Promise.all(["chatbot", "router"].map((name) => open?.account.project(alpha, name)));
    for (const resource_id of ids) await open.account.rest("POST", "/v2/resource-restrictions", { resource_id });
    const { world } = await observeWhole(open);
    expect([...world.keys()].filter((address) => address.startsWith("restriction:"))).toHaveLength(2);
    const rows: readonly Row[] = [
      { resource_type: "DASHBOARD", resource_id: "d" },
      { resource_type: "PROJECT", resource_id: "p" },
      { resource_type: "PROJECT", resource_id: "q" },
    ];
    const names: Readonly<Record<string, Address>> = { p: CHATBOT, q: "project:Platform/alpha/router" };
    const byId = (_: string, id: string): Address | undefined => names[id];
    const reading = await projectRestriction.read(
      readWith({ lists: { "/v2/resource-restrictions": rows } }, { parents: [CHATBOT], byId }),
    );
    expect(reading.resources.map(({ address }) => address)).toEqual([RESTRICTION]);
    expect([...reading.coverage]).toEqual([[`restriction@${CHATBOT}`, "complete"]]);
  });

  it("is refused for a project that cannot be restricted", async () => {
    open = await openAccount({ nonGenerativeProjects: "^chat" });
    await open.account.project(
      await open.account.space(await open.account.organization("Platform"), "alpha"),
      "chatbot",
    );
    const { world } = await observeWhole(open);
    await expect(projectRestriction.create(writeContext(open, { world, address: RESTRICTION }))).rejects.toMatchObject({
      failure: "invalid",
      status: 422,
    });
  });
});
