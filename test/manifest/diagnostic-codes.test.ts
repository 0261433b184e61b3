import { describe, expect, test } from "vitest";
import { MANIFEST_CODES, type ManifestCode } from "../../src/manifest/diagnostic-codes.ts";
import { formatManifest } from "../../src/manifest/format-manifest.ts";
import { loadManifest } from "../../src/manifest/load-manifest.ts";
import { briefly, loadFiles, loadText, memoryFiles } from "./load-text.ts";

const END = 'expires: "2099-01-01"';
const SINK = "secret: { to: file, path: x }";
const withKey = (key: string): string =>
  `version: 1\norganizations:\n  A:\n    spaces:\n      s:\n        service_keys:\n          k: ${key}\n`;

const withPerson = (more: string): string => `version: 1\npeople:\n  a@b.c: { name: A, role: member, ${more} }\n`;

/** Each sample gives exactly the diagnostics whose carets are marked: `⟦` before and `⟧` behind the text they cover. */
const SAMPLES: readonly (readonly [ManifestCode, string])[] = [
  ["AX105", "version: 1\naccount: ⟦\u001b⟧x\n"],
  ["AX106", "version: 1\naccount: ⟦`⟧x`\n"],
  ["AX106", "version: 1\n⟦\t⟧account: x\n"],
  ["AX107", "version: 1\ngroups:\n  a: []\n  ⟦a⟧: []\n"],
  ["AX108", "version: 1\ngroups:\n  ⟦123⟧: []\n"],
  ["AX108", "version: 1\ngroups: { ⟦null⟧: [] }\n"],
  ["AX109", "version: 1\ngroups:\n  ⟦<<⟧: { a: [] }\n"],
  ["AX110", "version: 1\naccount: !!str ⟦x⟧\n"],
  ["AX111", "version: 1\n⟦---⟧\nversion: 1\n"],
  ["AX112", "version: 1\ngroups: { a: &a [⟦*a⟧] }\n"],
  ["AX113", `version: 1\naccount: ${"[".repeat(64)}⟦[]⟧${"]".repeat(64)}\n`],
  ["AX114", "version: 1\naccount: ⟦*nobody⟧\n"],
  ["AX115", "⟦%YAML 1.1⟧\n---\nversion: 1\n"],
  ["AX116", "⟦#⟧ nothing\n"],
  ["AX116", "⟦- a⟧\n"],
  ["AX117", 'version: 1\naccount: ⟦"\\ud800"⟧\n'],
  ["AX120", "version: 1\n⟦grups⟧: {}\n"],
  ["AX120", "version: 1\norganizations:\n  A: { manage: { ⟦roles⟧: additive } }\n"],
  ["AX122", "version: 1\npolicy: { approvals: ⟦[]⟧ }\n"],
  ["AX120", "version: 1\npolicy: { approvals: { ⟦defualt⟧: 2 } }\n"],
  ["AX127", "version: 1\npolicy: { approvals: { default: ⟦0⟧ } }\n"],
  ["AX124", "version: 1\npolicy: { approvals: { not_by: [⟦owner⟧] } }\n"],
  ["AX202", "version: 1\npolicy: { approvals: { by: ⟦vera⟧ } }\n"],
  ["AX205", 'version: 1\ngroups: { a: [a@x.io] }\npolicy: { approvals: { by: [⟦"group:b"⟧, a@x.io] } }\n'],
  ["AX360", "version: 1\npolicy: { ⟦approvals⟧: { irreversible: 2, by: [A@x.io, a@x.io] } }\n"],
  ["AX121", "version: 1\n⟦dashboards⟧: {}\n"],
  ["AX121", "version: 1\norganizations: { A: { spaces: { b: { ⟦dashboards⟧: {} } } } }\n"],
  ["AX122", "version: 1\naccount: ⟦12⟧\n"],
  ["AX122", "version: 1\ngroups: ⟦[a]⟧\n"],
  ["AX123", "version: 1\npeople:\n  ⟦a@b.c⟧:\n"],
  [
    "AX123",
    "version: 1\norganizations: { A: { members: { a@b.c: ⟦null⟧ } } }\n".replace("a@b.c: ⟦null⟧", "⟦a@b.c⟧: null"),
  ],
  ["AX124", "version: 1\nmanage: { members: ⟦authorative⟧ }\n"],
  ["AX125", "⟦a⟧ccount: x\n"],
  ["AX125", "version: 1\norganizations: { A: { members: { ⟦a@b.c⟧: { reason: x } } } }\n"],
  ["AX126", "version: ⟦2⟧\n"],
  ["AX127", "version: 1\npolicy: { max_removal_percent: ⟦101⟧ }\n"],
  ["AX128", `version: 1\norganizations:\n  ⟦${"x".repeat(256)}⟧: {}\n`],
  ["AX128", "version: 1\nroles: { R: { permissions: ⟦[]⟧ } }\n"],
  ["AX128", "version: 1\npolicy: { separate: [⟦[ROLE_READ]⟧] }\n"],
  ["AX128", "version: 1\npolicy: { separate: [{ permissions: ⟦[ROLE_READ, ROLE_CREATE, ROLE_DELETE]⟧ }] }\n"],
  ["AX124", "version: 1\npolicy: { hold: [⟦widens⟧] }\n"],
  ["AX125", "version: 1\nassertions:\n  - ⟦who: a@x.io⟧\n    can: ROLE_READ\n"],
  ["AX129", 'version: 1\norganizations:\n  ⟦" A"⟧: {}\n'],
  ["AX129", "version: 1\nroles: { ⟦Rôle⟧: {} }\n"],
  ["AX130", "version: 1\nmanage: { ⟦people⟧: authoritative }\n"],
  ["AX201", "version: 1\npeople:\n  ann@x.io: {}\n  ⟦Ann@X.io⟧: {}\n"],
  ["AX201", "version: 1\ngroups: { a: [p@x.io, ⟦P@x.io⟧] }\n"],
  ["AX123", "version: 1\nsaml:\n  ⟦acme.io⟧:\n"],
  ["AX125", saml("when: { a: b } }, ⟦{ name: x }⟧, { when: { c: d }")],
  ["AX129", saml("when: ⟦{}⟧")],
  ["AX120", saml("⟦wen⟧: {}, when: { a: b }")],
  ["AX201", saml("when: { a: b, c: d } }, ⟦{ when: { c: d, a: b }, name: x }⟧, { when: { a: b }")],
  ["AX204", saml("when: { a: b }, spaces: { A/s: ⟦Nobody⟧ }", "roles: {}\n")],
  ["AX204", saml("when: { a: b }, organization: { name: A, role: ⟦Nobody⟧ }")],
  ["AX208", saml("when: { a: b }, spaces: { A/s: ⟦Project Viewer⟧ }")],
  ["AX243", "version: 1\nsaml: { ⟦acme⟧: {} }\n"],
  ["AX244", saml("when: { a: b }, spaces: { ⟦A⟧: member }")],
  [
    "AX245",
    saml("when: { a: b }, spaces: { ⟦Acme/spaec⟧: member }", "organizations: { Acme: { spaces: { space: {} } } }\n"),
  ],
  ["AX245", saml("when: { a: b }, organization: { name: ⟦Acmee⟧, role: member }", "organizations: { Acme: {} }\n")],
  ["AX246", saml("when: { a: b }, spaces: { A/s: member } }, { when: { a: c }, spaces: { A/s: ⟦Eval⟧ }")],
  [
    "AX247",
    saml(
      "when: { a: b } }, ⟦{ when: { a: c }, organization: { name: A, role: admin }, spaces: { A/s: member } }⟧, { when: { a: d }",
    ),
  ],
  ["AX248", "version: 1\nmanage: { saml: authoritative }\nsaml: { ⟦acme.io⟧: { mappings: [] } }\n"],
  ["AX216", `${saml("when: { a: b }")}ignore: [⟦"saml-mapping:**"⟧]\n`],
  ["AX202", "version: 1\ngroups: { a: [⟦bob⟧] }\n"],
  ["AX202", "version: 1\npeople: { ⟦bob⟧: {} }\n"],
  ["AX201", "version: 1\npolicy: { separate: [[ROLE_READ, ⟦ROLE_READ⟧]] }\n"],
  ["AX202", `version: 1\n${assertion("who: ⟦bob⟧")}`],
  ["AX202", `version: 1\n${assertion("who: [admins, ⟦a b*⟧]")}`],
  ["AX203", `version: 1\npeople: { bob@x.io: {} }\n${assertion("who: [BOB@x.io, ⟦bop@x.io⟧]")}`],
  ["AX205", `version: 1\n${assertion('who: [⟦"group:a"⟧]')}`],
  ["AX211", `version: 1\n${assertion("", "only: [ROLE_READ, ⟦ROLE_RAED⟧]")}`],
  ["AX211", "version: 1\npolicy: { forbid: [⟦ROLE_RAED⟧] }\n"],
  ["AX211", "version: 1\npolicy: { separate: [[⟦ROLE_RAED⟧, ROLE_CREATE]] }\n"],
  ["AX211", 'version: 1\npolicy: { separate: [[⟦"ROLE_*"⟧, ROLE_CREATE]] }\n'],
  ["AX212", `version: 1\n${assertion("", 'can: ⟦"ROLES_*"⟧')}`],
  ["AX212", 'version: 1\npolicy: { hold: [⟦"ROLES_*"⟧] }\n'],
  ["AX222", `version: 1\n${assertion('who: "*", on: ⟦"binding:A/**"⟧')}`],
  ["AX222", `version: 1\n${assertion('who: "*", on: ["space:A/*", ⟦"space:A//b"⟧]')}`],
  ["AX222", 'version: 1\npolicy: { separate: [{ permissions: [ROLE_READ, ROLE_CREATE], on: ⟦"role:A"⟧ }] }\n'],
  ["AX228", `version: 1\n${assertion('who: "*", on: ⟦"space:A"⟧')}`],
  ["AX229", 'version: 1\nassertions: [⟦{ who: "*", on: "space:A/b" }⟧]\n'],
  ["AX229", 'version: 1\nassertions: [⟦{ who: "*", on: "space:A/b", can: ROLE_READ, never: ROLE_READ }⟧]\n'],
  ["AX229", `version: 1\n${assertion("", "never: ROLE_READ, at_least: ⟦2⟧")}`],
  ["AX203", "version: 1\npeople: { bob@x.io: {} }\ngroups: { a: [⟦bop@x.io⟧] }\n"],
  [
    "AX204",
    "version: 1\nroles: { Reviewer: {} }\norganizations: { A: { spaces: { s: { members: { a@x.io: ⟦Reviewr⟧ } } } } }\n",
  ],
  ["AX204", "version: 1\norganizations: { A: { members: { a@x.io: ⟦memebr⟧ } } }\n"],
  ["AX205", "version: 1\norganizations: { A: { members: { ⟦group:a⟧: member } } }\n"],
  ["AX206", "version: 1\ngroups:\n  a: [group:b]\n  b: [⟦group:a⟧]\n"],
  [
    "AX207",
    "version: 1\ngroups: { a: [p@x.io], b: [p@x.io] }\norganizations: { A: { members: { group:a: admin, ⟦group:b⟧: member } } }\n",
  ],
  ["AX208", "version: 1\nroles: { R: {} }\norganizations: { A: { members: { a@x.io: ⟦R⟧ } } }\n"],
  ["AX208", "version: 1\norganizations: { A: { spaces: { s: { members: { a@x.io: ⟦Project Viewer⟧ } } } } }\n"],
  ["AX208", "version: 1\norganizations: { A: { spaces: { s: { members: { a@x.io: ⟦Admin⟧ } } } } }\n"],
  [
    "AX208",
    "version: 1\norganizations: { A: { spaces: { s: { projects: { p: { bindings: { a@x.io: ⟦admin⟧ } } } } } } }\n",
  ],
  ...["Admin", "Member", "Read Only", "Annotator", "project viewer", "Project Editor", "Project Admin"].map(
    (name) => ["AX209", `version: 1\nroles: { ⟦${name}⟧: {} }\n`] as const,
  ),
  ["AX211", "version: 1\nroles: { R: { permissions: [⟦PROJECT_RAED⟧] } }\n"],
  ["AX212", 'version: 1\nroles: { R: { permissions: [⟦"DATASETS_*"⟧] } }\n'],
  [
    "AX213",
    "version: 1\npeople: { a@x.io: { role: annotator } }\norganizations: { A: { members: { ⟦a@x.io⟧: member } } }\n",
  ],
  [
    "AX213",
    "version: 1\npeople: { a@x.io: { role: member } }\norganizations: { A: { members: { ⟦a@x.io⟧: annotator } } }\n",
  ],
  [
    "AX213",
    "version: 1\norganizations: { A: { members: { a@x.io: annotator }, spaces: { s: { members: { ⟦a@x.io⟧: Custom } } } } }\n",
  ],
  ["AX214", "version: 1\norganizations: { A: { members: {}, spaces: { s: { members: { ⟦a@x.io⟧: member } } } } }\n"],
  [
    "AX215",
    "version: 1\norganizations: { A: { members: {}, spaces: { s: { projects: { p: { bindings: { ⟦a@x.io⟧: Project Viewer } } } } } } }\n",
  ],
  ["AX216", 'version: 1\norganizations: { A: { spaces: { s: {} } } }\nignore: [⟦"space:A/*"⟧]\n'],
  ["AX216", 'version: 1\nabsent: ["space-member:A/s/a@x.io"]\nignore: [⟦"space:A/**"⟧]\n'],
  ["AX217", "version: 1\norganizations: { A: { spaces: { s: { projects: { p: { restricted: ⟦true⟧ } } } } } }\n"],
  [
    "AX217",
    "version: 1\norganizations: { A: { members: { a@x.io: admin }, spaces: { s: { projects: { p: { restricted: ⟦true⟧, bindings: { a@x.io: Project Viewer } } } } } } }\n",
  ],
  ["AX218", 'version: 1\norganizations: { A: { spaces: { s: {} } } }\nabsent: [⟦"space:A/s"⟧]\n'],
  [
    "AX218",
    'version: 1\norganizations: { A: { spaces: { s: { members: { a@x.io: member } } } } }\nabsent: [⟦"org-member:A/A@x.io"⟧]\n',
  ],
  ["AX219", "version: 1\npeople: { a@x.io: {} }\noffboard: [⟦A@x.io⟧]\n"],
  ["AX219", "version: 1\ngroups: { g: [a@x.io] }\noffboard: [⟦a@x.io⟧]\n"],
  ["AX220", "version: 1\norganizations: { A: { previously: [⟦B⟧] }, B: {} }\n"],
  ["AX220", "version: 1\nroles: { A: { previously: [C] }, B: { previously: [⟦C⟧] } }\n"],
  ["AX221", 'version: 1\nabsent: [⟦"space:only-one-name"⟧]\n'],
  ["AX221", 'version: 1\nabsent: [⟦"space:A/*"⟧]\n'],
  ["AX222", 'version: 1\nignore: [⟦"spce:A/b"⟧]\n'],
  ["AX222", 'version: 1\nprotect: [⟦"space:A//b"⟧]\n'],
  ["AX223", 'version: 1\norganizations: { A: { members: { a@x.io: { role: member, expires: ⟦"2027-02-30"⟧ } } } }\n'],
  ["AX224", "version: 1\npeople: { ⟦a@x.io⟧: { invite: none } }\n"],
  ["AX225", 'version: 1\norganizations: { ⟦"a\\u202Eb"⟧: {} }\n'],
  ["AX226", 'version: 1\nabsent: [⟦"space:A/s"⟧]\nprotect: ["space:A/**"]\n'],
  ["AX226", 'version: 1\noffboard: [⟦a@x.io⟧]\nprotect: ["user:*"]\n'],
  [
    "AX227",
    "version: 1\norganizations: { A: { members: { a@x.io: member }, spaces: { s: { private: true, members: {}, projects: { p: { bindings: { ⟦a@x.io⟧: Project Viewer } } } } } } }\n",
  ],
  ["AX228", 'version: 1\nprotect: [⟦"space:A"⟧]\n'],
  ["AX125", withKey('{ role: member, expires: "2099-01-01" }').replace("k:", "⟦k⟧:")],
  ["AX124", withKey(`{ role: member, organization_role: ⟦Data Scientist⟧, ${END}, ${SINK} }`)],
  ["AX124", withKey(`{ role: member, account_role: ⟦annotator⟧, ${END}, ${SINK} }`)],
  ["AX129", withKey(`{ role: member, ${END}, ${SINK}, rotate: { before_expiry: ⟦soon⟧ } }`)],
  ["AX201", withKey(`{ role: member, ${END}, ${SINK}, also_in: [{ space: ⟦A/s⟧, role: member }] }`)],
  [
    "AX201",
    withKey(
      `{ role: member, ${END}, ${SINK}, also_in: [{ space: B/s, role: member }, { space: ⟦B/s⟧, role: admin }] }`,
    ),
  ],
  ["AX204", `${withKey(`{ role: ⟦Reader⟧, ${END}, ${SINK} }`)}roles: {}\n`],
  ["AX208", withKey(`{ role: ⟦annotator⟧, ${END}, ${SINK} }`)],
  ["AX208", withKey(`{ role: member, ${END}, ${SINK}, also_in: [{ space: B/s, role: ⟦Project Viewer⟧ }] }`)],
  ["AX221", withKey(`{ role: member, ${END}, ${SINK}, also_in: [{ space: ⟦B⟧, role: member }] }`)],
  ["AX223", withKey(`{ role: member, expires: ⟦"2099-02-30"⟧, ${SINK} }`)],
  ["AX233", withKey(`{ role: member, ${END}, ⟦secret⟧: { to: env, file: .env } }`)],
  ["AX233", withKey(`{ role: member, ${END}, ⟦secret⟧: { to: github, repo: a/b, name: K, path: x } }`)],
  ["AX233", withKey(`{ role: member, ${END}, ⟦secret⟧: { to: command, path: x } }`)],
  ["AX234", withKey(`{ role: member, ${END}, ${SINK}, rotate: { before_expiry: 14d, grace: ⟦25h⟧ } }`)],
  [
    "AX235",
    withKey(
      `{ role: member, ${END}, ${SINK} }\n          l: { role: member, ${END}, ⟦secret⟧: { to: file, path: x } }`,
    ),
  ],
  ["AX233", withPerson("invite: temporary_password, ⟦password⟧: { to: env, file: .env }")],
  [
    "AX235",
    `${withKey(`{ role: member, ${END}, ⟦secret⟧: { to: file, path: x } }`)}${withPerson(
      "invite: temporary_password, password: { to: file, path: x }",
    ).replace("version: 1\n", "")}`,
  ],
  ["AX236", withPerson("⟦password⟧: { to: file, path: x }")],
  ["AX236", withPerson("invite: email_link, ⟦password⟧: { to: file, path: x }")],
];

