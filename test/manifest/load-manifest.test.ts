import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemFiles } from "../../src/host/system-files.ts";
import { loadManifest } from "../../src/manifest/load-manifest.ts";
import { ASSUMED } from "../../src/model/access.ts";
import type { Grant, Manifest } from "../../src/model/manifest.ts";
import { DEFAULT_POLICY } from "../../src/model/policy.ts";
import { briefly, loadFiles, loadGood, loadText } from "./load-text.ts";

describe("approvals in the folder of a manifest", () => {
  const manifest = { "m/access.yaml": "version: 1\npeople: {}\n", "m/approvals/a.yaml": "version: 1\napprovals: []\n" };

  test("are no part of it", async () => {
    const loaded = await loadFiles(manifest);
    expect(loaded.diagnostics).toEqual([]);
    expect(loaded.files).toEqual(["m/access.yaml"]);
  });

  test("are told by what they hold: nothing else is left out because of where it lies", async () => {
    const hidden = "version: 1\norganizations: { A: {} }\n";
    const loaded = await loadFiles({ ...manifest, "m/approvals/b.yaml": hidden });
    expect(loaded.manifest?.organizations?.entries.has("A")).toBe(true);
    const mixed = await loadFiles({ ...manifest, "m/approvals/b.yaml": `${hidden}approvals: []\n` });
    expect(mixed.diagnostics.map(({ code }) => code)).toEqual(["AX120"]);
  });

  test("are meant where there is nothing else, and a fault where they are", async () => {
    const loaded = await loadFiles({ "m/approvals/a.yaml": manifest["m/approvals/a.yaml"] });
    expect(loaded.diagnostics.map(({ code }) => code)).toEqual(["AX120"]);
  });
});

describe("what is written and what is not", () => {
  test("nothing but the version manages nothing", async () => {
    expect(await loadGood("version: 1\n")).toEqual({
      files: ["access.yaml"],
      account: undefined,
      people: undefined,
      groups: new Map(),
      roles: undefined,
      organizations: undefined,
      saml: undefined,
      offboard: [],
      absent: [],
      ignore: [],
      protect: [],
      owners: [],
      policy: DEFAULT_POLICY,
      assertions: [],
    } satisfies Manifest);
  });

  test("a section that is present and empty is managed", async () => {
    const manifest = await loadGood("version: 1\npeople: {}\nroles: {}\norganizations: { A: { members: {} } }\n");
    expect(manifest.people).toEqual(new Map());
    expect(manifest.roles?.entries.size).toBe(0);
    const organization = manifest.organizations?.entries.get("A");
    expect(organization?.members?.entries.size).toBe(0);
    expect(organization?.spaces).toBeUndefined();
  });

  test("every field arrives with its place", async () => {
    const manifest = await loadGood(
      [
        "version: 1",
        "account: acme",
        "people:",
        "  Jane@Acme.io: { name: Jane Doe, role: member, invite: email_link, developer: true }",
        "roles:",
        "  Data Scientist: { previously: [DS], description: d, permissions: [PROJECT_READ] }",
        "offboard: [Carl@acme.io]",
        'absent: ["user:Dora@acme.io", "space:Old Team/a%2Fb"]',
        'ignore: ["org-member:*/Bot@acme.io"]',
        "policy: { min_admins: 1, max_removals: 0, max_removal_percent: 5, reinvite: on-expiry, hold: [widens-access], forbid: [blind] }",
      ].join("\n"),
    );
    expect(manifest.account).toEqual({
      value: "acme",
      at: { file: "access.yaml", line: 2, column: 10, length: 4 },
    });
    expect(manifest.people?.get("jane@acme.io")).toEqual({
      email: "jane@acme.io",
      at: { file: "access.yaml", line: 4, column: 3, length: 12 },
      name: "Jane Doe",
      role: "member",
      invite: "email_link",
      developer: true,
    });
    expect(manifest.roles?.entries.get("Data Scientist")).toMatchObject({
      previously: ["DS"],
      description: "d",
      permissions: ["PROJECT_READ"],
    });
    expect(manifest.offboard.map(({ value }) => value)).toEqual(["carl@acme.io"]);
    expect(manifest.absent.map(({ value }) => value)).toEqual(["user:dora@acme.io", "space:Old Team/a%2Fb"]);
    expect(manifest.ignore.map(({ value }) => value)).toEqual(["org-member:*/bot@acme.io"]);
    expect(manifest.policy).toEqual({
      minAdmins: 1,
      expire: "held",
      reinvite: "on-expiry",
      maxRemovals: 0,
      maxRemovalPercent: 5,
      hold: ["widens-access"],
      forbid: ["blind"],
      holdPermissions: [],
      forbidPermissions: [],
      separate: [],
      assume: ASSUMED,
    });
  });

  test("permission patterns become known identifiers, sorted and each once", async () => {
    const manifest = await loadGood('version: 1\nroles: { R: { permissions: ["SPACE_*", SPACE_READ, ALYX_RUN] } }\n');
    expect(manifest.roles?.entries.get("R")?.permissions).toEqual([
      "ALYX_RUN",
      "SPACE_CREATE",
      "SPACE_DELETE",
      "SPACE_READ",
      "SPACE_UPDATE",
    ]);
  });
});

