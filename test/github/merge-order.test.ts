import { expect, test } from "vitest";
import { type Desk, openDesk } from "../support/github-job.ts";
import type { Row } from "../support/github-server.ts";

const BEGUN = "version: 1\norganizations:\n  Acme Labs: {}\n";
const manifest = (...names: readonly string[]): string => BEGUN + names.map((name) => `  ${name}: {}\n`).join("");

/** A pull request that makes an organization, from where the main branch is. */
function propose(desk: Desk, ...names: readonly string[]): Row {
  const branch = names.join("-");
  desk.commit(branch, "main", { [`${branch}.txt`]: branch, "access.yaml": manifest(...names) });
  return desk.open(branch);
}

async function begin(): Promise<Desk> {
  const desk = await openDesk({ "access.yaml": "version: 1\norganizations: {}\n" });
  desk.commit("begin", "main", { "access.yaml": BEGUN });
  const pull = desk.open("begin");
  await desk.plan(pull);
  expect((await desk.apply(desk.merge(pull))).exit).toBe(0);
  return desk;
}

async function places(desk: Desk): Promise<string> {
  return JSON.stringify((await desk.account.rest("GET", "/v2/organizations")).body);
}

function told(desk: Desk, { number }: Row): readonly string[] {
  const own = ({ issue, body }: Row): boolean => issue === number && body.startsWith("<!-- axcess-apply");
  return desk.hub.comments.filter(own).map(({ body }) => body);
}

test("a merge whose apply was cancelled while it waited is done by the next one, where the plan of that has it in it", async () => {
  const desk = await begin();
  const middle = propose(desk, "Research");
  await desk.plan(middle);
  const dropped = desk.merge(middle);
  // Brought up to date before it was planned, as a protected branch asks for.
  const last = propose(desk, "Research", "Sales");
  await desk.plan(last);
  desk.drop(dropped);
  const job = await desk.apply(desk.merge(last));
  expect(job.exit).toBe(0);
  expect(await places(desk)).toMatch(/Research.*Sales|Sales.*Research/u);
  expect(job.summary).toContain(`GitHub cancelled the apply of #2 (${dropped.slice(0, 12)})`);
  expect(told(desk, middle)).toEqual([expect.stringContaining("nothing of this pull request is left to do")]);
  expect(told(desk, middle)[0]).toContain("The apply of #3");
  expect(told(desk, last)).toEqual([expect.stringContaining("GitHub cancelled the apply of #2")]);
});

test("where the plan of the next one was made without it nothing is changed, and both are told what to do", async () => {
  const desk = await begin();
  const [first, middle, last] = [propose(desk, "Legal"), propose(desk, "Research"), propose(desk, "Sales")];
  for (const pull of [first, middle, last]) await desk.plan(pull);
  await desk.apply(desk.merge(first));
  const dropped = mergeBoth(desk, middle, ["Legal", "Research"]);
  desk.drop(dropped);
  const job = await desk.apply(mergeBoth(desk, last, ["Legal", "Research", "Sales"]));
  expect(job.exit).toBe(4);
  expect(await places(desk)).not.toMatch(/Research|Sales/u);
  for (const pull of [middle, last]) {
    expect(told(desk, pull)).toEqual([expect.stringMatching(/also (?:of )?one that changes nothing but a comment/u)]);
  }
  // And so it is: the next one has all that is left.
  const next = propose(desk, "Legal", "Research", "Sales");
  await desk.plan(next);
  expect((await desk.apply(desk.merge(next))).exit).toBe(0);
  expect(await places(desk)).toMatch(/Research/u);
  expect(told(desk, middle)).toHaveLength(1);
});

test("a merge without a pull request after one that was cancelled applies nothing, and both are told", async () => {
  const desk = await begin();
  const middle = propose(desk, "Research");
  await desk.plan(middle);
  desk.drop(desk.merge(middle));
  desk.drop(desk.commit("main", "main", { "a.txt": "a" }));
  const job = await desk.apply(desk.commit("main", "main", { "b.txt": "b" }));
  expect([job.exit, job.summary]).toEqual([3, expect.stringContaining("create organization:Research")]);
  expect(job.summary).toMatch(/cancelled the apply of [0-9a-f]{12}, #2/u);
  expect(told(desk, middle)).toEqual([expect.stringContaining("The apply of a later commit")]);
});

test("the authors of a cancelled merge count as authors of what is applied", async () => {
  const desk = await begin();
  const middle = propose(desk, "Research");
  await desk.plan(middle);
  desk.drop(desk.merge(middle));
  desk.hub.commits.set(2, [{ sha: "0".repeat(40), author: { login: "Kim" }, committer: { login: "web-flow" } }]);
  const last = propose(desk, "Research", "Sales");
  const inputs = { authors: "jane-doe: jane@acme.example" };
  expect((await desk.plan(last, inputs)).log).not.toContain("no line for");
  expect((await desk.apply(desk.merge(last), inputs)).log).toContain("authors has no line for Kim");
});

test("a cancelled run that is run again after a later one takes nothing back", async () => {
  const desk = await begin();
  const [middle, last] = [propose(desk, "Research"), propose(desk, "Sales")];
  await desk.plan(middle);
  const dropped = desk.drop(desk.merge(middle));
  await desk.plan(last);
  await desk.apply(mergeBoth(desk, last, ["Research", "Sales"]));
  // Of the same number, in another attempt.
  const env = { GITHUB_RUN_NUMBER: String(dropped["run_number"]), GITHUB_RUN_ATTEMPT: "2" };
  const again = await desk.job({ mode: "apply", event: "push", commit: dropped["head_sha"], env });
  expect([again.exit, again.log]).toEqual([1, expect.stringContaining("the manifest of this commit is older")]);
  expect(again.environments["run"]).toBeUndefined();
});

/** Merges what another merge made to conflict, as somebody would. */
function mergeBoth(desk: Desk, pull: Row, names: readonly string[]): string {
  const sha = desk.commit("main", "main", { "access.yaml": manifest(...names) });
  Object.assign(pull, { merged_at: "2027-01-15T09:00:00Z", merge_commit_sha: sha });
  return sha;
}
