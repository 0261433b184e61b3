import { statSync } from "node:fs";
import { join } from "node:path";
import * as ax from "@arizeai/ax-client";
import { expect, test } from "vitest";
import { openStory } from "../support/open-story.ts";

const MANIFEST = `version: 1
people:
  jane@acme.example: { name: Jane Doe, role: member, invite: none }
  bob@acme.example: { name: Bob Roe, role: member }
  kim@acme.example:
    name: Kim Poe
    role: member
    invite: temporary_password
    password: { to: file, path: secrets/kim }
    developer: false
  ann@label.example: { name: Ann Loe, role: annotator, invite: email_link }
groups:
  builders: [bob@acme.example, kim@acme.example]
roles:
  Evaluator:
    description: Reads traces, works with tags
    permissions: [PROJECT_READ, PROJECT_SPAN_READ, "TAG_*"]
organizations:
  Ranking:
    description: Search and recommendations
    members: { jane@acme.example: admin, group:builders: member, ann@label.example: annotator }
    spaces:
      search:
        private: true
        members: { bob@acme.example: Evaluator, kim@acme.example: read-only, ann@label.example: annotator }
        projects:
          answers: { bindings: { kim@acme.example: Project Editor } }
      playground: { description: For everybody }
`;

test("a team is taken in: people by each way of invitation, an organization, spaces, a project, a role", async () => {
  const story = await openStory();
  story.declare(MANIFEST);
  const plan = await story.plan();
  expect(plan.held.concat(plan.blocked)).toEqual([]);
  expect(plan.open).toHaveLength(17);
  expect(plan.text).toContain("jane@acme.example on organization:Ranking");
  expect((await story.apply()).stdout).toContain("The account now matches the manifest.");

  const books = await story.books();
  expect(books.people).toMatchObject({
    "jane@acme.example": { name: "Jane Doe", role: "MEMBER", status: "ACTIVE", isDeveloper: true },
    "bob@acme.example": { name: "Bob Roe", role: "MEMBER", status: "INVITED", isDeveloper: true },
    "kim@acme.example": { name: "Kim Poe", role: "MEMBER", status: "INVITED", isDeveloper: false },
    "ann@label.example": { name: "Ann Loe", role: "ANNOTATOR", status: "INVITED", isDeveloper: false },
  });
  expect(books.organizations).toEqual({ Ranking: "Search and recommendations" });
  expect(books.spaces).toEqual({ "Ranking/playground": "public", "Ranking/search": "private" });
  expect(books.projects).toEqual(["Ranking/search/answers"]);
  expect(books.roles).toEqual({
    Evaluator: ["PROJECT_READ", "PROJECT_SPAN_READ", "TAG_CREATE", "TAG_DELETE", "TAG_READ", "TAG_UPDATE"],
  });
  expect(books.bindings).toEqual({
    "Ranking/search": { "bob@acme.example": "Evaluator" },
    "Ranking/search/answers": { "kim@acme.example": "Project Editor" },
  });
  expect(await story.members("Ranking")).toEqual({
    "jane@acme.example": "admin",
    "bob@acme.example": "member",
    "kim@acme.example": "member",
    "ann@label.example": "annotator",
  });
  expect(await story.members("Ranking/search")).toEqual({
    "admin@sandbox.example": "ACCOUNT_ADMIN",
    "jane@acme.example": "ORGANIZATION_ADMIN",
    "bob@acme.example": "Evaluator",
    "kim@acme.example": "readOnly",
    "ann@label.example": "annotator",
  });
  await story.end();
});

test("each invitation is what it says: by mail it can be sent again, and a temporary password lies where it was asked for", async () => {
  const story = await openStory();
  await story.carryOut(MANIFEST);
  const { client } = story;
  const { idOf } = await story.books();
  await ax.resendInvitation({ client, userId: idOf("bob@acme.example") });
  await expect(ax.resendInvitation({ client, userId: idOf("jane@acme.example") })).rejects.toThrow();
  expect((await story.read("secrets/kim")).length).toBeGreaterThan(10);
  expect(statSync(join(story.folder, "secrets/kim")).mode & 0o777).toBe(0o600);

  // A newcomer is one line, and nobody else is touched.
  await story.carryOut(
    MANIFEST.replace("groups:", "  eve@acme.example: { name: Eve Poe, role: member, invite: none }\ngroups:").replace(
      "builders: [",
      "builders: [eve@acme.example, ",
    ),
  );
  const newcomer = await story.clientAs("eve@acme.example");
  expect((await ax.listSpaces({ client: newcomer })).data.map(({ name }) => name)).toEqual(["playground"]);
  await story.end();
});