/** Codes that no text alone can give, or none that is short: their tests are below, in `limits.test.ts`, and with `validate`. */
const APART: readonly ManifestCode[] = [
  "AX131",
  "AX132",
  "AX101",
  "AX102",
  "AX103",
  "AX104",
  "AX118",
  "AX119",
  "AX230",
  "AX231",
  "AX232",
];

describe("every code", () => {
  test("has a sample", () => {
    const sampled = new Set([...SAMPLES.map(([code]) => code), ...APART]);
    expect(Object.keys(MANIFEST_CODES).filter((code) => !sampled.has(code as ManifestCode))).toEqual([]);
  });

  test.each(SAMPLES)("%s is told at its place: %j", async (code, marked) => {
    const { manifest, diagnostics } = await loadText(marked.replace(/[⟦⟧]/gu, ""));
    expect(briefly(diagnostics)).toEqual([`${code} ${placeOfMark(marked)}`]);
    const [diagnostic] = diagnostics;
    expect(diagnostic).toMatchObject({
      summary: MANIFEST_CODES[code].summary,
      severity: MANIFEST_CODES[code].severity,
    });
    expect(diagnostic?.fix).toMatch(/\S/u);
    expect(diagnostic?.sourceLine).toBe(marked.replace(/[⟦⟧]/gu, "").split("\n")[(diagnostic?.at?.line ?? 0) - 1]);
    expect(manifest === undefined).toBe(diagnostic?.severity === "error");
  });
});

