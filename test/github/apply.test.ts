import { describe, expect, test } from "vitest";
import { type Desk, openDesk } from "../support/github-job.ts";
import type { Row } from "../support/github-server.ts";
import { makeWorkplace } from "../support/run-axcess.ts";
import { packZip } from "../support/zip-archive.ts";

const BEGUN = `version: 1
manage: { members: authoritative }
people:
  jane@acme.example: { name: Jane Doe, role: member }
  bob@acme.example: { name: Bob Roe, role: member }
organizations:
  Acme Labs: { members: { jane@acme.example: admin, bob@acme.example: member } }
`;
const WITHOUT_BOB = BEGUN.replace(", bob@acme.example: member }", " }");

/** Merges the begun manifest and applies it, so that there is an account, and a ledger on its branch. */
async function begin(): Promise<Desk> {
  const desk = await openDesk({ "access.yaml": "version: 1\npeople: {}\n" });
  desk.commit("begin", "main", { "access.yaml": BEGUN });
  const pull = desk.open("begin");
  expect((await desk.plan(pull)).exit).toBe(0);
  const applied = await desk.apply(desk.merge(pull));
  expect([applied.exit, applied.summary]).toEqual([
    0,
    expect.stringContaining("The account now matches the manifest."),
  ]);
  return desk;
}

/** The approvals file that a reviewer makes of the plan they downloaded. */
async function approve(desk: Desk): Promise<Readonly<Record<string, string>>> {
  const place = makeWorkplace();
  const body: string = desk.hub.comments.find((comment) => comment["body"].includes("axcess approve"))?.["body"];
  const id = /--only (chg_[0-9a-f]+)/u.exec(body)?.[1] ?? "";
  place.write("access.yaml", WITHOUT_BOB);
  place.write("plan.json", desk.planText());
  const words = ["approve", "plan.json", "--only", id, "--reason", "left", "--output", "approvals/bob.yaml"];
  const ran = await place.run(words, { env: { EMAIL: "vera@acme.example" } });
  expect(ran.exit, ran.stderr).toBe(0);
  return { "approvals/bob.yaml": await place.read("approvals/bob.yaml") };
}

/** A pull request that takes Bob out, planned, approved within it, and planned again. */
async function leave(desk: Desk): Promise<Row> {
  desk.commit("leave", "main", { "access.yaml": WITHOUT_BOB });
  const planned = await desk.plan(desk.open("leave"));
  expect(planned.outputs).toMatchObject({ held: "1", changes: "1" });
  desk.commit("leave", "leave", await approve(desk));
  const pull = desk.open("leave");
  expect((await desk.plan(pull)).exit).toBe(0);
  return pull;
}

