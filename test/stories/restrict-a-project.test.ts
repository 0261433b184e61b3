import * as ax from "@arizeai/ax-client";
import { expect, test } from "vitest";
import { openStory, type Story } from "../support/open-story.ts";

const manifest = (restricted: string): string => `version: 1
people:
  jane@acme.example: { name: Jane Doe, role: member, invite: none }
  bob@acme.example: { name: Bob Roe, role: member, invite: none }
  eve@acme.example: { name: Eve Poe, role: member, invite: none }
organizations:
  Acme:
    members: { jane@acme.example: admin, bob@acme.example: member, eve@acme.example: member }
    spaces:
      prod:
        members: { bob@acme.example: member, eve@acme.example: member }
        projects:
          payroll: { ${restricted}bindings: { bob@acme.example: Project Viewer } }
          chat: {}
`;
const OPEN = manifest("");
const RESTRICTED = manifest("restricted: true, ");
const LIFTED = manifest("restricted: false, ");

/** Who of three people finds the project with the vendor's client. */
async function findersOf(story: Story): Promise<readonly string[]> {
  const { idOf } = await story.books();
  const found: string[] = [];
  for (const name of ["jane", "bob", "eve"]) {
    const client = await story.clientAs(`${name}@acme.example`);
    const listed = (await ax.listProjects({ client, space: idOf("Acme/prod") })).data.map((each) => each.name);
    expect(listed).toContain("chat");
    if (listed.includes("payroll")) found.push(name);
  }
  return found;
}

test("a restricted project is seen by those with a role on it, and by admins; to lift it is held", async () => {
  const story = await openStory();
  await story.carryOut(OPEN);
  expect(await findersOf(story)).toEqual(["jane", "bob", "eve"]);

  story.declare(RESTRICTED);
  const plan = await story.plan();
  expect([plan.open, plan.held]).toEqual([[], ["create restriction:Acme/prod/payroll"]]);
  expect(plan.text).toContain("eve@acme.example");
  expect((await story.axcess("apply", "plan.json")).exit).toBe(3);
  expect((await story.books()).restricted).toEqual([]);
  await story.approve("payroll is for two people");
  await story.apply();
  expect((await story.books()).restricted).toEqual(["Acme/prod/payroll"]);
  expect(await findersOf(story)).toEqual(["jane", "bob"]);
  const { idOf } = await story.books();
  const eve = await story.clientAs("eve@acme.example");
  const project = idOf("Acme/prod/payroll");
  await expect(ax.getProject({ client: eve, project })).rejects.toBeInstanceOf(ax.NotFoundError);
  await story.end();

  // What is no longer written is not managed: the restriction stays. To lift it, it is written.
  story.declare(OPEN);
  expect((await story.plan()).text).toContain("No changes.");
  story.declare(LIFTED);
  expect(await story.plan()).toMatchObject({ open: [], held: ["delete restriction:Acme/prod/payroll"] });
  expect((await story.axcess("apply", "plan.json")).exit).toBe(3);
  expect(await findersOf(story)).toEqual(["jane", "bob"]);
  await story.approve("payroll moved elsewhere");
  await story.apply();
  expect((await story.books()).restricted).toEqual([]);
  expect(await findersOf(story)).toEqual(["jane", "bob", "eve"]);
  await story.end();
});
