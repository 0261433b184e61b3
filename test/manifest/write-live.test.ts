import { describe, expect, test } from "vitest";
import { editManifest, openManifest } from "../../src/manifest/edit-manifest.ts";
import { type LiveTake, planLiveEdits } from "../../src/manifest/write-live.ts";
import { memoryFiles } from "./load-text.ts";

interface Written {
  readonly texts: Readonly<Record<string, string>>;
  readonly refused: readonly string[];
  readonly codes: readonly string[];
}

async function write(content: Readonly<Record<string, string>>, ...takes: readonly LiveTake[]): Promise<Written> {
  const open = await openManifest(memoryFiles(content), Object.keys(content));
  const { edits, refused } = planLiveEdits(open, takes);
  const { texts, diagnostics } = await editManifest(open, edits);
  return {
    texts: Object.fromEntries(texts),
    refused: refused.map(({ address, because }) => `${address}: ${because}`),
    codes: diagnostics.filter(({ severity }) => severity === "error").map(({ code }) => code),
  };
}

const SPACES = `version: 1
organizations:
  A:
    spaces:
      s:
        private: false # open
        members: { Ana@x.io: { role: member, reason: rota }, bob@x.io: member, group:g: admin }
        projects:
          p: { restricted: true, bindings: {} }
`;
const REST = `version: 1
people: { ana@x.io: { name: Ana, role: member, developer: true }, bob@x.io: {}, cid@x.io: {} }
groups: { g: [cid@x.io] }
roles:
  R: { description: "x", permissions: [PROJECT_READ, "TAG_*", ROLE_READ] }
organizations: { A: { description: |-
  one } }
`.replace("{ A: { description: |-\n  one } }", "\n  A:\n    description: |-\n      one\n      two\n");
const BOTH = { "a.yaml": SPACES, "b.yaml": REST };

describe("fields", () => {
  test("each is set where a file writes it, whichever file that is", async () => {
    const { texts, refused } = await write(
      BOTH,
      { take: "fields", address: "organization:A", fields: { description: "new: text" } },
      { take: "fields", address: "space:A/s", fields: { private: true } },
      { take: "fields", address: "user:ana@x.io", fields: { name: "Ana B", developer: false, role: "admin" } },
      { take: "fields", address: "space-member:A/s/ana@x.io", fields: { role: "read-only" } },
      { take: "fields", address: "space-member:A/s/bob@x.io", fields: { role: "role:R" } },
      { take: "fields", address: "space-member:A/s/cid@x.io", fields: { role: "member" } },
      {
        take: "fields",
        address: "role:R",
        fields: { permissions: { PROJECT_READ: true, TAG_READ: true, ROLE_READ: true } },
      },
    );
    expect(refused).toEqual([]);
    expect(texts["a.yaml"]).toBe(
      SPACES.replace("private: false", "private: true")
        .replace("role: member, reason", "role: read-only, reason")
        .replace("bob@x.io: member", "bob@x.io: R")
        .replace("group:g: admin }", "group:g: admin, cid@x.io: member }"),
    );
    expect(texts["b.yaml"]).toBe(
      REST.replace("name: Ana, role: member, developer: true", "name: Ana B, role: admin, developer: false")
        .replace('PROJECT_READ, "TAG_*", ROLE_READ', "PROJECT_READ, ROLE_READ, TAG_READ")
        .replace("|-\n      one\n      two\n", '"new: text"\n'),
    );
  });

  test("what a manifest cannot say is told", async () => {
    const { refused } = await write(
      BOTH,
      { take: "fields", address: "space:A/s", fields: { description: "d" } },
      { take: "fields", address: "space-member:A/s/bob@x.io", fields: { also: "role:R" } },
      { take: "fields", address: "space-member:A/s/bob@x.io", fields: { role: undefined } },
      { take: "fields", address: "user:ana@x.io", fields: { name: 7 } },
      { take: "fields", address: "org-member:A/bob@x.io", fields: { role: "admin" } },
    );
    expect(refused).toEqual([
      "space:A/s: the manifest does not write description where it could be changed",
      "space-member:A/s/bob@x.io: a person has one role in one place, and there are two",
      "space-member:A/s/bob@x.io: the account does not show the role",
      "user:ana@x.io: what is there cannot be written as one value",
      "org-member:A/bob@x.io: the manifest has no section for it",
    ]);
  });

  test("a role that would have no permission left cannot be written", async () => {
    const { codes, texts } = await write(BOTH, { take: "fields", address: "role:R", fields: { permissions: {} } });
    expect([codes, texts]).toEqual([["AX128"], {}]);
  });
});

