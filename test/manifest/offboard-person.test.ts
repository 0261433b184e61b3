import fc from "fast-check";
import { expect, test } from "vitest";
import { type EditedManifest, editManifest, openManifest } from "../../src/manifest/edit-manifest.ts";
import type { YamlPath } from "../../src/manifest/edit-plain.ts";
import { offboardPerson, readEmailAddress } from "../../src/manifest/offboard-person.ts";
import type { Position } from "../../src/model/diagnostic.ts";
import { anyCommentedManifest } from "./commented-manifest.ts";
import { memoryFiles } from "./load-text.ts";

function offboard(content: Readonly<Record<string, string>>): Promise<EditedManifest> {
  return offboardPerson({ files: memoryFiles(content), paths: Object.keys(content), email: "carl@x.io" });
}

const BEFORE = `# head
version: 1

people: # who
  jane@x.io: { name: "Jane", role: member }   # boss
  Carl@X.io: # temp
    name: 'Carl'  # his name
    role: member
  # last
  bob@x.io: {}

groups:
  ml: [jane@x.io, carl@x.io]
  solo:
    - carl@x.io # only he
  many:
    - jane@x.io
    # mid
    - "carl@x.io"

organizations:
  A:
    members: { group:many: member, carl@x.io: admin,   bob@x.io: member }
    spaces:
      b:
        members: {
          jane@x.io: admin, # j
          carl@x.io: member, # c
          bob@x.io: member }
        projects:
          p: { bindings: { carl@x.io: Project Viewer } } # all
          q: { bindings: { jane@x.io: Project Viewer, "carl@x.io": Project Viewer } }
      c:
        members:
          # only carl
          carl@x.io: { role: member, reason: rota }

protect: []
`;

const AFTER = `# head
version: 1

people: # who
  jane@x.io: { name: "Jane", role: member }   # boss
  # temp
  # his name
  # last
  bob@x.io: {}

groups:
  ml: [jane@x.io]
  solo: []
    # only he
  many:
    - jane@x.io
    # mid

organizations:
  A:
    members: { group:many: member, bob@x.io: member }
    spaces:
      b:
        members: {
          jane@x.io: admin, # j
          # c
          bob@x.io: member }
        projects:
          p: { bindings: {} } # all
          q: { bindings: { jane@x.io: Project Viewer } }
      c:
        members: {}
          # only carl

offboard: [carl@x.io]

protect: []
`;

test("a person is taken out of every place; comments, quotes, order and blank lines stay", async () => {
  const { texts, changes, diagnostics } = await offboard({ "a.yaml": BEFORE });
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  expect(texts.get("a.yaml")).toBe(AFTER);
  expect(changes.map(({ verb, path, at }) => `${verb} ${at.line} ${path.join("/")}`)).toEqual([
    "removed 6 people/Carl@X.io",
    "removed 13 groups/ml/1",
    "removed 15 groups/solo/0",
    "removed 19 groups/many/1",
    "removed 23 organizations/A/members/carl@x.io",
    "removed 28 organizations/A/spaces/b/members/carl@x.io",
    "removed 31 organizations/A/spaces/b/projects/p/bindings/carl@x.io",
    "removed 32 organizations/A/spaces/b/projects/q/bindings/carl@x.io",
    "removed 36 organizations/A/spaces/c/members/carl@x.io",
    "added 35 offboard",
  ]);
});

test("the section is made in the file of people, or in the first; one that is there is gone on with", async () => {
  const org = "version: 1\norganizations:\n  A: { members: { carl@x.io: admin } }";
  const both = await offboard({ "a.yaml": org, "b.yaml": "version: 1\npeople: { carl@x.io: {} }\n" });
  expect([...both.texts]).toEqual([
    ["b.yaml", "version: 1\npeople: {}\noffboard: [carl@x.io]\n"],
    ["a.yaml", "version: 1\norganizations:\n  A: { members: {} }"],
  ]);
  expect((await offboard({ "a.yaml": org })).texts.get("a.yaml")).toBe(
    "version: 1\norganizations:\n  A: { members: {} }\noffboard: [carl@x.io]\n",
  );
  const block = await offboard({ "a.yaml": org, "c.yaml": "version: 1\noffboard:\n  - eve@x.io\n" });
  expect(block.texts.get("c.yaml")).toBe("version: 1\noffboard:\n  - eve@x.io\n  - carl@x.io\n");
  const empty = await offboard({ "c.yaml": "{ version: 1, offboard: [] }" });
  expect(empty.texts.get("c.yaml")).toBe("{ version: 1, offboard: [carl@x.io] }");
  const flow = await offboard({ "c.yaml": "{ version: 1, offboard: [eve@x.io, ] }" });
  expect(flow.texts.get("c.yaml")).toBe("{ version: 1, offboard: [eve@x.io, carl@x.io, ] }");
  const windows = await offboard({ "c.yaml": "version: 1\r\ngroups:\r\n  a:\r\n    - carl@x.io\r\n" });
  expect(windows.texts.get("c.yaml")).toBe("version: 1\r\ngroups:\r\n  a: []\r\noffboard: [carl@x.io]\r\n");
});

