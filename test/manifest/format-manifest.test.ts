import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { formatManifest } from "../../src/manifest/format-manifest.ts";

describe("formatManifest", () => {
  test.each(["access.yaml", "access-after.yaml"])("the example %s is canonical", (name) => {
    const text = readFileSync(new URL(`../../examples/${name}`, import.meta.url), "utf8");
    expect(formatManifest(text, name)).toEqual({ text, diagnostics: [] });
  });

  test("puts keys in the order of the schema, and keeps that of names, comments and blank lines", () => {
    const { text, diagnostics } = formatManifest(
      `# yaml-language-server: $schema=x

# about the policy
policy: {hold: [ widens-access ],   min_admins: 2}   # trailing


groups: {   b: ['x@y.z', "on", 2027-01-01 ,
   c], # all of b
   a: [ d ] }
# before the version
version: 1
people:
    # first
    'jane@acme.io': {role: member, name: "Jane",}

    bob@acme.io: {}
organizations:
   X:
      spaces: { s: {members: {a@b.c: admin, a.very.long.name.of.a.person@a-company-with-a-long-name.example: {reason: because I said so, role: Data Scientist}}}}
      description: >
        folded
        text
      members: {}
# the end
`,
      "a.yaml",
    );
    expect(diagnostics).toEqual([]);
    expect(text).toBe(`# yaml-language-server: $schema=x

# before the version
version: 1
people:
  # first
  jane@acme.io: { name: Jane, role: member }

  bob@acme.io: {}

groups:
  b: [x@y.z, "on", "2027-01-01", c] # all of b
  a: [d]
organizations:
  X:
    description: |
      folded text
    members: {}
    spaces:
      s:
        members:
          a@b.c: admin
          a.very.long.name.of.a.person@a-company-with-a-long-name.example:
            role: Data Scientist
            reason: because I said so

# about the policy
policy: { min_admins: 2, hold: [widens-access] } # trailing

# the end
`);
  });

  test("keeps the order where aliases could come before their anchors", () => {
    const text = "groups:\n  a: &people [x@y.z]\n  b: *people\nversion: 1\n";
    expect(formatManifest(text, "a.yaml")).toEqual({ text, diagnostics: [] });
  });

  test("leaves unknown keys behind the known ones, because only the text is its concern", () => {
    expect(formatManifest("unknown: 1\nversion: 1\n", "a.yaml").text).toContain("version: 1\n");
  });

  test("refuses what it cannot read, and gives the text back as it was", () => {
    const text = "version: 1\nversion: 1\n";
    expect(formatManifest(text, "a.yaml")).toMatchObject({ text, diagnostics: [{ code: "AX107" }] });
  });
});