describe("entries", () => {
  test("are added to their section, with the people and roles that have to be listed then", async () => {
    const { texts } = await write(
      BOTH,
      { take: "entry", address: "binding:A/s/p/eve@x.io", spec: { role: "role:Project Viewer" } },
      { take: "entry", address: "space-member:A/s/eve@x.io", spec: { role: "role:Q", also: null } },
      { take: "entry", address: "role:Z", spec: { description: "", permissions: { ROLE_READ: true } } },
      { take: "entry", address: "organization:B", spec: { description: "b" } },
      { take: "entry", address: "space:A/t", spec: { description: "", private: true } },
      { take: "entry", address: "project:A/s/q", spec: {} },
    );
    expect(texts["a.yaml"]).toBe(
      `${SPACES.replace("group:g: admin }", "group:g: admin, eve@x.io: Q }").replace(
        "bindings: {}",
        "bindings: { eve@x.io: Project Viewer }",
      )}          q: {}\n      t: { private: true }\n  B: { description: b }\n`,
    );
    expect(texts["b.yaml"]).toBe(
      REST.replace("cid@x.io: {} }", "cid@x.io: {}, eve@x.io: {} }").replace(
        "ROLE_READ] }\n",
        "ROLE_READ] }\n  Q: {}\n  Z: { permissions: [ROLE_READ] }\n",
      ),
    );
  });

  test("somebody with two roles cannot be written, nor what no section is for", async () => {
    const { refused } = await write(
      BOTH,
      { take: "entry", address: "space-member:A/s/eve@x.io", spec: { role: "admin", also: "role:R" } },
      { take: "entry", address: "space:B/t", spec: {} },
    );
    expect(refused).toHaveLength(2);
  });
});

describe("absences", () => {
  test("what is gone goes from every file, with what is in it; a restriction is lifted", async () => {
    const gone = await write(
      { ...BOTH, "c.yaml": "version: 1\norganizations: { A: { spaces: { s: { description: d } } } }\n" },
      { take: "absence", address: "space:A/s" },
      { take: "absence", address: "space-member:A/s/bob@x.io" },
      { take: "absence", address: "restriction:A/s/p" },
    );
    expect(gone.texts["a.yaml"]).toBe(
      "version: 1\norganizations:\n  A:\n    spaces: {}\n        # open\n".replace("        #", "      #"),
    );
    expect(gone.texts["c.yaml"]).toBe("version: 1\norganizations: { A: { spaces: {} } }\n");
    const lifted = await write(BOTH, { take: "absence", address: "restriction:A/s/p" });
    expect(lifted.texts["a.yaml"]).toBe(SPACES.replace("restricted: true", "restricted: false"));
  });

  test("a person who is gone goes from every place; a role through a group does not", async () => {
    const { texts } = await write(BOTH, { take: "absence", address: "user:cid@x.io" });
    expect(texts["b.yaml"]).toBe(REST.replace(", cid@x.io: {}", "").replace("[cid@x.io]", "[]"));
    const { refused } = await write(BOTH, { take: "absence", address: "space-member:A/s/cid@x.io" });
    expect(refused).toEqual([
      "space-member:A/s/cid@x.io: it comes through a group: take the person out of the group by hand",
    ]);
  });

  test("a key that is gone is never taken for a restriction of the project of its name", async () => {
    const { refused, texts } = await write(BOTH, { take: "absence", address: "service-key:A/s/p" });
    expect([refused, texts]).toEqual([[expect.stringContaining("no file writes it")], {}]);
  });

  test("a role through a group goes along with the person, or with the place it is in", async () => {
    const role = { take: "absence", address: "space-member:A/s/cid@x.io" } as const;
    for (const address of ["user:cid@x.io", "space:A/s", "organization:A"] as const) {
      const { refused, texts } = await write(BOTH, { take: "absence", address }, role);
      expect(refused).toEqual([]);
      expect(texts).toEqual((await write(BOTH, { take: "absence", address })).texts);
    }
    const { refused } = await write(BOTH, { take: "absence", address: "user:bob@x.io" }, role);
    expect(refused).toHaveLength(1);
  });
});

