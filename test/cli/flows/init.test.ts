import { execFileSync, type StdioOptions } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { makeWorkplace } from "../../support/run-axcess.ts";

describe("init", () => {
  test("makes what a repository needs, valid and planned to nothing, and the second time nothing", async () => {
    const place = makeWorkplace();
    const first = await place.run(["init", "--owner", "@acme/access", "--branch", "trunk"]);
    expect(first).toMatchObject({
      exit: 0,
      stdout: `made     access.yaml
made     .github/workflows/axcess.yml
made     .github/CODEOWNERS
made     .gitignore
`,
    });
    expect(await place.read(".github/CODEOWNERS")).toBe(
      "/access.yaml @acme/access\n/approvals/ @acme/access\n/.github/workflows/axcess.yml @acme/access\n",
    );
    expect(await place.read(".gitignore")).toBe("node_modules/\n.axcess/\nplan.json\nplan.md\nplan.html\n");
    expect((await place.run(["fmt", "--check"])).exit).toBe(0);
    expect((await place.run(["plan", "--sandbox"])).stdout).toContain("No changes.");
    const names = ["access.yaml", ".github/workflows/axcess.yml", ".github/CODEOWNERS", ".gitignore"];
    const before = await Promise.all(names.map(place.read));
    const again = await place.run(["init", "--owner", "@other", "--json"]);
    expect(JSON.parse(again.stdout).files.map(({ state }: { readonly state: string }) => state)).toEqual(
      names.map(() => "there"),
    );
    expect(await Promise.all(names.map(place.read))).toEqual(before);
  });

  test("adds lines to files that are there, at their end, and leaves every other file", async () => {
    const place = makeWorkplace();
    mkdirSync(join(place.folder, "access"));
    mkdirSync(join(place.folder, "docs"));
    place.write("docs/CODEOWNERS", "* @all\n/access/approvals/ @board");
    place.write(".gitignore", "node_modules\n/access/.axcess/\nplan.json\n");
    place.write("access/access.yaml", "version: 1\n");
    const ran = await place.run(["init", "--file", "access", "--owner", "@a", "--owner", "b@acme.example"]);
    expect(ran.stdout).toContain("existed  access/access.yaml\n");
    expect(ran.stdout).toContain("added    docs/CODEOWNERS\n");
    expect(await place.read("docs/CODEOWNERS")).toBe(
      "* @all\n/access/approvals/ @board\n/access/ @a b@acme.example\n/.github/workflows/axcess.yml @a b@acme.example\n",
    );
    expect(await place.read(".gitignore")).toBe("node_modules\n/access/.axcess/\nplan.json\nplan.md\nplan.html\n");
    const { jobs } = parse(await place.read(".github/workflows/axcess.yml"));
    expect(jobs.plan.steps.at(-1).with.files).toBe("access");
  });

  test("for GitLab writes its pipeline; --print writes nothing", async () => {
    const place = makeWorkplace();
    const printed = await place.run(["init", "--ci", "gitlab", "--print", "--file", "my access.yaml"]);
    expect(printed.stdout).toContain("npx axcess plan --file 'my access.yaml' --out plan.json");
    await expect(place.read(".gitlab-ci.yml")).rejects.toThrow("ENOENT");
    await place.run(["init", "--ci", "gitlab"]);
    const pipeline = parse(await place.read(".gitlab-ci.yml"));
    expect(pipeline["axcess-apply"]).toMatchObject({ resource_group: "axcess-apply", interruptible: false });
  });

  test("the GitLab pipeline adds to the authors whoever started it and committed more than approvals", async () => {
    const place = makeWorkplace();
    await place.run(["init", "--ci", "gitlab", "--file", "my access/a.yaml"]);
    const [script] = parse(await place.read(".gitlab-ci.yml"))[".axcess"].before_script;
    const git = (...words: readonly string[]): string =>
      execFileSync("git", words, { cwd: place.folder, encoding: "utf8" }).trim();
    git("init", "--quiet");
    const commit = (path: string, email: string): string => {
      mkdirSync(join(place.folder, path, ".."), { recursive: true });
      place.write(path, email);
      git("add", "--all");
      git("-c", `user.email=${email}`, "-c", "user.name=x", "commit", "--quiet", "--message", "x");
      return git("rev-parse", "HEAD");
    };
    const CI_COMMIT_BEFORE_SHA = commit("my access/a.yaml", "old@acme.example");
    commit("my access/a.yaml", "jane@acme.example");
    const CI_COMMIT_SHA = commit("my access/approvals/x.yaml", "vera@acme.example");
    const authors = (env: Readonly<Record<string, string>>): string => {
      const push = {
        CI_PIPELINE_SOURCE: "push",
        GITLAB_USER_EMAIL: "otto@acme.example",
        COMMITTERS_ARE_PROVEN: "false",
      };
      const words = ["-eo", "pipefail", "-c", `${script}\necho "$AXCESS_AUTHOR"`];
      const told = { PATH: process.env["PATH"], CI_COMMIT_BEFORE_SHA, CI_COMMIT_SHA, ...push, ...env };
      const stdio: StdioOptions = ["ignore", "pipe", "ignore"];
      return execFileSync("bash", words, { cwd: place.folder, encoding: "utf8", stdio, env: told }).trim();
    };
    expect(authors({})).toBe("");
    const found = "otto@acme.example,jane@acme.example,jane@acme.example,";
    expect(authors({ AXCESS_AUTHOR: "kim@acme.example" })).toBe(`kim@acme.example,${found}`);
    expect(authors({ COMMITTERS_ARE_PROVEN: "true" })).toBe(`,${found}`);
    const schedule = { CI_PIPELINE_SOURCE: "schedule", AXCESS_AUTHOR: "kim@acme.example" };
    expect(authors(schedule)).toBe("kim@acme.example");
    // A range that is not there ends the job: with some of the authors alone, approvals of the others would count.
    expect(() => authors({ COMMITTERS_ARE_PROVEN: "true", CI_COMMIT_BEFORE_SHA: "0".repeat(40) })).toThrow();
  });

  test.each([
    [["--owner", "x\ny"], "is no code owner"],
    [["--owner", "# all"], "is no code owner"],
    [["--branch", "a b]"], "is no branch"],
    [["--file", "../x.yaml"], "below this one"],
    [["--file", "a.yaml", "--file", "b.yaml"], "below this one"],
    [["--ci", "x"], "Allowed choices are github, gitlab, none"],
  ])("%j is refused", async (flags, message) => {
    const ran = await makeWorkplace().run(["init", ...flags]);
    expect([ran.exit, ran.stderr]).toEqual([64, expect.stringContaining(message)]);
  });
});

