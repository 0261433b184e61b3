import { afterEach, describe, expect, it } from "vitest";
import { roleBinding } from "../../src/kinds/role-binding.ts";
import { unlistedRole } from "../../src/kinds/role-ref.ts";
import type { Address } from "../../src/model/address.ts";
import { PlatformError } from "../../src/model/errors.ts";
import type { SandboxSwitches } from "../../src/sandbox/start-sandbox.ts";
import { listAllRead } from "../support/all-read.ts";
import { observeWhole } from "../support/kind-contract.ts";
import { idIn, lookAt, type OpenAccount, openAccount, seenAt, writeContext } from "../support/open-account.ts";
import { Authoritative, buildDeclared, buildManifest, buildWorld } from "../support/world-builder.ts";

const ANA: Address = "binding:Platform/alpha/chatbot/ana@example.com";

let open: OpenAccount | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});

async function openChatbot(switches: Partial<SandboxSwitches> = {}) {
  open = await openAccount(switches);
  const { account } = open;
  const organization = await account.organization("Platform");
  const space = await account.space(organization, "alpha");
  const [project, ana, reviewer] = await Promise.all([
    account.project(space, "chatbot"),
    account.person("ana"),
    account.role("reviewer", ["PROJECT_READ"]),
  ]);
  await account.joinOrganization(organization, ana, "MEMBER");
  return { open, organization, space, project, ana, reviewer };
}

describe("project role binding", () => {
  it("is declared for each project", () => {
    const manifest = buildManifest({
      organizations: {
        Platform: {
          spaces: {
            alpha: {
              projects: {
                chatbot: { bindings: new Authoritative({ "Ana@Example.com": "role:Project Viewer" }) },
                router: { bindings: {} },
                bare: {},
              },
            },
            beta: {},
          },
        },
        Labs: {},
      },
    });
    expect(roleBinding.declare(manifest)).toMatchObject([
      { resource: { address: ANA, spec: { role: "role:Project Viewer" } }, present: true, expires: undefined },
    ]);
    expect(roleBinding.managedClasses(manifest)).toEqual([
      { key: "binding@project:Platform/alpha/chatbot", mode: "authoritative" },
      // The roster tells who is a bot, and bots are not to be removed.
      { key: "org-member@organization:Platform", mode: "additive" },
      { key: "binding@project:Platform/alpha/router", mode: "additive" },
    ]);
    expect(roleBinding.declare(buildManifest({}))).toEqual([]);
    expect(roleBinding.managedClasses(buildManifest({}))).toEqual([]);
  });

  it("rests on the memberships that are there", () => {
    const alone = ["project:Platform/alpha/chatbot", "user:ana@example.com"];
    expect(roleBinding.attachedTo(ANA)).toEqual(alone);
    expect(roleBinding.needs(buildDeclared(ANA), buildWorld())).toEqual(alone);
    const memberships = ["org-member:Platform/ana@example.com", "space-member:Platform/alpha/ana@example.com"] as const;
    expect(roleBinding.needs(buildDeclared(ANA), buildWorld(...memberships))).toEqual([...alone, ...memberships]);
    expect(roleBinding.cascadeOf(ANA, buildWorld(...memberships))).toEqual({ certain: [], possible: [] });
    expect(roleBinding.whyNotCreatable(buildDeclared(ANA))).toBeUndefined();
  });

  it("goes after the restriction that it pierces", () => {
    const worlds = { live: buildWorld(), planned: buildWorld() };
    const change = { address: ANA, before: undefined, after: undefined, fields: [] };
    expect(roleBinding.prefers({ ...change, op: "delete" }, worlds)).toEqual(["restriction:Platform/alpha/chatbot"]);
    expect(roleBinding.prefers({ ...change, op: "create" }, worlds)).toEqual([]);
    expect(roleBinding.notesOn({ ...change, op: "create" })).toEqual([]);
  });

  it("made meanwhile with the same role counts as made, with another as a conflict", async () => {
    const { open, project, ana, reviewer } = await openChatbot();
    const { world } = await observeWhole(open);
    await open.account.bind(reviewer, ana, "PROJECT", project);
    const create = (role: string) => roleBinding.create(writeContext(open, { world, address: ANA, to: { role } }));
    const { remote } = await create("role:reviewer");
    expect(remote).toEqual(seenAt(await observeWhole(open), ANA)?.remote);
    const refusal = create("role:Project Viewer");
    await expect(refusal).rejects.toBeInstanceOf(PlatformError);
    await expect(refusal).rejects.toMatchObject({ failure: "conflict" });
    expect(seenAt(await observeWhole(open), ANA)?.spec).toEqual({ role: "role:reviewer" });
  });

  it("on a role that was deleted stays, under the role's id", async () => {
    const { open, project, ana, reviewer } = await openChatbot();
    await open.account.bind(reviewer, ana, "PROJECT", project);
    await open.account.rest("DELETE", `/v2/roles/${reviewer}`);
    const seen = await observeWhole(open);
    expect(seenAt(seen, ANA)?.spec).toEqual({ role: unlistedRole(reviewer) });
    expect((await lookAt(open, roleBinding, { world: seen.world, address: ANA }))?.spec).toEqual({
      role: unlistedRole(reviewer),
    });
  });

  it("is not there when its person is gone", async () => {
    const { open, project, ana, reviewer } = await openChatbot();
    await open.account.bind(reviewer, ana, "PROJECT", project);
    const seen = await observeWhole(open);
    const believed = seenAt(seen, ANA)?.remote;
    await open.account.rest("DELETE", `/v2/users/${ana}`);
    expect(await lookAt(open, roleBinding, { world: seen.world, address: ANA, believed })).toBeUndefined();
  });

  it.each([true, false])(
    "of a bot is never removable, whether bots are listed as people or not: %s",
    async (listed) => {
      const { open, organization, space, project, reviewer } = await openChatbot({ botsInUserList: listed });
      const key = await open.account.rest("POST", "/v2/api-keys", {
        key_type: "SERVICE",
        name: "pipeline",
        organizations: [{ org_id: organization, spaces: [{ space_id: space }] }],
      });
      await open.account.bind(reviewer, key.body.bot_user.id, "PROJECT", project);
      const bots = [...(await observeWhole(open)).world.values()].filter(({ kind }) => kind === "binding");
      expect(bots).toHaveLength(1);
      expect(bots[0]?.builtin).toBe(true);
    },
  );

  it("is complete only for the projects that were asked for", async () => {
    const { open, space, ana, reviewer, project } = await openChatbot();
    await open.account.bind(reviewer, ana, "PROJECT", project);
    await open.account.bind(reviewer, ana, "PROJECT", await open.account.project(space, "router"));
    const { world } = await observeWhole(open);
    const parents = ["project:Platform/alpha/router"] as const;
    const byId = (kind: string, id: string): Address | undefined =>
      [...world.values()].find((each) => each.kind === kind && idOrNothing(world, each.address) === id)?.address;
    const reading = await roleBinding.read({ reader: open.reader, world, parents, byId });
    expect(listAllRead(reading).map(({ address }) => address)).toEqual([
      "binding:Platform/alpha/router/ana@example.com",
    ]);
    expect([...reading.coverage]).toEqual([["binding@project:Platform/alpha/router", "complete"]]);
  });
});

function idOrNothing(world: ReadonlyMap<Address, never> | Parameters<typeof idIn>[0], address: Address): string {
  try {
    return idIn(world, address);
  } catch {
    return "";
  }
}
