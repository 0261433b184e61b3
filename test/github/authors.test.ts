import { describe, expect, test } from "vitest";
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
const AUTHORS = {
  authors: ["jane-doe", "vera", "otto"].map((login) => `${login}: ${login.split("-")[0]}@acme.example`).join("\n"),
};

/** An account with an organization, and a ledger on its branch. */
async function begin(): Promise<Desk> {
  const desk = await openDesk({ "access.yaml": "version: 1\npeople: {}\n" });
  desk.commit("begin", "main", { "access.yaml": BEGUN });
  const begin = desk.open("begin");
  await desk.plan(begin);
  expect((await desk.apply(desk.merge(begin))).exit).toBe(0);
  return desk;
}

/** A pull request of Jane's that takes Bob out, and that Vera has approved by a commit of her own, which she pushed. */
async function openApproved(): Promise<{ readonly desk: Desk; readonly pull: Row }> {
  const desk = await begin();
  desk.commit("leave", "main", { "access.yaml": WITHOUT_BOB });
  await desk.plan(desk.open("leave"), AUTHORS);
  const place = makeWorkplace();
  place.write("access.yaml", WITHOUT_BOB);
  place.write("plan.json", desk.planText());
  const words = ["approve", "plan.json", "--all", "--reason", "left", "--by", "vera@acme.example"];
  expect((await place.run([...words, "--output", "approval.yaml"])).exit).toBe(0);
  desk.commit("leave", "leave", { "approvals/vera.yaml": await place.read("approval.yaml") }, "Vera");
  return { desk, pull: desk.open("leave", { login: "vera" }) };
}

function comment(desk: Desk): string {
  return desk.hub.comments.findLast((row) => row["body"].startsWith("<!-- axcess-plan"))?.["body"];
}

const COUNTS = "`1 of 1 there: vera@acme.example`";
const AUTHORED = "vera@acme.example authored the change";

describe("an approval of somebody who", () => {
  test("only committed and pushed it counts, in the plan and in the apply", async () => {
    const { desk, pull } = await openApproved();
    expect((await desk.plan(pull, AUTHORS)).exit).toBe(0);
    expect(comment(desk)).toContain(COUNTS);
    expect((await desk.apply(desk.merge(pull), AUTHORS)).exit).toBe(0);
  });

  test("also changed the manifest does not count, in the plan and in the apply", async () => {
    const { desk } = await openApproved();
    desk.commit("leave", "leave", { "access.yaml": `${WITHOUT_BOB}# left in May\n` }, "Vera");
    const pull = desk.open("leave");
    await desk.plan(pull, AUTHORS);
    expect(comment(desk)).toContain(AUTHORED);
    const job = await desk.apply(desk.merge(pull), AUTHORS);
    expect([job.exit, job.summary]).toEqual([3, expect.stringContaining(AUTHORED)]);
  });

  test.each([
    ["pushed what others committed", "ahead"],
    ["pushed by force", "diverged"],
  ])("%s does not count, and the apply knows it from the plan", async (_, status) => {
    const { desk } = await openApproved();
    if (status === "ahead") desk.commit("leave", "leave", { "access.yaml": `${WITHOUT_BOB}# left in May\n` });
    const pull = desk.open("leave", { login: "Vera" });
    for (const compared of desk.hub.comparisons.values()) compared["status"] = status;
    await desk.plan(pull, AUTHORS);
    expect(comment(desk)).toContain(AUTHORED);
    expect(JSON.parse(desk.planFiles()["about.json"] ?? "").authors).toContainEqual(expect.stringMatching(/^vera$/iu));
    const job = await desk.apply(desk.merge(pull), AUTHORS);
    expect([job.exit, job.summary]).toEqual([3, expect.stringContaining(AUTHORED)]);
  });

  test("moved a part of the manifest to the approvals does not count", async () => {
    const { desk, pull } = await openApproved();
    const row = desk.hub.commits.get(pull["number"])?.at(-1);
    Object.assign(row?.["files"][0], { previous_filename: "access.yaml" });
    await desk.plan(pull, AUTHORS);
    expect(comment(desk)).toContain(AUTHORED);
  });

  test("approved where a folder is the manifest does not count if they committed it, since the file may be a part of it", async () => {
    const { desk, pull } = await openApproved();
    const { log } = await desk.plan(pull, {
      ...AUTHORS,
      authors: "jane-doe: jane@acme.example",
      files: "access*.yaml",
    });
    expect(log).toContain("authors has no line for Vera, who authored the change.\n");
  });
});

test("what GitHub or the input does not tell is said, each in one notice", async () => {
  const { desk, pull } = await openApproved();
  desk.commit("leave", "leave", { "access.yaml": `${WITHOUT_BOB}# 1\n` }, "");
  for (const [index, login] of ["Kim", "Lee", "renovate[bot]"].entries())
    desk.commit("leave", "leave", { "access.yaml": `${WITHOUT_BOB}# ${index + 2}\n` }, login);
  desk.open("leave");
  const rows = desk.hub.commits.get(pull["number"]) ?? [];
  desk.hub.commits.set(pull["number"], [...rows, ...Array.from({ length: 250 }, () => rows[0] ?? {})]);
  const { log } = await desk.plan(pull, AUTHORS);
  const notices = log.split("\n").filter((line) => line.startsWith("::notice title=axcess::"));
  expect(notices).toEqual([
    expect.stringMatching(/#2 has 250 commits or more.*#2 has commits that GitHub knows no login for/u),
    expect.stringMatching(/authors has no line for Kim, Lee, who authored the change\.$/u),
  ]);
  expect(comment(desk)).toContain(COUNTS);
});

test("a commit in the name of another does not stand for whoever opened the pull request and has no line", async () => {
  const { desk } = await openApproved();
  desk.commit("leave", "leave", { "access.yaml": `${WITHOUT_BOB}# 1\n` }, "Otto");
  const pull = desk.open("leave");
  const inputs = { authors: "otto: otto@acme.example\nvera: vera@acme.example" };
  const job = await desk.plan(pull, inputs);
  expect(job.log).toContain("No author is told");
  expect(comment(desk)).toContain("Nobody told who authored the change");
  const applied = await desk.apply(desk.merge(pull), inputs);
  expect([applied.exit, applied.summary]).toEqual([3, expect.stringContaining("Nobody told who authored")]);
});

test("where the commits are not told, nothing is planned", async () => {
  const { desk, pull } = await openApproved();
  desk.hub.commits.clear();
  const job = await desk.plan(pull, AUTHORS);
  expect([job.exit, job.log]).toEqual([1, expect.stringContaining("does not tell the commits of #2")]);
});
