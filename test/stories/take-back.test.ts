import * as ax from "@arizeai/ax-client";
import { expect, test } from "vitest";
import { openStory, type Story } from "../support/open-story.ts";

const FRAME = `version: 1
policy: { min_admins: 0 }
manage: { members: authoritative, bindings: authoritative }
people:
  jane@acme.example: { name: Jane Doe, role: member, invite: none }
  bob@acme.example: { name: Bob Roe, role: member, invite: none }
`;
const ROLES = "roles: { Reviewer: { permissions: [PROJECT_READ, PROJECT_SPAN_READ] } }\n";
const place = (content: string): string => `organizations:
  Acme:
    members: { jane@acme.example: admin, bob@acme.example: member }
    spaces:
      prod:
${content}`;
const WORK = `        members: { bob@acme.example: Reviewer }
        projects: { chat: { bindings: { bob@acme.example: Project Viewer } } }
`;
const BEFORE = FRAME + ROLES + place(WORK);

/** Shows, approves and runs the undo of the last run, and tells what was shown. */
async function takeBack(story: Story): Promise<string> {
  const shown = await story.axcess("undo", "--out", "plan.json");
  expect(shown.exit, shown.stderr).toBe(0);
  const { held } = await story.plan("undo");
  if (held.length > 0) await story.approve("rolled out too early");
  expect((await story.apply()).stdout).toContain("that can be undone is undone.");
  return shown.stdout + shown.stderr;
}

test("a team that was taken in goes again; the people are gone for good, and it says so", async () => {
  const story = await openStory();
  await story.carryOut(FRAME + place("        members: {}\n"));
  const old = await story.books();
  const labels = `      labels: { private: true, projects: { queue: {} }, members: { kim@acme.example: Reviewer } }\n`;
  await story.carryOut(
    `${FRAME}  kim@acme.example: { name: Kim Poe, role: member, invite: none }\n${ROLES}${place("        members: {}\n")}${labels}`.replace(
      "bob@acme.example: member }",
      "bob@acme.example: member, kim@acme.example: member }",
    ),
  );
  expect((await story.books()).people).toHaveProperty(["kim@acme.example"]);
  const { held, text } = await story.plan("undo");
  expect(held).toContain("delete user:kim@acme.example");
  expect(held).toContain("delete space:Acme/labels");
  expect(text).toContain("irreversible");
  await takeBack(story);
  const books = await story.books();
  expect([books.people, books.spaces, books.projects, books.roles]).toEqual([
    old.people,
    old.spaces,
    old.projects,
    old.roles,
  ]);
  story.declare(FRAME + place("        members: {}\n"));
  await story.end();
  // To undo the undo brings all back but who was deleted, and what was in the space.
  const again = await story.axcess("undo");
  expect(again.stdout).toContain("AX345");
  expect(again.stdout).toContain("user:kim@acme.example: A deleted person's e-mail can never be invited again.");
  expect(again.stdout).toContain("space:Acme/labels: What was in a deleted space is gone for good.");
});

test("a person who was offboarded does not come back, and it says so", async () => {
  const story = await openStory();
  await story.carryOut(BEFORE);
  expect((await story.axcess("offboard", "bob@acme.example")).exit).toBe(0);
  await story.plan();
  await story.approve("Bob left");
  await story.apply();
  const { open, held, text } = await story.plan("undo");
  expect([open, held]).toEqual([[], []]);
  expect(text).toContain("user:bob@acme.example: A deleted person's e-mail can never be invited again.");
  expect((await story.books()).people).not.toHaveProperty(["bob@acme.example"]);
  await story.end();
});

test("a role that was changed, and one that was deleted with its grants, are as before", async () => {
  const story = await openStory();
  await story.carryOut(BEFORE);
  await story.carryOut(BEFORE.replace("PROJECT_READ, PROJECT_SPAN_READ", "PROJECT_READ, PROJECT_UPDATE"));
  const shown = await takeBack(story);
  expect(shown).toContain("AX343");
  story.declare(BEFORE);
  await story.end();
  const before = await story.books();

  // The name of a deleted role is free again here; on an account where it is not, the step fails and says so.
  story.account.sandbox.setSwitches({ deletedRoleNameReusable: true });
  const unbound = place("        members: {}\n        projects: { chat: { bindings: {} } }\n");
  await story.carryOut(`${FRAME}roles: {}\nabsent: ["role:Reviewer"]\n${unbound}`);
  expect((await story.books()).roles).toEqual({});
  await takeBack(story);
  const books = await story.books();
  expect([books.roles, books.bindings]).toEqual([before.roles, before.bindings]);
  expect(books.idOf("Reviewer")).not.toBe(before.idOf("Reviewer"));
  story.declare(BEFORE);
  await story.end();
});

test("a restriction, made or lifted, is taken back", async () => {
  const story = await openStory();
  await story.carryOut(BEFORE);
  const restricted = BEFORE.replace("chat: {", "chat: { restricted: true,");
  await story.carryOut(restricted);
  await takeBack(story);
  expect((await story.books()).restricted).toEqual([]);
  story.declare(BEFORE);
  await story.end();
  await story.carryOut(restricted);
  await story.carryOut(restricted.replace("true", "false"));
  await takeBack(story);
  expect((await story.books()).restricted).toEqual(["Acme/prod/chat"]);
  story.declare(restricted);
  await story.end();
});

test("what somebody did by hand since is left as it is, and told", async () => {
  const story = await openStory();
  await story.carryOut(BEFORE);
  const changed = BEFORE.replace("PROJECT_SPAN_READ]", "PROJECT_SPAN_READ, PROJECT_UPDATE]");
  await story.carryOut(changed);
  const { client } = story;
  const roleId = (await story.books()).idOf("Reviewer");
  await ax.updateRole({ client, roleId, permissions: ["PROJECT_READ", "SPACE_READ"] });
  const { open, held, text } = await story.plan("undo");
  expect([open, held]).toEqual([[], []]);
  expect(text).toContain("AX346");
  expect(text).toContain("Somebody changed permissions since.");
  expect((await story.axcess("drift", "--write")).exit).toBe(0);
  expect((await story.books()).roles).toEqual({ Reviewer: ["PROJECT_READ", "SPACE_READ"] });
  await story.end();
});
