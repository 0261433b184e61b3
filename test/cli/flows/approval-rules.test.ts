import { describe, expect, test } from "vitest";
import type { ApprovalAnswer } from "../../../src/page/page-model.ts";
import { FLAGS, openTeam, PEOPLE, rules, TEAM } from "../../support/approval-scene.ts";
import { send, serveReview } from "../../support/served-review.ts";

describe("rules for approvals", { timeout: 60_000 }, () => {
  test("stand on the review page, with what only the command line can give", async () => {
    const scene = await openTeam('default: 2, by: "group:owners"');
    const shown = async (): Promise<string> => (await scene.axcess("show", "plan.json", "--format", "html")).stdout;
    await scene.planUnder('default: 2, by: "group:owners"');
    expect(await shown()).toMatch(/Each of chg_\w+ needs 2 approvals by bob@acme\.io, otto@acme\.io, vera@acme\.io\./u);
    expect(await shown()).not.toContain("The rules become weaker");
    await scene.planUnder("default: 1, signed: true");
    scene.write(".axcess/allowed_signers", "");
    await scene.planUnder("default: 1, signed: true");
    expect(await shown()).toMatch(/The rules become weaker.*axcess approve PLAN --only chg_\w+/u);
    expect(await shown()).toContain("axcess approve PLAN --sign KEYFILE");
  });

  test("two different people of those named release what is held; each approval has a file of its own", async () => {
    const scene = await openTeam();
    const planned = await scene.planUnder('default: 2, by: "group:owners"');
    expect(planned.stdout).toContain(
      "needs 2 approvals by bob@acme.io, otto@acme.io, vera@acme.io\n      0 of 2 there\n",
    );
    const first = await scene.approve("vera@acme.io");
    expect(first.stdout).toMatch(/^chg_\w+: not enough, 1 of 2 there: vera@acme\.io$/mu);
    expect(first.stdout).toContain("\n  needs 2 approvals by bob@acme.io, otto@acme.io, vera@acme.io\n");
    await scene.approve(" Vera@ACME.io");
    await scene.approve("mallory@acme.io");
    const held = await scene.axcess("apply", "plan.json");
    expect(held.exit).toBe(3);
    expect(held.stderr).toContain("AX361");
    expect(held.stderr).toContain("mallory@acme.io is not among those whose approval counts: bob@acme.io, otto");
    expect(held.stdout).toContain("1 of 2 are there.");
    const enough = await scene.approve("otto@acme.io");
    expect(enough.stdout).toContain(": enough, 2 of 2 there: ");
    const again = await scene.axcess("plan", "--json");
    expect(JSON.parse(again.stdout).approvals).toMatchObject([{ needed: 2, people: 2, enough: true }]);
    const done = await scene.axcess("apply", "plan.json");
    expect(done.exit, done.stderr).toBe(0);
    expect(await scene.ledger()).toContain('"by":"otto@acme.io"');
    expect(await scene.ledger()).toContain('"type":"rules"');
  });

  test("the author, whoever it is about, and nobody known do not approve", async () => {
    const scene = await openTeam();
    await scene.planUnder("not_by: [author, beneficiary]");
    await scene.approve("vera@acme.io");
    const unknown = await scene.axcess("apply", "plan.json");
    expect(unknown.exit).toBe(3);
    expect(unknown.stderr).toContain("give --author EMAIL, or set AXCESS_AUTHOR");
    const own = await scene.axcess("apply", "plan.json", "--author", "x@acme.io,VERA@acme.io");
    expect(own.stderr).toContain("vera@acme.io authored the change.");
    expect(own.exit).toBe(3);
    await scene.approve("bob@acme.io");
    const beneficiary = await scene.axcess("apply", "plan.json", "--author", "vera@acme.io");
    expect(beneficiary.exit).toBe(3);
    expect(beneficiary.stderr).toMatch(/bob@acme\.io gains by chg_\w+, or it is their own grant\./u);
    const env = { AXCESS_AUTHOR: "jane@acme.io" };
    expect((await scene.run(["apply", "plan.json", ...FLAGS], { env })).exit).toBe(0);
    expect((await scene.axcess("apply", "--auto-approve", "--author", "me")).exit).toBe(64);
  });

  test("a served page says after writing what is missing, in the words of approve", async () => {
    const scene = await openTeam();
    await scene.planUnder('default: 2, by: "group:owners", not_by: [author]');
    const review = await serveReview(scene, ["--serve", "plan.json", "--author", "bob@acme.io", ...FLAGS]);
    const { steps } = JSON.parse(await scene.read("plan.json"));
    const held = steps.filter((step: { gate: { state: string } }) => step.gate.state === "held");
    const changes = held.map(({ id }: { id: string }) => id);
    const approve = async (by: string): Promise<ApprovalAnswer> => {
      const reply = await send(review, {
        method: "POST",
        path: `${new URL(review.url).pathname}approvals`,
        headers: { origin: `http://127.0.0.1:${review.port}`, "content-type": "application/json" },
        body: JSON.stringify({ changes, by, reason: "Bob left", expires: "7d", confirmed: {} }),
      });
      return JSON.parse(reply.body);
    };
    const needs = "needs 2 approvals by bob@acme.io, otto@acme.io, vera@acme.io; not by its author";
    expect((await approve("bob@acme.io")).changes).toEqual([
      {
        change: changes[0],
        isEnough: false,
        lines: ["not enough, 0 of 2 there", "bob@acme.io authored the change.", needs],
      },
    ]);
    expect((await approve("vera@acme.io")).changes[0]).toMatchObject({ isEnough: false });
    expect((await approve("otto@acme.io")).changes[0]).toMatchObject({ isEnough: true });
    scene.write("approvals/broken.yaml", "version: 2");
    expect(await approve("otto@acme.io")).toMatchObject({
      changes: [],
      doubts: [expect.stringContaining("Whether it is enough cannot be told here: ")],
    });
    review.interrupt();
    expect((await review.ended).stderr).toMatch(/chg_\w+: enough, 2 of 2 there: /u);
  });

  test("what is typed at the terminal is one approval, and none of somebody who may not author it", async () => {
    const scene = await openTeam();
    await scene.planUnder("default: 2");
    const env = { EMAIL: "vera@acme.io" };
    const typed = ["approve all", "Bob left", "yes"];
    expect((await scene.run(["apply", ...FLAGS], { env, typed })).exit).toBe(3);
    await scene.approve("otto@acme.io");
    expect((await scene.run(["apply", ...FLAGS], { env, typed })).exit).toBe(0);
  });

  test("an approval for another state says what moved", async () => {
    const scene = await openTeam();
    await scene.planUnder("");
    await scene.approve("vera@acme.io");
    scene.write(
      "access.yaml",
      `${PEOPLE}${TEAM.replace("alpha: { private: true, members: { jane@acme.io: admin, bob@acme.io: member } }", "alpha: { private: true, members: { jane@acme.io: admin, bob@acme.io: admin } }")}`,
    );
    expect((await scene.axcess("apply", "--auto-approve")).exit).toBe(0);
    await scene.planUnder("");
    const held = await scene.axcess("apply", "plan.json");
    expect(held.exit).toBe(3);
    expect(held.stderr).toContain('before, role was "member" and is "admin"');
  });
});

