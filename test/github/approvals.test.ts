import { expect, test } from "vitest";
import { type Desk, openDesk } from "../support/github-job.ts";
import type { Row } from "../support/github-server.ts";
import { makeWorkplace } from "../support/run-axcess.ts";

const BEGUN = `version: 1
manage: { members: authoritative }
policy: { approvals: { not_by: [author] } }
people:
  jane@acme.example: { name: Jane Doe, role: member }
  bob@acme.example: { name: Bob Roe, role: member }
organizations:
  Acme Labs: { members: { jane@acme.example: admin, bob@acme.example: member } }
`;
const WITHOUT_BOB = BEGUN.replace(", bob@acme.example: member }", " }");
const AUTHORS = { authors: "vera: vera@acme.example\njane-doe: jane@acme.example\n" };

/** Adds an approval of all that is held to the pull request, and plans it again. */
async function approveBy(desk: Desk, email: string, inputs: Readonly<Record<string, string>>): Promise<string> {
  const place = makeWorkplace();
  place.write("access.yaml", WITHOUT_BOB);
  place.write("plan.json", desk.planText());
  const words = ["approve", "plan.json", "--all", "--reason", "left", "--by", email, "--output", "approval.yaml"];
  expect((await place.run(words)).stderr).not.toContain("error");
  const path = `approvals/${email.split("@")[0]}.yaml`;
  desk.commit("leave", "leave", { [path]: await place.read("approval.yaml") });
  const planned = await desk.plan(desk.open("leave"), inputs);
  expect(planned.exit).toBe(0);
  return comment(desk);
}

function comment(desk: Desk): string {
  return desk.hub.comments.findLast((row: Row) => row["body"].startsWith("<!-- axcess-plan"))?.["body"];
}

test("who opened the pull request does not approve it, and the comment tells who has to", async () => {
  const desk = await openDesk({ "access.yaml": "version: 1\npeople: {}\n" });
  desk.commit("begin", "main", { "access.yaml": BEGUN });
  const begin = desk.open("begin");
  await desk.plan(begin);
  expect((await desk.apply(desk.merge(begin))).exit).toBe(0);
  desk.commit("leave", "main", { "access.yaml": WITHOUT_BOB });
  await desk.plan(desk.open("leave"), AUTHORS);
  expect(comment(desk)).toContain("- `needs 1 approval; not by its author`\n  - `0 of 1 there`");
  expect(await approveBy(desk, "jane@acme.example", AUTHORS)).toMatch(/0 of 1 there[\s\S]*author/u);
  expect(await approveBy(desk, "vera@acme.example", {})).toContain("Nobody told who authored the change");
  expect(await approveBy(desk, "vera@acme.example", AUTHORS)).toContain("`1 of 1 there: vera@acme.example`");
  const strange = await desk.plan(desk.open("leave"), { authors: "otto: otto@acme.example" });
  expect(strange.log).toContain("authors has no line for Jane-Doe");
  const last = await desk.plan(desk.open("leave"), AUTHORS);
  expect(last.exit).toBe(0);
  const commit = desk.merge(desk.open("leave"));
  const untold = await desk.job({ mode: "apply", event: "push", commit });
  expect([untold.exit, untold.summary]).toEqual([3, expect.stringContaining("Nobody told who authored")]);
  const told = await desk.job({ mode: "apply", event: "push", commit, inputs: AUTHORS });
  expect([told.exit, told.summary]).toEqual([0, expect.stringContaining("The account now matches the manifest.")]);
});
