import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";

// What is trusted besides our own code: packages at run time, and what runs when a change lands or a version goes out.

const ROOT = new URL("../", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, ROOT), "utf8");

interface Locked {
  readonly dev?: true;
  readonly optional?: true;
  readonly version: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly hasInstallScript?: true;
  readonly license?: string;
}

const { packages } = JSON.parse(read("package-lock.json")) as { readonly packages: Readonly<Record<string, Locked>> };
const { "": _own, ...others } = packages;
const { BUILT_IN } = (await import(new URL("scripts/built-in.mjs", ROOT).href)) as {
  readonly BUILT_IN: Readonly<Record<string, readonly string[]>>;
};
const builtIn = Object.values(BUILT_IN).flat();
/** What is installed beside axcess, and what is built into it. */
const installed = Object.entries(others).filter(([, { dev }]) => dev !== true);
const runtime = [...installed, ...Object.entries(others).filter(([path]) => builtIn.includes(path.slice(13)))];
const nameOf = (path: string): string => path.replace(/^.*node_modules\//u, "");

describe("what runs with axcess, installed beside it or built in", () => {
  test("is what decision 0001 names, and what these need", () => {
    const table = read("docs/decisions/0001-libraries.md");
    const direct = Object.keys((JSON.parse(read("package.json")) as { dependencies: object }).dependencies);
    const page = read("docs/decisions/0023-review-page.md");
    expect([...direct, ...(BUILT_IN["program"] ?? [])].filter((name) => !table.includes(name))).toEqual([]);
    expect((BUILT_IN["page"] ?? []).filter((name) => !page.includes(name))).toEqual([]);
    expect(installed.length + builtIn.length).toBe(runtime.length);
    const below = installed.map(([path]) => nameOf(path)).filter((name) => !direct.includes(name));
    expect(below).toEqual(["fast-deep-equal", "fast-uri", "json-schema-traverse", "require-from-string"]);
  });

  test("is bound by digests, runs nothing when it is installed, and comes from no address of its own", () => {
    const weak = runtime.filter(
      ([, { integrity, hasInstallScript, resolved }]) =>
        !/^sha512-/u.test(integrity ?? "") || hasInstallScript === true || resolved !== undefined,
    );
    expect(weak.map(([path]) => path)).toEqual([]);
  });

  test("has licences that may be passed on", () => {
    const others = runtime.filter(([, { license }]) => !/^(MIT|ISC|BSD-[23]-Clause|Apache-2\.0)$/u.test(license ?? ""));
    expect(others).toEqual([]);
  });

  test("no package comes from git, a file or plain http, and only builds of other machines lack a digest", () => {
    const strange = Object.entries(others).filter(
      ([, { resolved = "", integrity, optional }]) =>
        /^(git|file|http:)|github\.com/u.test(resolved) || (integrity === undefined && optional !== true),
    );
    expect(strange.map(([path]) => path)).toEqual([]);
  });
});

describe("npm run sbom", () => {
  const write = (): string => execFileSync(process.execPath, ["scripts/sbom.mjs"], { cwd: ROOT, encoding: "utf8" });

  test("names every package of the runtime with its digest, and twice the same bytes", () => {
    const text = write();
    expect(write()).toBe(text);
    const bom = JSON.parse(text);
    expect(bom).toMatchObject({
      bomFormat: "CycloneDX",
      specVersion: "1.5",
      metadata: { component: { name: "axcess" } },
    });
    const listed = bom.components.map(({ name, version }: { name: string; version: string }) => `${name}@${version}`);
    expect(listed.sort()).toEqual(runtime.map(([path, { version }]) => `${nameOf(path)}@${version}`).sort());
    for (const { hashes } of bom.components)
      expect(hashes).toEqual([{ alg: "SHA-512", content: expect.stringMatching(/^[0-9a-f]{128}$/u) }]);
    const refs = new Set(bom.dependencies.map(({ ref }: { ref: string }) => ref));
    expect(
      bom.dependencies
        .flatMap(({ dependsOn }: { dependsOn: string[] }) => dependsOn)
        .every((ref: string) => refs.has(ref)),
    ).toBe(true);
    expect(text).not.toMatch(/timestamp|serialNumber/u);
  });
});

describe("the repository's own workflows", () => {
  const workflows = readdirSync(new URL(".github/workflows/", ROOT)).map((name) => ({
    name,
    text: read(`.github/workflows/${name}`),
  }));

  test.each(workflows)("$name pins every action by commit, and has no right that is not named", ({ text }) => {
    const used = [...text.matchAll(/uses: (\S+)(.*)$/gmu)];
    expect(
      used.filter(([, action = "", note = ""]) => !(/@[0-9a-f]{40}$/u.test(action) && /# v\d/u.test(note))),
    ).toEqual([]);
    const { permissions, jobs } = parse(text);
    expect(permissions).toEqual({});
    for (const job of Object.values(jobs)) expect(job).toHaveProperty("permissions");
    expect(text).not.toMatch(/pull_request_target|\$\{\{ *(github\.event|github\.head_ref|inputs)/u);
  });

  test("use the actions at the commits that the templates use", () => {
    const pinsIn = (text: string): readonly (readonly [string, string])[] =>
      [...text.matchAll(/uses: ([\w./-]+)@([0-9a-f]{40})/gu)].map(([, action = "", commit = ""]) => [action, commit]);
    const known = new Map(pinsIn(read("templates/github.yml") + read("action.yml")));
    const strange = workflows
      .flatMap(({ text }) => pinsIn(text))
      .filter(([action, commit]) => (known.get(action) ?? commit) !== commit);
    expect(strange).toEqual([]);
  });

  test("publishing has a protected place, no stored token, and runs nothing of ours beside an identity", () => {
    const { jobs, on } = parse(read(".github/workflows/release.yml"));
    expect(on).toEqual({ push: { tags: ["v*"] } });
    expect(jobs.publish.environment).toBe("npm");
    expect(jobs.publish.permissions).toEqual({ "id-token": "write" });
    expect(jobs.check.permissions).toEqual({ contents: "read" });
    // What runs where an identity can be had: neither our code nor what it was installed with.
    for (const { steps } of [jobs.publish, jobs.assets]) {
      expect(JSON.stringify(steps)).not.toMatch(/actions\/checkout|npm (ci|install|run)|npx/u);
    }
    expect(read(".github/workflows/release.yml")).not.toMatch(/secrets\./u);
  });
});