describe("weaker rules", { timeout: 60_000 }, () => {
  test("do not count before the old ones let them", async () => {
    const scene = await openTeam('default: 2, by: "group:owners"');
    const planned = await scene.planUnder("default: 1");
    expect(planned.stdout).toContain("AX372");
    expect(planned.stdout).toContain("A held change needs 1 instead of 2. Anybody may approve now.");
    await scene.approve("mallory@acme.io");
    const held = await scene.axcess("apply", "plan.json");
    expect(held.exit).toBe(3);
    await scene.approve("vera@acme.io");
    const approved = await scene.approve("otto@acme.io");
    expect(approved.stdout).toContain("the rules for approvals: A held change needs 1");
    const done = await scene.axcess("apply", "plan.json");
    expect(done.exit, done.stderr).toBe(0);
    const again = await scene.axcess("plan");
    expect(again.stdout).not.toContain("AX372");
  });

  test("by which somebody joins the approvers are weaker; without any rules, too", async () => {
    const scene = await openTeam('by: "group:owners"');
    scene.write(
      "access.yaml",
      `${PEOPLE.replace("bob@acme.io]", "bob@acme.io, mallory@acme.io]")}${rules('by: "group:owners"')}${TEAM}`,
    );
    expect((await scene.axcess("plan")).stdout).toContain("More people may approve now: mallory@acme.io.");
    expect((await scene.planUnder("")).stdout).toContain("Anybody may approve now.");
    await scene.approve("mallory@acme.io");
    expect((await scene.axcess("apply", "plan.json")).exit).toBe(3);
  });
});