describe("codes about files", () => {
  test("AX101: a path, a glob and an empty directory that give nothing", async () => {
    const files = memoryFiles({ "dir/.hidden.yaml": "version: 1", "dir/note.txt": "" });
    const { diagnostics } = await loadManifest({ files, paths: ["none.yaml", "none/*.yaml", "dir"] });
    expect(diagnostics.map(({ code, at }) => [code, at?.file])).toEqual([
      ["AX101", "dir"],
      ["AX101", "none.yaml"],
      ["AX101", "none/*.yaml"],
    ]);
  });

  test("AX102: a file that the disk refuses", async () => {
    const files = {
      ...memoryFiles({ "a.yaml": "version: 1" }),
      read: async () => {
        throw Object.assign(new Error("no"), { code: "EACCES" });
      },
    };
    const { diagnostics } = await loadManifest({ files, paths: ["a.yaml"] });
    expect(diagnostics).toMatchObject([{ code: "AX102", detail: 'Reading "a.yaml" failed: access is denied.' }]);
  });

  test("AX103: a file beyond the limit, in bytes and in pieces", async () => {
    const { diagnostics } = await loadFiles({
      "big.yaml": new Uint8Array(8 * 1024 * 1024 + 1),
      "many.yaml": `a: [${",".repeat(600_000)}]`,
    });
    expect(diagnostics.map(({ code, at }) => [code, at?.file])).toEqual([
      ["AX103", "big.yaml"],
      ["AX103", "many.yaml"],
    ]);
  });

  test.each([
    ["Latin-1", Buffer.from("version: 1\naccount: caf\xe9 x\n", "latin1"), "2:13"],
    ["Latin-1 at the end", Buffer.from("version: 1\naccount: caf\xe9", "latin1"), "2:13"],
    ["UTF-16, marked", Buffer.from("\ufeffversion: 1\n", "utf16le"), "1:1"],
    ["UTF-16, big end first", Buffer.from("version: 1\n", "utf16le").swap16(), "1:1"],
  ])("AX104: %s", async (_, bytes, place) => {
    const { diagnostics } = await loadText(new Uint8Array(bytes));
    expect(diagnostics.map(({ code, at }) => `${code} ${at?.line}:${at?.column}`)).toEqual([`AX104 ${place}`]);
  });

  test("AX118: a text that formatting would not leave alone is refused whole", () => {
    const text = "&anchor # on the whole\nversion: 1\n";
    expect(formatManifest(text, "a.yaml")).toMatchObject({ text, diagnostics: [{ code: "AX118" }] });
  });
});

/** A manifest with one role mapping. */
function saml(mapping: string, more = ""): string {
  return `version: 1\n${more}saml: { acme.io: { mappings: [{ ${mapping} }] } }\n`;
}

/** An assertion with a part of its own in it. */
function assertion(who: string, demand = "never: ROLE_READ"): string {
  const where = who.includes("on:") ? "" : ', on: "space:A/*"';
  return `assertions:\n  - { ${who === "" ? 'who: "*"' : who}${where}, ${demand} }\n`;
}

/** `line:column+length` of the marked text. */
function placeOfMark(marked: string): string {
  const start = marked.indexOf("⟦");
  const before = marked.slice(0, start).split("\n");
  const length = marked.indexOf("⟧") - start - 1;
  return `${before.length}:${(before.at(-1) ?? "").length + 1}+${length}`;
}