test("who stands in offboard only stays as they are", async () => {
  const { texts, changes } = await offboard({ "a.yaml": "version: 1\noffboard: [CARL@x.io]\n" });
  expect([texts.size, changes]).toEqual([0, []]);
});

test.each([
  ["protected", 'version: 1\npeople: { carl@x.io: {} }\nprotect: ["user:carl@x.io"]\n', "AX226"],
  [
    "named by an assertion",
    'version: 1\npeople: { carl@x.io: {} }\nassertions: [{ who: carl@x.io, on: "project:**", never: ROLE_READ }]\n',
    "AX203",
  ],
  ["not a manifest", "version: 1\npeople: [\n", "AX106"],
  ["ignored", 'version: 1\npeople: {}\nignore: ["user:carl@*"]\n', "AX216"],
  ["given through an anchored value", "version: 1\ngroups: { a: [&c carl@x.io], b: [*c] }\n", undefined],
  [
    "behind an anchor that something else uses",
    "version: 1\naccount: &c carl@x.io\npeople: { jane@x.io: { name: &n Jane, role: member }, carl@x.io: { name: *n } }\norganizations: { A: { members: { carl@x.io: &r admin, jane@x.io: *r } } }\n",
    "AX119",
  ],
  ["a list within a list", "version: 1\ngroups:\n  a:\n    -\n      carl@x.io\n", "AX119"],
])("%s: all or nothing", async (_, text, code) => {
  const { texts, diagnostics, manifest } = await offboard({ "a.yaml": text });
  if (code === undefined) {
    expect(texts.get("a.yaml")).toBe("version: 1\ngroups: { a: [], b: [] }\noffboard: [carl@x.io]\n");
    return;
  }
  expect(diagnostics.map((each) => each.code)).toContain(code);
  expect([texts.size, manifest]).toEqual([0, undefined]);
});

const MEMBERS = `version: 1
organizations:
  A:
    members:
      jane@x.io: &grant
        role: member
      carl@x.io: *grant
    spaces:
      b: { members: { bob@x.io: &r admin, carl@x.io: *r } }
`;

test.each<[string, YamlPath, string, Partial<Position>, Partial<Position>]>([
  [
    "through an alias",
    ["organizations", "A", "members", "carl@x.io", "role"],
    "the alias *grant says the same as the anchor &grant in line 5.",
    { line: 7, column: 18, length: 6 },
    { line: 5, column: 18, length: 6 },
  ],
  [
    "at an anchor that an alias uses",
    ["organizations", "A", "members", "jane@x.io", "role"],
    "the alias *grant says the same as the anchor &grant in line 5.",
    { line: 7, column: 18, length: 6 },
    { line: 5, column: 18, length: 6 },
  ],
  [
    "at a value whose anchor an alias uses",
    ["organizations", "A", "spaces", "b", "members", "bob@x.io"],
    "the alias *r says the same as the anchor &r in line 9.",
    { line: 9, column: 54, length: 2 },
    { line: 9, column: 33, length: 2 },
  ],
])("what cannot be edited %s is told where the alias is", async (_, path, detail, at, anchorAt) => {
  const open = await openManifest(memoryFiles({ "a.yaml": MEMBERS }), ["a.yaml"]);
  const edited = await editManifest(open, [{ file: "a.yaml", edit: { op: "remove", path } }]);
  expect(edited.diagnostics).toMatchObject([{ code: "AX119", at, detail: expect.stringContaining(detail) }]);
  expect(edited.diagnostics[0]?.related).toMatchObject([{ at: anchorAt }]);
});

test("an e-mail address has one spelling", () => {
  expect(["Carl@X.io ", "carl+ops@x.io", "carl"].map(readEmailAddress)).toEqual([
    "carl@x.io",
    "carl+ops@x.io",
    undefined,
  ]);
});

test("whatever the style and the comments, every other character stays", async () => {
  await fc.assert(
    fc.asyncProperty(anyCommentedManifest, async ({ before, after }) => {
      const { texts, diagnostics } = await offboard({ "a.yaml": before });
      expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
      expect(texts.get("a.yaml")).toBe(after);
    }),
    { seed: 20_261_121, numRuns: 200 },
  );
});
