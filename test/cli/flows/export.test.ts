import { mkdirSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { makeWorkplace, type Workplace } from "../../support/run-axcess.ts";
import { startTestAccount } from "../../support/sandbox-account.ts";

const TEAM = `version: 1
people:
  jane@acme.io: { name: "Jane #1", role: member, invite: none, developer: true }
  bob@acme.io: { name: Bob Roe, role: member, invite: none, developer: true }
  cy@acme.io: { name: Cy, role: member, invite: email_link, developer: true }
roles:
  Eval: { description: "yes", permissions: [PROJECT_READ, DATASET_READ] }
organizations:
  Acme:
    description: "a: b"
    members: { jane@acme.io: member, bob@acme.io: member, cy@acme.io: member }
    spaces:
      alpha:
        private: true
        members: { jane@acme.io: member, bob@acme.io: member, cy@acme.io: member }
        projects: { web: { restricted: true, bindings: { bob@acme.io: Eval } }, "null": {} }
      beta/2:
        private: false
        members: { jane@acme.io: Eval }
  Other: {}
`;

async function openTeam(): Promise<Workplace> {
  const place = makeWorkplace();
  place.write("team.yaml", TEAM);
  const applied = await place.run(["apply", "--sandbox", "--auto-approve", "-f", "team.yaml", "--quiet"]);
  expect(applied.exit, applied.stderr).toBe(0);
  return place;
}

const EXPORTED = `# yaml-language-server: $schema=./node_modules/axcess/schema/access.schema.json
version: 1
account: sandbox

people:
  admin@sandbox.example: { name: Sandbox Admin, role: admin, developer: true }
  bob@acme.io: { name: Bob Roe, role: member, developer: true }
  cy@acme.io: { name: Cy, role: member, developer: true }
  jane@acme.io: { name: "Jane #1", role: member, developer: true }

groups:
  acme-member: [bob@acme.io, cy@acme.io, jane@acme.io]

roles:
  Eval:
    description: "yes"
    permissions: [DATASET_READ, PROJECT_READ]

organizations:
  Acme:
    description: "a: b"
    members:
      group:acme-member: member
    # An admin right hides whether these have an entry of their own in these spaces: admin@sandbox.example.
    spaces:
      alpha:
        private: true
        members:
          group:acme-member: member
        projects:
          "null": {}
          web:
            restricted: true
            bindings:
              bob@acme.io: Eval
      beta/2:
        private: false
        members:
          jane@acme.io: Eval
  Other: {}
`;

describe("export", () => {
  test("prints the whole account as a formatted manifest that plans to nothing", async () => {
    const place = await openTeam();
    const exported = await place.run(["export", "--sandbox"]);
    expect(exported).toEqual({ exit: 0, stdout: EXPORTED, stderr: "" });
    place.write("access.yaml", exported.stdout);
    expect(await place.run(["fmt", "--check"])).toMatchObject({ exit: 0 });
    expect((await place.run(["plan", "--sandbox"])).stdout).toBe("No changes.\n");
    const again = await place.run(["export", "--sandbox", "--out", "access.yaml"]);
    expect(again).toMatchObject({ exit: 0, stdout: "access.yaml is unchanged.\n" });
  });

  test("writes files only where nothing else stands, and never half a manifest", async () => {
    const place = await openTeam();
    const out = ["export", "--sandbox", "--out", "deep/access.yaml"];
    expect(await place.run(out)).toMatchObject({ exit: 0, stdout: "Written to deep/access.yaml.\n" });
    expect(await place.read("deep/access.yaml")).toContain("$schema=../node_modules/");
    place.write("deep/access.yaml", "version: 1\n");
    const refused = await place.run(out);
    expect(refused.exit).toBe(64);
    expect(refused.stderr).toContain('"deep/access.yaml" exists already and reads otherwise; it is not overwritten.');
    expect(await place.read("deep/access.yaml")).toBe("version: 1\n");
    const split = await place.run(["export", "--sandbox", "--split", "org", "--out", "deep"]);
    expect(split.stderr).toContain('The folder "deep" holds another manifest file, "deep/access.yaml".');
    expect(await readdir(join(place.folder, "deep"))).toEqual(["access.yaml"]);
    expect((await place.run(["export", "--sandbox", "--out", "deep"])).stderr).toContain('"deep" is a folder.');
    const onFile = await place.run(["export", "--sandbox", "--split", "org", "--out", "team.yaml"]);
    expect(onFile.stderr).toContain('"team.yaml" exists already');
  });

  test("splits by organization or by space; the files together plan to nothing", async () => {
    const place = await openTeam();
    mkdirSync(join(place.folder, "org"));
    const byOrganization = await place.run(["export", "--sandbox", "--split", "org", "--out", "org"]);
    expect(byOrganization.stdout).toBe(
      "Written to org/account.yaml.\nWritten to org/acme.yaml.\nWritten to org/other.yaml.\n",
    );
    const bySpace = await place.run(["export", "--sandbox", "--split", "space", "--out", "space", "--no-groups"]);
    expect(bySpace.stdout).toContain("Written to space/acme/beta-2.yaml.\n");
    expect(await place.read("space/acme/alpha.yaml")).toContain("bob@acme.io: member");
    expect(await place.read("space/account.yaml")).not.toContain("groups:");
    for (const folder of ["org", "space"]) {
      expect((await place.run(["fmt", "--check", "-f", folder])).exit).toBe(0);
      expect((await place.run(["plan", "--sandbox", "-f", folder])).stdout).toBe("No changes.\n");
    }
    const missing = await place.run(["export", "--sandbox", "--split", "org"]);
    expect(missing).toMatchObject({ exit: 64 });
    expect(missing.stderr).toContain("--split writes several files.");
  });

  test("tells only what is asked for, with the people and roles it needs", async () => {
    const place = await openTeam();
    const space = await place.run(["export", "--sandbox", "--space", "Acme/beta%2F2"]);
    expect(space).toMatchObject({ exit: 0 });
    expect(space.stdout.split("\n").slice(4).join("\n")).toBe(`people:
  jane@acme.io: { name: "Jane #1", role: member, developer: true }

roles:
  Eval:
    description: "yes"
    permissions: [DATASET_READ, PROJECT_READ]

organizations:
  Acme:
    spaces:
      beta/2:
        private: false
        # An admin right hides whether these have an entry of their own here: admin@sandbox.example.
        members:
          jane@acme.io: Eval
`);
    const other = await place.run(["export", "--sandbox", "--org", "Other", "--json"]);
    expect(JSON.parse(other.stdout)).toMatchObject({ command: "export", exit: 0, omitted: [], unread: [] });
    expect(JSON.parse(other.stdout).files[0].text).toContain("organizations:\n  Other: {}\n");
  });

  test("refuses what is not there, and what is no name", async () => {
    const place = await openTeam();
    const misspelt = await place.run(["export", "--sandbox", "--org", "Acmee"]);
    expect(misspelt).toMatchObject({ exit: 64, stdout: "" });
    expect(misspelt.stderr).toContain('Did you mean "organization:Acme"?');
    expect((await place.run(["export", "--sandbox", "--org", "zzzzzzzzz"])).stderr).toContain(
      "without --org and --space",
    );
    expect((await place.run(["export", "--sandbox", "--space", "alpha"])).stderr).toContain(
      "--space wants ORGANIZATION/NAME",
    );
    expect((await place.run(["export", "--sandbox", "--org", "a/b"])).stderr).toContain("--org wants a name");
    expect((await place.run(["export", "--sandbox", "--split", "person"])).exit).toBe(64);
  });

  test("tells on stderr what is lost, and ends with 6 where something could not be read", async () => {
    const place = makeWorkplace();
    const account = await startTestAccount({ switches: { graphqlEnabled: false } });
    try {
      await account.space(await account.organization("Acme"), "prod");
      await account.role("readonly", ["PROJECT_READ"]);
      const { url, adminKey } = account.sandbox;
      const env = { ARIZE_API_KEY: adminKey, ARIZE_BASE_URL: url, ARIZE_APP_URL: url };
      const exported = await place.run(["export", "--out", "access.yaml"], { env });
      expect(exported).toMatchObject({ exit: 6, stdout: "Written to access.yaml.\n" });
      expect(exported.stderr).toContain("AX301");
      expect(exported.stderr.match(/AX302/gu)).toHaveLength(1);
      expect(exported.stderr).toContain("The members of 2 places are not known: organization:Acme, space:Acme/prod.");
      expect(exported.stderr).toContain(
        "Left out, since a manifest cannot say it; comments tell where:\n  role:readonly\n      No manifest can declare",
      );
      expect(await place.read("access.yaml")).toContain(
        "# The members could not be read, and are not managed.\n  Acme:\n",
      );
      const json = JSON.parse((await place.run(["export", "--json"], { env })).stdout);
      expect(json).toMatchObject({ exit: 6, omitted: [{ address: "role:readonly" }] });
      expect(json.unread).toContain("org-member@organization:Acme");
    } finally {
      await account.close();
    }
  });
});