describe("what is not a grant, a person or a place", () => {
  const MAPPINGS = `version: 1
organizations: { A: { spaces: { s: { service_keys: { ci: { expires: 2099-01-01, role: member, secret: { to: file, path: x } } } } } } }
roles: { R: {} }
saml:
  Acme.io: # ours
    sync: false
    mappings:
      - when: { team: ml, level: lead } # them
        organization: { name: A, role: member }
        spaces: { A/s: R, A/t: R }
      - when: { team: ops }
`;
  const FIRST = "saml-mapping:acme.io/level=lead&team=ml";
  const SECOND = "saml-mapping:acme.io/team=ops";

  test("a key, whether roles are synced, and a mapping are edited where they stand", async () => {
    const { texts, refused, codes } = await write(
      { "a.yaml": MAPPINGS },
      { take: "absence", address: "service-key:A/s/ci" },
      { take: "fields", address: "saml-provider:acme.io", fields: { sync: true } },
      {
        take: "fields",
        address: FIRST,
        fields: {
          account_admin: true,
          organization_role: "read-only",
          spaces: { "space:A/t": "role:Q", "space:A/u": "admin" },
        },
      },
      {
        take: "fields",
        address: SECOND,
        fields: { organization: "organization:A", organization_role: "member", spaces: { "space:A/s": "member" } },
      },
    );
    expect([...refused, ...codes]).toEqual([]);
    expect(texts["a.yaml"]).toBe(
      MAPPINGS.replace("ci: { expires: 2099-01-01, role: member, secret: { to: file, path: x } } ", "")
        .replace("service_keys: { }", "service_keys: {}")
        .replace("{ R: {} }", "{ R: {}, Q: {} }")
        .replace("sync: false", "sync: true")
        .replace("role: member }", "role: read-only }")
        .replace("{ A/s: R, A/t: R }", "{ A/t: Q, A/u: admin }\n        account_admin: true")
        .replace(
          "{ team: ops }",
          "{ team: ops }\n        organization: { name: A, role: member }\n        spaces: { A/s: member }",
        ),
    );
  });

  test("another organization, none, and none of a mapping", async () => {
    const moved = await write(
      { "a.yaml": MAPPINGS },
      { take: "fields", address: FIRST, fields: { organization: "organization:B" } },
    );
    expect(moved.texts["a.yaml"]).toBe(MAPPINGS.replace("name: A", "name: B"));
    const without = await write(
      { "a.yaml": MAPPINGS },
      { take: "fields", address: FIRST, fields: { organization: null, organization_role: null } },
    );
    expect(without.texts["a.yaml"]).toBe(MAPPINGS.replace("        organization: { name: A, role: member }\n", ""));
    const gone = await write({ "a.yaml": MAPPINGS }, { take: "absence", address: SECOND });
    expect(gone.texts["a.yaml"]).toBe(MAPPINGS.replace("      - when: { team: ops }\n", ""));
  });

  test("what is there is listed as one mapping, with what it has", async () => {
    const spec = {
      account_admin: true,
      organization: "organization:A",
      organization_role: "member",
      spaces: { "space:A/s": "role:R" },
    };
    const { texts } = await write(
      { "a.yaml": MAPPINGS },
      { take: "entry", address: "saml-mapping:acme.io/a\\=b=c%2Fd", spec },
    );
    expect(texts["a.yaml"]).toContain(
      "- { when: { a=b: c/d }, account_admin: true, organization: { name: A, role: member }, spaces: { A/s: R } }",
    );
  });

  test("what cannot be written is told", async () => {
    const { refused } = await write(
      { "a.yaml": MAPPINGS },
      { take: "entry", address: "service-key:A/s/new", spec: {} },
      { take: "entry", address: "saml-mapping:other.io/a=b", spec: {} },
      { take: "absence", address: "saml-mapping:acme.io/a=b" },
      { take: "fields", address: FIRST, fields: { organization: "an-id" } },
    );
    expect(refused).toEqual([
      "service-key:A/s/new: nobody here knows the secret of a key that was made elsewhere",
      "saml-mapping:other.io/a=b: the manifest has no section for it",
      "saml-mapping:acme.io/a=b: no file writes it in a list of its own",
      `${FIRST}: it names an organization that nobody lists`,
    ]);
  });
});
