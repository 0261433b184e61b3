import * as ax from "@arizeai/ax-client";
import { expect, test } from "vitest";
import { openStory } from "../support/open-story.ts";

const MANIFEST = `version: 1
manage: { members: authoritative, bindings: authoritative }
people: # all of us
  jane@acme.example: { name: Jane Doe, role: member, invite: none }
  vera@acme.example: { name: Vera Moe, role: member, invite: none }
  carl@acme.example: { name: Carl Poe, role: member, invite: none } # until spring
  bob@acme.example: { name: Bob Roe, role: member, invite: none }
roles:
  Reviewer: { permissions: [PROJECT_READ, PROJECT_SPAN_READ] }
organizations:
  Acme:
    members:
      jane@acme.example: admin
      carl@acme.example: admin
      vera@acme.example: member
      bob@acme.example: member
    spaces:
      prod:
        members:
          jane@acme.example: admin
          carl@acme.example: admin
          bob@acme.example: Reviewer
        projects:
          chat: { bindings: { carl@acme.example: Project Admin, bob@acme.example: Project Viewer } }
`;

test("a person who leaves is gone with all they had, once approved; every place keeps its admins", async () => {
  const story = await openStory();
  await story.carryOut(MANIFEST);
  const carl = await story.clientAs("carl@acme.example");
  expect((await ax.listProjects({ client: carl })).data.map(({ name }) => name)).toEqual(["chat"]);
  const carlId = (await story.books()).idOf("carl@acme.example");

  // One admin would be left where two are wanted: no approval lets that through.
  expect((await story.axcess("offboard", "carl@acme.example")).exit).toBe(0);
  const alone = await story.plan();
  expect(alone.blocked).toEqual(["delete user:carl@acme.example"]);
  expect(alone.text).toContain("last-admin");
  const left = await story.read("access.yaml");
  expect(left).toContain("offboard: [carl@acme.example]");
  expect(left).toContain("# until spring");
  expect(left.match(/carl@acme\.example/gu)).toHaveLength(1);

  // With Vera in Carl's place it is held, and nothing of it happens unasked.
  story.declare(
    left
      .replace("vera@acme.example: member", "vera@acme.example: admin")
      .replace(
        "          bob@acme.example: Reviewer",
        "          vera@acme.example: admin\n          bob@acme.example: Reviewer",
      ),
  );
  const plan = await story.plan();
  expect([plan.held, plan.blocked]).toEqual([["delete user:carl@acme.example"], []]);
  expect(plan.text).toContain("Service keys they made for machines stay alive");
  expect((await story.axcess("apply", "plan.json")).exit).toBe(3);
  expect((await story.books()).people["carl@acme.example"]?.status).toBe("ACTIVE");
  expect(await story.members("Acme")).toMatchObject({ "vera@acme.example": "admin", "carl@acme.example": "admin" });

  await story.approve("Carl left on 31 May");
  expect((await story.apply()).stdout).toContain("The account now matches the manifest.");
  const books = await story.books();
  expect(Object.keys(books.people).sort()).toEqual([
    "admin@sandbox.example",
    "bob@acme.example",
    "jane@acme.example",
    "vera@acme.example",
  ]);
  await expect(ax.getUser({ client: story.client, userId: carlId })).rejects.toBeInstanceOf(ax.NotFoundError);
  await expect(ax.listProjects({ client: carl })).rejects.toBeInstanceOf(ax.AuthenticationError);
  expect(books.bindings).toEqual({
    "Acme/prod": { "bob@acme.example": "Reviewer" },
    "Acme/prod/chat": { "bob@acme.example": "Project Viewer" },
  });
  expect(await story.members("Acme")).toEqual({
    "jane@acme.example": "admin",
    "vera@acme.example": "admin",
    "bob@acme.example": "member",
  });
  expect(await story.members("Acme/prod")).toMatchObject({
    "jane@acme.example": "ORGANIZATION_ADMIN",
    "vera@acme.example": "ORGANIZATION_ADMIN",
    "bob@acme.example": "Reviewer",
  });
  await story.end();
});

test("a person who only changes teams is taken out of one place, and stays in the account", async () => {
  const story = await openStory();
  await story.carryOut(MANIFEST);
  story.declare(
    MANIFEST.replace("          bob@acme.example: Reviewer\n", "").replace(", bob@acme.example: Project Viewer", ""),
  );
  const plan = await story.plan();
  expect([plan.open, plan.held]).toEqual([
    [],
    ["delete binding:Acme/prod/chat/bob@acme.example", "delete space-member:Acme/prod/bob@acme.example"],
  ]);
  await story.approve("another team");
  await story.apply();
  const books = await story.books();
  expect(books.people["bob@acme.example"]?.status).toBe("ACTIVE");
  expect(books.bindings).toEqual({ "Acme/prod/chat": { "carl@acme.example": "Project Admin" } });
  expect(await story.members("Acme/prod")).toMatchObject({ "bob@acme.example": "PUBLIC_MEMBERSHIP" });
  await story.end();
});
