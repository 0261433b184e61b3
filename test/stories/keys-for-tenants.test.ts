import * as ax from "@arizeai/ax-client";
import { expect, test } from "vitest";
import { openStory, type Story } from "../support/open-story.ts";
import type { VendorClient } from "../support/read-books.ts";

const tenant = (name: string): string => `      ${name}:
        private: true
        projects: { traffic: {} }
        service_keys:
          reader: { role: Tenant Reader, expires: "2099-01-01", secret: { to: file, path: secrets/${name} } }
`;
const FRAME = `version: 1
people:
  jane@acme.example: { name: Jane Doe, role: member, invite: none }
roles:
  Tenant Reader: { permissions: [PROJECT_READ, PROJECT_SPAN_READ] }
organizations:
  Tenants:
    manage: { service_keys: authoritative }
    members: { jane@acme.example: admin }
    spaces:
`;
const MANIFEST = FRAME + tenant("north") + tenant("south");

const clientOf = async (story: Story, name: string): Promise<VendorClient> =>
  story.clientOf((await story.read(`secrets/${name}`)).trim());

test("each tenant's key opens the tenant's own space, as far as its role goes, and no other", async () => {
  const story = await openStory();
  await story.carryOut(MANIFEST);
  const { idOf, keys } = await story.books();
  expect(keys).toEqual({ "Tenants/north": ["reader"], "Tenants/south": ["reader"] });
  expect(await story.read("secrets/north")).not.toBe(await story.read("secrets/south"));
  for (const [own, other] of [
    ["north", "south"],
    ["south", "north"],
  ] as const) {
    const client = await clientOf(story, own);
    const mine = idOf(`Tenants/${own}/traffic`);
    expect((await ax.listSpaces({ client })).data.map(({ name }) => name)).toEqual([own]);
    expect((await ax.listProjects({ client })).data.map(({ id }) => id)).toEqual([mine]);
    expect(await ax.getProject({ client, project: mine })).toMatchObject({ name: "traffic" });
    await expect(ax.updateProject({ client, project: mine, name: "mine" })).rejects.toBeInstanceOf(
      ax.AuthorizationError,
    );
    await expect(ax.getSpace({ client, space: idOf(`Tenants/${other}`) })).rejects.toBeInstanceOf(ax.NotFoundError);
    await expect(ax.listProjects({ client, space: idOf(`Tenants/${other}`) })).rejects.toBeInstanceOf(ax.NotFoundError);
    await expect(ax.getProject({ client, project: idOf(`Tenants/${other}/traffic`) })).rejects.toBeInstanceOf(
      ax.NotFoundError,
    );
  }
  await story.end();
});

test("a tenant who leaves loses the key once that is approved, and the others go on", async () => {
  const story = await openStory();
  await story.carryOut(MANIFEST);
  const [north, south] = [await clientOf(story, "north"), await clientOf(story, "south")];
  story.declare(`${FRAME}${tenant("north")}      south: { private: true, service_keys: {} }\n`);
  const plan = await story.plan();
  expect([plan.open, plan.held]).toEqual([[], ["delete service-key:Tenants/south/reader"]]);
  expect(plan.text).toContain("irreversible");
  await ax.listProjects({ client: south });
  await story.approve("the contract ended");
  await story.apply();
  await expect(ax.listProjects({ client: south })).rejects.toBeInstanceOf(ax.AuthenticationError);
  expect((await ax.listProjects({ client: north })).data).toHaveLength(1);
  expect((await story.books()).keys).toEqual({ "Tenants/north": ["reader"] });
  await story.end();
});

test("a tenant who comes is a few lines, and no other key is touched", async () => {
  const story = await openStory();
  await story.carryOut(FRAME + tenant("north"));
  const before = await story.read("secrets/north");
  story.declare(MANIFEST);
  expect((await story.plan()).open).toEqual([
    "create project:Tenants/south/traffic",
    "create service-key:Tenants/south/reader",
    "create space:Tenants/south",
  ]);
  await story.apply();
  expect(await story.read("secrets/north")).toBe(before);
  expect((await ax.listSpaces({ client: await clientOf(story, "south") })).data).toHaveLength(1);
  await story.end();
});
