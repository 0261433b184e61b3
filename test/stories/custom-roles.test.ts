import * as ax from "@arizeai/ax-client";
import { expect, test } from "vitest";
import { openStory } from "../support/open-story.ts";

const PEOPLE = `version: 1
people:
  jane@acme.example: { name: Jane Doe, role: member, invite: none }
  bob@acme.example: { name: Bob Roe, role: member, invite: none }
organizations:
  Acme:
    members: { jane@acme.example: admin, bob@acme.example: member }
    spaces:
      prod:
        private: true
        manage: { members: authoritative, bindings: authoritative }
`;
const GRANTED = `        members: { bob@acme.example: Labeller }
        projects: { chat: { bindings: { bob@acme.example: Labeller } } }
`;
const UNBOUND = "        members: {}\n        projects: { chat: { bindings: {} } }\n";
const role = (permissions: string): string =>
  `roles: { Labeller: { description: Labels traces, permissions: [${permissions}] } }\n`;
const READ = "PROJECT_READ, PROJECT_SPAN_READ";

test("a custom role is made, given on a space and a project, and holds what the manifest says", async () => {
  const story = await openStory();
  await story.carryOut(PEOPLE + GRANTED + role(`${READ}, PROJECT_SPAN_ANNOTATE`));
  const books = await story.books();
  expect(books.roles).toEqual({ Labeller: ["PROJECT_READ", "PROJECT_SPAN_ANNOTATE", "PROJECT_SPAN_READ"] });
  expect(books.bindings).toEqual({
    "Acme/prod": { "bob@acme.example": "Labeller" },
    "Acme/prod/chat": { "bob@acme.example": "Labeller" },
  });
  expect(await story.members("Acme/prod")).toMatchObject({ "bob@acme.example": "Labeller" });
  const bob = await story.clientAs("bob@acme.example");
  const project = books.idOf("Acme/prod/chat");
  const rename = (name: string): Promise<unknown> => ax.updateProject({ client: bob, project, name });
  await expect(rename("chats")).rejects.toBeInstanceOf(ax.AuthorizationError);

  // To give more is open; to take something away is held, until somebody agrees.
  story.declare(PEOPLE + GRANTED + role(`${READ}, PROJECT_SPAN_ANNOTATE, PROJECT_UPDATE`));
  expect(await story.plan()).toMatchObject({ open: ["update role:Labeller"], held: [] });
  await story.apply();
  await rename("chats");
  await rename("chat");
  story.declare(PEOPLE + GRANTED + role(READ));
  const less = await story.plan();
  expect([less.open, less.held]).toEqual([[], ["update role:Labeller"]]);
  expect(less.text).toContain("bob@acme.example");
  expect((await story.axcess("apply", "plan.json")).exit).toBe(3);
  expect((await story.books()).roles["Labeller"]).toContain("PROJECT_UPDATE");
  await story.approve("labelling is over");
  await story.apply();
  expect((await story.books()).roles).toEqual({ Labeller: ["PROJECT_READ", "PROJECT_SPAN_READ"] });
  await expect(rename("chats")).rejects.toBeInstanceOf(ax.AuthorizationError);
  await story.end();
});

test("a custom role is renamed in place", async () => {
  const story = await openStory();
  await story.carryOut(PEOPLE + GRANTED + role(READ));
  const { idOf } = await story.books();
  const renamed = PEOPLE + GRANTED.replaceAll("Labeller", "Annotation Lead");
  await story.carryOut(`${renamed}roles: { Annotation Lead: { previously: [Labeller], permissions: [${READ}] } }\n`);
  const books = await story.books();
  expect(books.idOf("Annotation Lead")).toBe(idOf("Labeller"));
  expect(books.bindings["Acme/prod"]).toEqual({ "bob@acme.example": "Annotation Lead" });
  await story.end();
});

test("a custom role is not deleted while somebody holds it; after that it is, with an approval", async () => {
  const story = await openStory();
  await story.carryOut(PEOPLE + GRANTED + role(READ));
  const absent = `roles: {}\nabsent: ["role:Labeller"]\n`;
  // The manifest no longer speaks of those who hold the role, so they keep it.
  story.declare(PEOPLE.replace(/ {8}manage.*\n/u, "") + absent);
  const used = await story.plan();
  expect([used.open, used.held, used.blocked]).toEqual([[], [], ["delete role:Labeller"]]);
  expect(used.text).toContain("in-use");
  expect((await story.axcess("apply", "plan.json")).exit).toBe(3);
  expect(Object.keys((await story.books()).roles)).toEqual(["Labeller"]);

  story.declare(PEOPLE + UNBOUND + absent);
  expect((await story.plan()).held).toEqual([
    "delete binding:Acme/prod/chat/bob@acme.example",
    "delete role:Labeller",
    "delete space-member:Acme/prod/bob@acme.example",
  ]);
  await story.approve("nobody labels any more");
  await story.apply();
  const books = await story.books();
  expect([books.roles, books.bindings]).toEqual([{}, {}]);
  await story.end();
});
