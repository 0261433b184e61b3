import * as ax from "@arizeai/ax-client";
import { expect, test } from "vitest";
import { openStory } from "../support/open-story.ts";

const MANIFEST = `version: 1
manage: { members: authoritative, bindings: authoritative }
people: # all of us
  jane@acme.example: { name: Jane Doe, role: member, invite: none }
  bob@acme.example: { name: Bob Roe, role: member, invite: none }
  eve@acme.example: { name: Eve Poe, role: member, invite: none }
roles:
  Reviewer: { permissions: [PROJECT_READ] } # for audits
organizations:
  Acme:
    members: { jane@acme.example: admin, bob@acme.example: member, eve@acme.example: member }
    spaces:
      prod:
        description: Live # as in the wiki
        members:
          bob@acme.example: Reviewer # on the eval rota
        projects:
          chat: { restricted: true, bindings: { bob@acme.example: Project Viewer } }
`;

test("what somebody did by hand is told, taken into the manifest, and then there is nothing to do", async () => {
  const story = await openStory();
  await story.carryOut(MANIFEST);
  expect(await story.axcess("drift")).toMatchObject({ exit: 0, stdout: "No drift.\n" });

  const { client } = story;
  const { idOf } = await story.books();
  const [bob, eve] = [idOf("bob@acme.example"), idOf("eve@acme.example")];
  const [space, project] = [idOf("Acme/prod"), idOf("Acme/prod/chat")];
  await ax.updateRole({ client, roleId: idOf("Reviewer"), permissions: ["PROJECT_READ", "PROJECT_SPAN_READ"] });
  await ax.updateSpace({ client, space, description: "Production" });
  await ax.addSpaceUser({ client, spaceId: space, userId: eve, role: { type: "PREDEFINED", name: "READ_ONLY" } });
  await ax.removeSpaceUser({ client, spaceId: space, userId: bob });
  await ax.unrestrictResource({ client, resourceId: project });
  await ax.updateUser({ client, userId: bob, name: "Robert Roe" });

  const told = await story.axcess("drift");
  expect(told.exit).toBe(2);
  for (const line of [
    "changed  role:Reviewer",
    "changed  space:Acme/prod",
    "changed  user:bob@acme.example",
    "extra    space-member:Acme/prod/eve@acme.example",
    "missing  restriction:Acme/prod/chat",
    "missing  space-member:Acme/prod/bob@acme.example",
    "last recorded change: by admin@sandbox.example",
  ]) {
    expect(told.stdout).toContain(line);
  }
  const taken = await story.axcess("drift", "--write");
  expect(taken.exit, taken.stderr).toBe(0);
  const written = await story.read("access.yaml");
  for (const kept of ["# all of us", "# for audits", "# as in the wiki", "# on the eval rota"]) {
    expect(written).toContain(kept);
  }
  expect(written).toContain("restricted: false");
  expect(await story.axcess("drift")).toMatchObject({ exit: 0, stdout: "No drift.\n" });
  await story.end();
  // Taking it in changed nothing on the account.
  const books = await story.books();
  expect(books.people["bob@acme.example"]?.name).toBe("Robert Roe");
  expect(books.restricted).toEqual([]);
  expect(await story.members("Acme/prod")).toMatchObject({
    "bob@acme.example": "PUBLIC_MEMBERSHIP",
    "eve@acme.example": "readOnly",
  });
});

test("what somebody did by hand can be put back instead: a plan shows it, and what takes access is held", async () => {
  const story = await openStory();
  await story.carryOut(MANIFEST);
  const { client } = story;
  const { idOf } = await story.books();
  const spaceId = idOf("Acme/prod");
  const admin = { type: "PREDEFINED", name: "ADMIN" } as const;
  await ax.addSpaceUser({ client, spaceId, userId: idOf("eve@acme.example"), role: admin });
  await ax.updateSpace({ client, space: spaceId, description: "Production" });
  expect((await story.axcess("drift")).exit).toBe(2);
  // Eve is the only admin that the space itself has: that it is left with none is for whoever plans to say.
  expect((await story.plan()).blocked).toEqual(["delete space-member:Acme/prod/eve@acme.example"]);
  const plan = await story.plan("plan", "--min-admins", "0");
  expect([plan.open, plan.held]).toEqual([
    ["update space:Acme/prod"],
    ["delete space-member:Acme/prod/eve@acme.example"],
  ]);
  await story.approve("nobody agreed to that");
  await story.apply();
  expect(await story.members("Acme/prod")).toMatchObject({ "eve@acme.example": "PUBLIC_MEMBERSHIP" });
  expect((await ax.getSpace({ client, space: spaceId })).description).toBe("Live");
  expect(await story.axcess("drift")).toMatchObject({ exit: 0, stdout: "No drift.\n" });
  await story.end();
});