describe("manage", () => {
  test("is inherited downwards and may be set again at every scope", async () => {
    const manifest = await loadGood(`version: 1
manage: { members: authoritative, roles: authoritative, organizations: authoritative }
roles: {}
organizations:
  A:
    members: {}
    spaces:
      plain: { members: {}, projects: { p: { bindings: {} } } }
      own:
        manage: { members: additive, projects: authoritative, bindings: authoritative }
        members: {}
        projects:
          p: { bindings: {} }
          q: { manage: { bindings: additive }, bindings: {} }
  B: { manage: { spaces: authoritative, members: additive }, members: {}, spaces: {} }
`);
    const [a, b] = [...(manifest.organizations?.entries.values() ?? [])];
    const [plain, own] = [...(a?.spaces?.entries.values() ?? [])];
    expect(manifest.roles?.mode).toBe("authoritative");
    expect(manifest.organizations?.mode).toBe("authoritative");
    expect([a?.members?.mode, a?.spaces?.mode]).toEqual(["authoritative", "additive"]);
    expect([plain?.members?.mode, plain?.projects?.mode]).toEqual(["authoritative", "additive"]);
    expect(plain?.projects?.entries.get("p")?.bindings?.mode).toBe("additive");
    expect([own?.members?.mode, own?.projects?.mode]).toEqual(["additive", "authoritative"]);
    expect(own?.projects?.entries.get("p")?.bindings?.mode).toBe("authoritative");
    expect(own?.projects?.entries.get("q")?.bindings?.mode).toBe("additive");
    expect([b?.members?.mode, b?.spaces?.mode]).toEqual(["additive", "authoritative"]);
  });
});

describe("roles", () => {
  test.each(["read-only", "read_only", "readOnly", "READ_ONLY"])("%s is the predefined role", async (word) => {
    const grants = await membersOf(`a@x.io: ${word}`);
    expect(grants.get("a@x.io")?.role).toBe("read-only");
  });

  test("any other word is a role by its exact name, unknown ones only where roles are declared", async () => {
    const manifest = await loadGood(`version: 1
organizations: { A: { spaces: { s: { members: { a@x.io: "Odd/Role" }, projects: { p: { bindings: { a@x.io: Project Viewer } } } } } } }
`);
    const space = manifest.organizations?.entries.get("A")?.spaces?.entries.get("s");
    expect(space?.members?.entries.get("a@x.io")?.role).toBe("role:Odd%2FRole");
    expect(space?.projects?.entries.get("p")?.bindings?.entries.get("a@x.io")?.role).toBe("role:Project Viewer");
  });

  test("an unknown role is told with the nearest one and its place", async () => {
    const { diagnostics } = await loadText(
      "version: 1\nroles: { Reviewer: {} }\norganizations: { A: { spaces: { s: { members: { a@x.io: reviewr } } } } }\n",
    );
    expect(diagnostics).toMatchObject([
      { code: "AX204", fix: 'Did you mean "Reviewer"?', related: [{ at: { line: 2, column: 10 } }] },
    ]);
  });
});

