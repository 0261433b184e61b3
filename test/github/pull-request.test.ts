import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openDesk } from "../support/github-job.ts";

const MANIFEST = `version: 1
people: { jane@acme.example: { name: Jane Doe, role: member } }
organizations:
  Acme Labs: { members: { jane@acme.example: admin } }
`;
const MORE = `${MANIFEST}  Research: {}\n`;

describe("a pull request", () => {
  test("has one comment with its plan, which every commit brings up to date", async () => {
    const desk = await openDesk({ "access.yaml": MANIFEST });
    desk.commit("more", "main", { "access.yaml": MORE });
    const pull = desk.open("more");
    const first = await desk.plan(pull);
    expect([first.exit, first.log]).toEqual([0, expect.not.stringContaining("::error")]);
    expect(desk.hub.comments).toHaveLength(1);
    expect(desk.hub.comments[0]?.["body"]).toContain("create organization:Research");
    expect(first.summary).toContain("create organization:Research");
    expect(first.outputs).toMatchObject({
      exit: "0",
      changes: "4",
      held: "0",
      digest: expect.stringMatching(/^sha256:/),
    });
    expect(Object.keys(desk.planFiles()).sort()).toEqual(["about.json", "plan.html", "plan.json", "plan.md"]);
    desk.commit("more", "more", { "access.yaml": `${MORE}  Sales: {}\n` });
    await desk.plan(desk.open("more"), { page: "false" });
    expect(Object.keys(desk.planFiles())).not.toContain("plan.html");
    expect(desk.hub.comments).toHaveLength(1);
    expect(desk.hub.comments[0]?.["body"]).toContain("create organization:Sales");
    expect(desk.hub.comments[0]?.["body"].length).toBeLessThan(65_536);
  });

  test("is told of an outdated plan only in the summary, and comments of others are never touched", async () => {
    const desk = await openDesk({ "access.yaml": MANIFEST });
    desk.commit("more", "main", { "access.yaml": MORE });
    const early = structuredClone(desk.open("more"));
    // More than one page of comments, and somebody who writes the marker.
    for (let count = 0; count < 120; count += 1)
      desk.hub.comment(1, "eve", `<!-- axcess-plan access -->\nmine ${count}`);
    const body = `<!-- axcess-plan access -->\n<!-- axcess-run 0.1 ${"0".repeat(40)} -->\nold`;
    const [older, newer] = [body, body].map((text) => desk.hub.comment(1, "github-actions[bot]", text));
    desk.commit("more", "more", { "access.yaml": `${MORE}  Sales: {}\n` });
    const late = await desk.plan(desk.open("more"));
    expect(late.exit).toBe(0);
    expect(older?.["body"]).toContain("organization:Sales");
    expect(desk.hub.comments).not.toContain(newer);
    const kept = older?.["body"];
    const again = await desk.plan(early);
    expect([again.exit, again.log]).toEqual([0, expect.stringContaining("A later commit has a comment of its own")]);
    expect(again.summary).toContain("organization:Research");
    expect(older?.["body"]).toBe(kept);
    expect(desk.hub.comments.filter(({ user }) => user.login === "eve").map(({ body: text }) => text)).toEqual(
      Array.from({ length: 120 }, (_, count) => `<!-- axcess-plan access -->\nmine ${count}`),
    );
  });

  test("from a fork is checked and compared by the manifests alone, and no step is handed the key", async () => {
    const desk = await openDesk({ "access.yaml": MANIFEST });
    desk.commit("theirs", "main", { "access.yaml": MORE });
    const pull = desk.open("theirs", { isFork: true });
    desk.hub.fail(/^POST .*comments$/, 403);
    const before = await desk.account.rest("GET", "/v2/organizations");
    const job = await desk.plan(pull, { "api-key": "a-secret-that-nobody-should-give" });
    expect([job.exit, job.log]).toEqual([0, expect.not.stringContaining("::error")]);
    expect(job.environments["run"]?.["ARIZE_API_KEY"]).toBe("");
    expect(JSON.stringify(job.environments)).not.toContain("nobody-should-give");
    expect(job.summary).toContain("The pull request comes from a fork");
    expect(job.summary).toContain("By the manifests alone");
    expect(job.summary).toContain("create organization:Research");
    expect(job.summary).not.toContain("create organization:Acme Labs");
    expect(job.summary).not.toContain("axcess approve");
    expect(desk.hub.artifacts).toEqual([]);
    expect((await desk.account.rest("GET", "/v2/organizations")).body).toEqual(before.body);
  });

  test("with a manifest that cannot be read is told where, beside the lines and in the comment", async () => {
    const desk = await openDesk({ "access.yaml": MANIFEST });
    desk.commit("broken", "main", { "access.yaml": "version: 1\npeople: { jane: {} }\n" });
    const job = await desk.plan(desk.open("broken"));
    expect(job.exit).toBe(1);
    expect(job.log).toMatch(/^::error file=access\.yaml,line=2/mu);
    expect(desk.hub.comments[0]?.["body"]).toContain("access.yaml:2");
  });

  test("cannot write into the comment, the log or the outputs by the names in it", async () => {
    const name =
      "x`</details>@acme <img src=x> ::set-output name=digest::forged%0A::error::owned $(touch owned) | [y](z)";
    const lines = String.raw`"\n::set-output name=exit::0\n::stop-commands::a\n::add-mask::a"`;
    const desk = await openDesk({ "access.yaml": "version: 1\norganizations: {}\n" });
    desk.commit("hostile", "main", {
      "access.yaml": `version: 1\norganizations:\n  ${JSON.stringify(name)}: { description: ${lines} }\n`,
    });
    const job = await desk.plan(desk.open("hostile"));
    expect(job.exit).toBe(0);
    expect(job.outputs["digest"]).toMatch(/^sha256:[0-9a-f]{64}$/u);
    // Outside of what was printed for people, where commands are stopped, the log holds our own commands only.
    const commands = job.log.replace(/::stop-commands::(\S+)\n[\s\S]*?\n::\1::\n/gu, "");
    const words = [...commands.matchAll(/^::([\w-]+)/gmu)].map((match) => match[1]);
    expect(new Set(words)).toEqual(new Set(["add-mask", "group", "endgroup"]));
    expect(commands).not.toContain("owned");
    expect(existsSync(join(desk.folder, "owned"))).toBe(false);
    const body: string = desk.hub.comments[0]?.["body"];
    const outside = body.replace(/(`+)[\s\S]*?[^`]\1(?!`)/gu, "");
    expect(outside).not.toMatch(/@acme|<img|owned/u);
  });

  test("cannot pass off a file of its own as a plan", async () => {
    const desk = await openDesk({ "access.yaml": MANIFEST });
    desk.commit("forged", "main", {
      "plan.json": "{}",
      "plan.md": "all is well",
      "access.yaml": "version: 1\nassertions: [{ who: x }]\n",
    });
    const job = await desk.plan(desk.open("forged"));
    expect(job.exit).toBe(1);
    expect(job.outputs["plan-file"]).toBe("");
    expect(desk.hub.comments[0]?.["body"]).not.toContain("all is well");
  });

  test("is refused where strangers would run with secrets", async () => {
    const desk = await openDesk({ "access.yaml": MANIFEST });
    desk.commit("more", "main", { "access.yaml": MORE });
    const pull = desk.open("more");
    const job = await desk.job({ mode: "plan", event: "pull_request_target", pull, commit: pull["head"].sha });
    expect([job.exit, job.log]).toEqual([1, expect.stringContaining("pull_request_target")]);
    expect(job.environments["run"]).toBeUndefined();
  });

  test("hides the key in the log, and gives each step the token or the key, never both", async () => {
    const desk = await openDesk({ "access.yaml": MANIFEST });
    desk.commit("more", "main", { "access.yaml": MORE });
    const { log, environments } = await desk.plan(desk.open("more"));
    const key = desk.account.sandbox.adminKey;
    expect(log).toContain(`::add-mask::${key}\n`);
    expect(log.replace(`::add-mask::${key}\n`, "")).not.toContain(key);
    const holds = Object.entries(environments).map(([step, env]) => {
      const values = Object.values(env);
      return [step, values.includes(key), values.includes("ghs_token-of-the-job")];
    });
    expect(holds).toEqual([
      ["before", false, true],
      ["run", true, false],
      ["after", false, true],
    ]);
  });
});