describe("a merge", () => {
  test("applies the plan that was reviewed, with the approvals that were merged, and tells it on the pull request", async () => {
    const desk = await begin();
    const job = await desk.apply(desk.merge(await leave(desk)));
    expect([job.exit, job.log]).toEqual([0, expect.not.stringContaining("::error")]);
    const told = desk.hub.comments.filter(({ issue, body }) => issue === 2 && body.startsWith("<!-- axcess-apply"));
    expect(told).toHaveLength(1);
    expect(told[0]?.["body"]).toContain(": everything in it was done");
    expect(told[0]?.["body"]).toContain("The account now matches the manifest.");
    const ledger = desk.hub.branches.get("axcess-ledger")?.get("access.jsonl");
    expect(ledger).toContain("vera@acme.example");
    // The artifact lies on another server, which is not handed the token.
    expect(desk.hub.storage.map(({ authorization }) => authorization)).toEqual([undefined, undefined]);
  });

  test("changes nothing where the account moved since the plan, and says so", async () => {
    const desk = await begin();
    const pull = await leave(desk);
    const { body } = await desk.account.rest("GET", "/v2/organizations");
    const { id } = body.organizations.find(({ name }: Row) => name === "Acme Labs");
    await desk.account.joinOrganization(id, await desk.account.person("eve"), "MEMBER");
    const job = await desk.apply(desk.merge(pull));
    expect(job.exit).toBe(4);
    const told = desk.hub.comments.at(-1)?.["body"];
    expect(told).toContain(": nothing was changed\n\nThe account or the manifest moved since the plan");
    expect(told).toContain("eve@example.com");
  });

  test("leaves what nobody approved", async () => {
    const desk = await begin();
    desk.commit("leave", "main", { "access.yaml": WITHOUT_BOB });
    const pull = desk.open("leave");
    await desk.plan(pull);
    const job = await desk.apply(desk.merge(pull));
    expect(job.exit).toBe(3);
    expect(desk.hub.comments.at(-1)?.["body"]).toContain("held");
  });

  test("of what was never planned applies nothing, and shows what is left to do", async () => {
    const desk = await begin();
    const commit = desk.commit("main", "main", { "access.yaml": `${BEGUN}  Research: {}\n` });
    const job = await desk.apply(commit);
    expect([job.exit, job.summary]).toEqual([3, expect.stringContaining("nobody reviewed a plan of it")]);
    expect(job.summary).toContain("create organization:Research");
    expect(job.log).toContain("ended with 3: nothing was applied, since no plan of it was reviewed.");
    expect(JSON.stringify((await desk.account.rest("GET", "/v2/organizations")).body)).not.toContain("Research");
    const clean = await desk.apply(desk.commit("main", "main", { "access.yaml": BEGUN, "README.md": "x" }));
    expect([clean.exit, clean.summary]).toEqual([0, expect.stringContaining("nothing to do")]);
  });

  test("takes no artifact but that of a run for the same commit, of this workflow, in this repository, that ended well", async () => {
    const desk = await begin();
    const pull = await leave(desk);
    const commit = desk.merge(pull);
    const [run, artifact] = [lastRun(desk), desk.hub.artifacts.at(-1) ?? {}];
    const forgeries: readonly (readonly [Row, Row])[] = [
      [run, { head_repository: { id: 78 } }],
      [run, { path: ".github/workflows/other.yml" }],
      [run, { conclusion: "failure" }],
      [run, { event: "push" }],
      [artifact, { workflow_run: { ...artifact["workflow_run"], head_sha: "0".repeat(40) } }],
      [artifact, { workflow_run: { ...artifact["workflow_run"], head_repository_id: 78 } }],
      [artifact, { expired: true }],
    ];
    for (const [row, forged] of forgeries) {
      const before = { ...row };
      Object.assign(row, forged);
      const job = await desk.apply(commit);
      Object.assign(row, before);
      expect([job.exit, job.summary], JSON.stringify(forged)).toEqual([
        3,
        expect.stringMatching(/nothing was applied[\s\S]*No run of this workflow that ended well/u),
      ]);
    }
    expect((await desk.apply(commit)).exit).toBe(0);
  });

  test("refuses an artifact that holds something else", async () => {
    const desk = await begin();
    const pull = await leave(desk);
    const commit = desk.merge(pull);
    const [files, name] = [desk.planFiles(), desk.hub.artifacts.at(-1)?.["name"]];
    const contents: readonly (readonly [RegExp, string, (value: Row) => Row])[] = [
      [/of another pull request/u, "about.json", (about) => ({ ...about, pull: 9 })],
      [/no plan of its own/u, "plan.json", (plan) => ({ ...plan, digest: "sha256:0" })],
      [/made with flags/u, "plan.json", (plan) => ({ ...plan, limits: { ...plan["limits"], allow: ["last-admin"] } })],
      [/made with flags/u, "plan.json", (plan) => ({ ...plan, limits: { ...plan["limits"], maxRemovals: 99 } })],
    ];
    for (const [message, file, change] of contents) {
      const forged = { ...files };
      edit(forged, file, change);
      desk.hub.upload(lastRun(desk), name, packZip(forged));
      const job = await desk.apply(commit);
      expect([job.exit, job.log]).toEqual([1, expect.stringMatching(message)]);
      expect(job.environments["run"]).toBeUndefined();
    }
    for (const torn of [Buffer.from("no zip"), packZip(files).subarray(40), Buffer.alloc(0)]) {
      desk.hub.upload(lastRun(desk), name, torn);
      expect((await desk.apply(commit)).log).toMatch(/::error title=axcess::The (?:directory of the )?artifact/u);
    }
  });

  test("refuses an artifact that is not what was uploaded, and a plan that was edited", async () => {
    const desk = await begin();
    const pull = await leave(desk);
    const files = desk.planFiles();
    edit(files, "plan.json", (plan) => ({ ...plan, steps: [] }));
    desk.hub.upload(lastRun(desk), desk.hub.artifacts.at(-1)?.["name"], packZip(files));
    const commit = desk.merge(pull);
    const edited = await desk.apply(commit);
    expect([edited.exit, edited.summary]).toEqual([1, expect.stringContaining("AX332")]);
    Object.assign(desk.hub.artifacts.findLast(({ name }) => name.startsWith("axcess-plan")) ?? {}, {
      digest: `sha256:${"0".repeat(64)}`,
    });
    const swapped = await desk.apply(commit);
    expect([swapped.exit, swapped.log]).toEqual([1, expect.stringContaining("not what was uploaded")]);
  });

  test("is told as failed where the ledger could not be kept, which is then in an artifact", async () => {
    const desk = await begin();
    const commit = desk.merge(await leave(desk));
    desk.hub.fail(/^PATCH \/git\/refs/, 422);
    const job = await desk.apply(commit);
    expect([job.exit, job.log]).toEqual([1, expect.stringContaining("PATCH /git/refs/heads/axcess-ledger")]);
    expect(desk.hub.artifacts.at(-1)?.["name"]).toMatch(/^axcess-ledger-access-/u);
    expect(desk.hub.comments.at(-1)?.["body"]).toContain(": everything in it was done");
  });
});

function lastRun(desk: Desk): Row {
  const plans = desk.hub.runs.filter(({ event }) => event === "pull_request");
  return plans.at(-1) ?? {};
}

function edit(files: Record<string, string>, name: string, change: (value: Row) => Row): void {
  files[name] = JSON.stringify(change(JSON.parse(files[name] ?? "{}")));
}