describe("groups", () => {
  const groups = "groups: { a: [p@x.io, group:b], b: [q@x.io, P@x.io] }";

  test("give every person in them a grant, nested ones included", async () => {
    const manifest = await loadGood(`version: 1\n${groups}\n`);
    expect(manifest.groups.get("a")?.people).toEqual(["p@x.io", "q@x.io"]);
    const grants = await membersOf("group:a: { role: member, reason: rota }", groups);
    expect([...grants.values()].map(({ person, group, reason }) => [person, group, reason])).toEqual([
      ["p@x.io", "a", "rota"],
      ["q@x.io", "a", "rota"],
    ]);
  });

  test.each(["q@x.io: admin, group:a: member", "group:a: member, q@x.io: admin"])(
    "yield to what is written directly: %s",
    async (members) => {
      const grants = await membersOf(members, groups);
      expect(grants.get("q@x.io")).toMatchObject({ role: "admin", group: undefined });
      expect(grants.get("p@x.io")).toMatchObject({ role: "member", group: "a" });
    },
  );

  test("that agree give the grant of the first, with the later end", async () => {
    const early = '{ role: member, expires: "2027-01-01" }';
    const late = '{ role: member, expires: "2027-01-01T12:00:00-01:00" }';
    const grants = await membersOf(`group:a: ${early}, group:b: ${late}`, groups);
    expect(grants.get("q@x.io")).toMatchObject({ group: "a", expires: "2027-01-01T13:00:00Z" });
    expect(grants.get("p@x.io")).toMatchObject({ group: "a", expires: "2027-01-01T13:00:00Z" });
    const endless = await membersOf(`group:a: ${early}, group:b: member`, groups);
    expect(endless.get("p@x.io")?.expires).toBeUndefined();
  });

  test("that disagree are told with both places, once for each person", async () => {
    const { diagnostics } = await loadText(
      `version: 1\n${groups}\norganizations: { A: { members: { group:a: admin, group:b: member } } }\n`,
    );
    expect(briefly(diagnostics)).toEqual(["AX207 3:50+7", "AX207 3:50+7"]);
    expect(diagnostics[0]?.related?.[0]?.at).toMatchObject({ line: 3, column: 34 });
  });

  test("that contain each other are told with the way round", async () => {
    const { diagnostics } = await loadText("version: 1\ngroups: { a: [group:b], b: [group:c], c: [group:a] }\n");
    expect(diagnostics).toMatchObject([{ code: "AX206", detail: 'The group contains itself: "a" → "b" → "c" → "a".' }]);
  });
});

describe("expires", () => {
  test.each([
    ["2027-01-31", "2027-01-31T00:00:00Z"],
    ["2020-01-01", "2020-01-01T00:00:00Z"],
    ["2027-01-31T10:00:00+02:00", "2027-01-31T08:00:00Z"],
    ["2027-01-31t10:00:00.5z", "2027-01-31T10:00:00.500Z"],
  ])("%s is %s", async (written, instant) => {
    const grants = await membersOf(`a@x.io: { role: member, expires: "${written}" }`);
    expect(grants.get("a@x.io")?.expires).toBe(instant);
  });

  test.each([
    "2027-2-1",
    "2027-02-29",
    "2027-01-31T10:00:00",
    "2027-01-31 10:00:00Z",
    "soon",
    "2027-01-31T25:00:00Z",
    "0000-00-00",
  ])("%s is refused", async (written) => {
    const { diagnostics } = await loadText(
      `version: 1\norganizations: { A: { members: { a@x.io: { role: member, expires: "${written}" } } } }\n`,
    );
    expect(diagnostics.map(({ code }) => code)).toEqual(["AX223"]);
  });
});

describe("names", () => {
  test("may hold any character, and addresses are made of them", async () => {
    const manifest = await loadGood(
      'version: 1\norganizations: { "a/b%": { spaces: { "\\"q\\"": {} } }, __proto__: {}, "123": {} }\n',
    );
    expect([...(manifest.organizations?.entries.keys() ?? [])]).toEqual(["a/b%", "__proto__", "123"]);
    expect([...(manifest.organizations?.entries.get("a/b%")?.spaces?.entries.keys() ?? [])]).toEqual(['"q"']);
  });

  test("with terminal escapes and direction marks are told harmlessly", async () => {
    const { manifest, diagnostics } = await loadText('version: 1\norganizations: { "\\e[31mred\\u202E": {} }\n');
    expect(manifest).toBeDefined();
    expect(diagnostics.map(({ code }) => code)).toEqual(["AX225"]);
    expect(diagnostics[0]?.detail).toContain("\\u{1B}[31mred\\u{202E}");
    expect(diagnostics[0]?.detail).not.toMatch(/\p{C}/u);
  });
});