describe("the workflow", () => {
  test("has the least rights, never two applies at once, pinned actions, and no text of strangers in a command", async () => {
    const place = makeWorkplace();
    await place.run(["init"]);
    const text = await place.read(".github/workflows/axcess.yml");
    const workflow = parse(text);
    expect(workflow.permissions).toEqual({});
    expect(Object.keys(workflow.on)).toEqual(["pull_request", "push", "schedule"]);
    expect(workflow.jobs.apply.concurrency).toEqual({ group: "axcess-apply", "cancel-in-progress": false });
    expect(workflow.jobs.drift.concurrency.group).not.toBe("axcess-apply");
    const rights = Object.fromEntries(
      Object.entries(workflow.jobs).map(([name, job]) => [
        name,
        (job as { readonly permissions: unknown }).permissions,
      ]),
    );
    expect(rights).toEqual({
      plan: { contents: "read", "pull-requests": "write" },
      apply: { actions: "read", contents: "write", "pull-requests": "write" },
      drift: { contents: "read", issues: "write" },
    });
    const uses = [...text.matchAll(/uses: (\S+)/gu)].map(([, what]) => what);
    expect(uses.filter((what) => !/^(?:\.\/node_modules\/axcess|[\w/-]+@[0-9a-f]{40})$/u.test(what ?? ""))).toEqual([]);
    expect([...text.matchAll(/run: (.*)/gu)].map(([, what]) => what)).toEqual(Array(3).fill("npm ci --ignore-scripts"));
  });
});
