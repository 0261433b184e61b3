import { expect, test } from "vitest";
import { openDesk } from "../support/github-job.ts";

const MANIFEST = "version: 1\norganizations:\n  Acme Labs: { description: Papers }\n";

test("a nightly job keeps one issue: opened, brought up to date, closed, and opened again", async () => {
  const desk = await openDesk({ "access.yaml": "version: 1\norganizations: {}\n" });
  desk.commit("begin", "main", { "access.yaml": MANIFEST });
  const pull = desk.open("begin");
  await desk.plan(pull);
  expect((await desk.apply(desk.merge(pull))).exit).toBe(0);
  const { body } = await desk.account.rest("GET", "/v2/organizations");
  const { id } = body.organizations.find(({ name }: { readonly name: string }) => name === "Acme Labs");
  const describe = (description: string): Promise<unknown> =>
    desk.account.rest("PATCH", `/v2/organizations/${id}`, { description });

  expect([(await desk.drift()).exit, desk.hub.issues]).toEqual([0, []]);
  // Somebody else's issue with the same first line and label.
  desk.hub.issues.push({
    number: 1,
    body: "<!-- axcess-issue access -->\nmine",
    labels: [{ name: "axcess-drift" }],
    state: "open",
    user: { login: "eve" },
  });
  const told = () => desk.hub.issues.filter(({ user }) => user.login !== "eve");
  await describe("Papers!");
  const opened = await desk.drift();
  expect([opened.exit, opened.outputs["exit"]]).toEqual([0, "2"]);
  expect(told()).toMatchObject([{ state: "open", body: expect.stringContaining("Papers!") }]);
  await describe("Papers?");
  await desk.drift();
  expect(told()).toMatchObject([{ state: "open", body: expect.stringContaining("Papers?") }]);
  await describe("Papers");
  await desk.drift();
  expect(told()).toMatchObject([{ state: "closed", state_reason: "completed" }]);
  await describe("Papers!");
  await desk.drift();
  expect(told()).toMatchObject([{ state: "open", state_reason: "reopened" }]);
  expect(desk.hub.issues[0]).toMatchObject({ state: "open", body: "<!-- axcess-issue access -->\nmine" });
});

test("an account that cannot be read opens and closes nothing, and the job fails", async () => {
  const desk = await openDesk({ "access.yaml": MANIFEST });
  const job = await desk.job({
    mode: "drift",
    event: "schedule",
    commit: desk.commit("main", "main", {}),
    inputs: { "api-key": "no-key" },
  });
  expect([job.exit, desk.hub.issues]).toEqual([1, []]);
  expect(job.summary).toContain("axcess drift: failed");
});