describe("many files", () => {
  const a =
    "version: 1\norganizations:\n  A:\n    description: one\n    spaces:\n      s: { members: { a@x.io: admin } }\n";

  test("may open the same organization, space and project", async () => {
    const { manifest, diagnostics } = await loadFiles({
      "a.yaml": `${a}ignore: ["role:x"]\npolicy: { min_admins: 1 }\n`,
      "b.yaml":
        'version: 1\norganizations: { A: { spaces: { s: { private: true, members: { b@x.io: member } }, t: {} } } }\nignore: ["role:y"]\npolicy: { max_removals: 3 }\n',
    });
    expect(diagnostics).toEqual([]);
    const organization = manifest?.organizations?.entries.get("A");
    expect([...(organization?.spaces?.entries.keys() ?? [])]).toEqual(["s", "t"]);
    expect(organization?.spaces?.entries.get("s")).toMatchObject({ private: true, at: { file: "a.yaml" } });
    expect([...(organization?.spaces?.entries.get("s")?.members?.entries.keys() ?? [])]).toEqual(["a@x.io", "b@x.io"]);
    expect(manifest?.ignore.map(({ value }) => value)).toEqual(["role:x", "role:y"]);
    expect(manifest?.policy).toMatchObject({ minAdmins: 1, maxRemovals: 3 });
  });

  test("may not write the same leaf twice, whether it agrees or not", async () => {
    const { diagnostics } = await loadFiles({
      "a.yaml": a,
      "b.yaml":
        "version: 1\norganizations: { A: { description: one, spaces: { s: { members: { A@x.io: admin } } } } }\n",
    });
    expect(diagnostics.map(({ code, at, related }) => [code, at?.file, at?.column, related?.[0]?.at.line])).toEqual([
      ["AX201", "b.yaml", 23, 4],
      ["AX201", "b.yaml", 67, 6],
    ]);
  });

  test("each need the version", async () => {
    const { diagnostics } = await loadFiles({ "a.yaml": "version: 1\n", "b.yaml": "groups: {}\n" });
    expect(diagnostics).toMatchObject([{ code: "AX125", at: { file: "b.yaml", line: 1, column: 1 } }]);
  });

  test("a stage tells everything in all files, and the next one waits", async () => {
    const files = {
      "a.yaml": "version: 1\ngrups: {}\n",
      "b.yaml": "version: 1\naccount: [\n",
      "c.yaml": "version: 1\nversion: 1\n",
    };
    const parsing = await loadFiles(files);
    expect(parsing.diagnostics.map(({ code, at }) => `${code} ${at?.file}`)).toEqual(["AX106 b.yaml", "AX107 c.yaml"]);
    const shape = await loadFiles({ ...files, "b.yaml": "account: x\n", "c.yaml": "version: 1\ngroups: { a: [x] }\n" });
    expect(shape.diagnostics.map(({ code, at }) => `${code} ${at?.file}`)).toEqual(["AX120 a.yaml", "AX125 b.yaml"]);
  });
});

describe("paths on a real disk", () => {
  let folder = "";

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "axcess-manifest-"));
    for (const name of ["sub/deep", ".git", "sub/.hidden"]) await mkdir(join(folder, name), { recursive: true });
    for (const name of [
      "a.yaml",
      "b.yml",
      "c.txt",
      ".d.yaml",
      "sub/e.yaml",
      "sub/deep/f.yaml",
      ".git/g.yaml",
      "sub/.hidden/h.yaml",
    ]) {
      await writeFile(join(folder, name), "version: 1\n");
    }
  });

  afterAll(() => rm(folder, { recursive: true }));

  test.each([
    ["", ["a.yaml", "b.yml", "sub/deep/f.yaml", "sub/e.yaml"]],
    ["*.yaml", ["a.yaml"]],
    ["**/*.yaml", ["a.yaml", "sub/deep/f.yaml", "sub/e.yaml"]],
    ["sub/?.yaml", ["sub/e.yaml"]],
    ["./sub/../a.yaml", ["a.yaml"]],
    [".d.yaml", [".d.yaml"]],
  ])("%j stands for %j", async (path, expected) => {
    const { files, diagnostics } = await loadManifest({ files: systemFiles, paths: [`${folder}/${path}`] });
    expect(diagnostics).toEqual([]);
    expect(files).toEqual(expected.map((name) => join(folder, name)));
  });

  test("a path through a file, or with a zero byte, is a missing file", async () => {
    const paths = [`${folder}/a.yaml/x`, "a\u0000b"];
    const { diagnostics } = await loadManifest({ files: systemFiles, paths });
    expect(diagnostics.map(({ code }) => code)).toEqual(["AX101", "AX101"]);
  });
});

async function membersOf(members: string, more = ""): Promise<ReadonlyMap<string, Grant>> {
  const manifest = await loadGood(`version: 1\n${more}\norganizations: { A: { members: { ${members} } } }\n`);
  return manifest.organizations?.entries.get("A")?.members?.entries ?? new Map();
}
