import { describe, expect, onTestFinished, test } from "vitest";
import { makeWorkplace, type Ran, type Workplace } from "../../support/run-axcess.ts";
import { startTestAccount, type TestAccount } from "../../support/sandbox-account.ts";

const HEAD = `version: 1
people: { ana@acme.io: { name: Ana, role: member } }
roles: { Reader: { permissions: [PROJECT_READ, SPACE_READ] } }
organizations:
  Acme:
    members: { ana@acme.io: member }
    spaces:
      prod: { members: { ana@acme.io: member } }
`;
const ENGINEERS = `saml:
  acme.io: # the company's
    sync: false
    mappings:
      - when: { Department: Engineering } # everybody there
        organization: { name: Acme, role: member }
        spaces: { Acme/prod: Reader }
`;

interface Scene extends Workplace {
  readonly account: TestAccount;
  readonly axcess: (...words: readonly string[]) => Promise<Ran>;
  /** What the account holds of the identity provider. */
  readonly provider: () => Promise<Provider>;
  readonly logIn: (email: string, attributes: Readonly<Record<string, string>>) => Promise<number>;
  /** Changes the mappings as the web interface does. */
  readonly rewrite: (edit: (mappings: readonly Mapping[]) => readonly unknown[]) => Promise<void>;
  /** Plans to a file, approves what is held, and applies it. */
  readonly approveAll: () => Promise<Ran>;
}

interface Mapping {
  readonly id: string;
  readonly attributesMap: readonly (readonly [string, string])[];
  readonly isAccountAdmin: boolean;
  readonly orgRole: { readonly orgId: string; readonly roleId: string } | null;
  readonly spaceRbacRolesMap: readonly (readonly [string, string])[];
}

interface Provider {
  readonly id: string;
  readonly syncUserRoles: boolean;
  readonly roleMappings: readonly Mapping[];
}

const FIELDS =
  "id emailDomainsList { domain } metadataXml syncUserRoles roleMappings { id attributesMap isAccountAdmin orgRole { orgId roleId } spaceRolesMap spaceRbacRolesMap }";
const READ = `{ account { samlIdPs(first: 5) { edges { node { ${FIELDS} } } } } }`;
const UPDATE = "mutation ($input: UpdateSAMLIdPInput!) { updateSAMLIdP(input: $input) { error } }";

/** An account with an identity provider that has one mapping, brought in line with the manifest. */
async function openScene(saml = ENGINEERS): Promise<Scene> {
  const account = await startTestAccount({ now: () => new Date() });
  onTestFinished(account.close);
  await account.identityProvider("acme.io", [{ attributesMap: [["Department", "Support"]], isAccountAdmin: false }]);
  const { url, adminKey } = account.sandbox;
  const env = { ARIZE_API_KEY: adminKey, ARIZE_BASE_URL: url, ARIZE_APP_URL: url };
  const place = makeWorkplace();
  place.write("access.yaml", HEAD + saml);
  const axcess = (...words: readonly string[]): Promise<Ran> => place.run(words, { env });
  const provider = async (): Promise<Provider> =>
    (await account.graphql(READ)).body.data.account.samlIdPs.edges[0].node;
  const first = await axcess("apply", "--auto-approve");
  expect(first.stdout).toContain("The account now matches the manifest.");
  return {
    ...place,
    ...{ account, axcess, provider },
    logIn: async (email, attributes) =>
      (await account.rest("POST", "/_sandbox/saml/login", { email, name: "Somebody", attributes })).status,
    rewrite: async (edit) => {
      const { roleMappings, ...rest } = await provider();
      const input = { ...rest, roleMappings: { mappingsList: edit(roleMappings) } };
      const { body } = await account.graphql(UPDATE, { input });
      expect(body.data.updateSAMLIdP.error).toBeNull();
    },
    approveAll: async () => {
      await axcess("plan", "--out", "p.json");
      await axcess("approve", "p.json", "--all", "--reason", "agreed");
      return axcess("apply", "p.json");
    },
  };
}

const conditions = ({ roleMappings }: Provider): readonly string[] =>
  roleMappings.map(({ attributesMap }) => attributesMap.map((pair) => pair.join("=")).join("&"));

async function expectNothingToDo({ axcess }: Scene): Promise<void> {
  expect((await axcess("plan", "--detailed-exitcode")).exit).toBe(0);
}

describe("role mappings as code", () => {
  test("a mapping is made behind those that are there, and gives its roles to whom it fits at the first login", async () => {
    const scene = await openScene();
    expect(conditions(await scene.provider())).toEqual(["Department=Support", "Department=Engineering"]);
    await expectNothingToDo(scene);
    expect(await scene.logIn("eve@acme.io", { Department: "Engineering" })).toBe(200);
    const told = await scene.axcess("access", "eve@acme.io");
    expect(told.stdout).toContain("Reader");
    expect(await scene.logIn("max@acme.io", { Department: "Sales" })).toBe(403);
  });

  test("a mapping that is not written is revoked under authoritative, held, and its neighbours stay as they are", async () => {
    const scene = await openScene();
    const [support, engineers] = (await scene.provider()).roleMappings;
    scene.write("access.yaml", `${HEAD}${ENGINEERS}manage: { saml: authoritative }\n`);
    expect((await scene.axcess("apply", "--auto-approve")).exit).toBe(3);
    expect((await scene.provider()).roleMappings).toEqual([support, engineers]);
    expect((await scene.approveAll()).exit).toBe(0);
    expect((await scene.provider()).roleMappings).toEqual([engineers]);
    await expectNothingToDo(scene);
  });

  test("a role that a mapping uses is not deleted", async () => {
    const scene = await openScene();
    scene.write(
      "access.yaml",
      `${HEAD.replace(/roles: .*\n/u, "roles: {}\n")}saml: { acme.io: {} }\nabsent: ["role:Reader"]\n`,
    );
    const planned = await scene.axcess("plan");
    expect(planned.stdout).toContain("in-use");
    expect((await scene.approveAll()).exit).toBe(3);
    expect((await scene.account.rest("GET", "/v2/roles?limit=100")).body.roles).toContainEqual(
      expect.objectContaining({ name: "Reader" }),
    );
  });

  test("synced roles own the memberships: these are told and left alone, by a plan and as drift", async () => {
    const scene = await openScene();
    scene.write("access.yaml", HEAD + ENGINEERS.replace("sync: false", "sync: true"));
    expect((await scene.axcess("apply", "--auto-approve")).exit).toBe(3);
    expect((await scene.approveAll()).exit).toBe(0);
    expect((await scene.provider()).syncUserRoles).toBe(true);
    expect(await scene.logIn("ana@acme.io", { Department: "Engineering" })).toBe(200);
    const planned = await scene.axcess("plan", "--detailed-exitcode");
    expect(planned.exit).toBe(0);
    expect(planned.stdout + planned.stderr).toContain("Left alone: update space-member:Acme/prod/ana@acme.io");
    const drifted = await scene.axcess("drift");
    expect(drifted.exit).toBe(0);
    expect(drifted.stderr).toContain("Left alone: changed space-member:Acme/prod/ana@acme.io");
    scene.write("access.yaml", HEAD + ENGINEERS.replace("sync: false", "sync: true\n    memberships: managed"));
    expect((await scene.axcess("plan", "--detailed-exitcode")).exit).toBe(2);
    expect((await scene.axcess("drift")).exit).toBe(2);
  });
});

describe("the other side of a mapping", () => {
  const lead = { attributesMap: [["Level", "a=b&c"]], orgRole: null, spaceRbacRolesMap: [] };

  test("what was changed by hand is drift, and is taken into the manifest with its comments", async () => {
    const scene = await openScene();
    const [organization] = (await scene.account.rest("GET", "/v2/organizations")).body.organizations;
    await scene.rewrite((mappings) =>
      mappings.map((mapping) =>
        mapping.spaceRbacRolesMap.length === 0
          ? mapping
          : { ...mapping, spaceRbacRolesMap: [], orgRole: { orgId: organization.id, roleId: "readOnly" } },
      ),
    );
    const drifted = await scene.axcess("drift", "--write");
    expect(drifted.stdout).toContain("saml-mapping:acme.io/Department=Engineering");
    const text = await scene.read("access.yaml");
    expect(text).toContain("- when: { Department: Engineering } # everybody there\n");
    expect(text).toContain("organization: { name: Acme, role: read-only }");
    expect(text).not.toContain("Acme/prod: Reader");
    await expectNothingToDo(scene);
  });

  test("what was removed or made by hand is taken out of the manifest, or written into it", async () => {
    const scene = await openScene(
      `${ENGINEERS.replace("    mappings:", "    mappings:\n      - when: { Department: Support }")}manage: { saml: authoritative }\n`,
    );
    await scene.rewrite((mappings) => [...mappings.filter(({ orgRole }) => orgRole === null), lead]);
    expect((await scene.axcess("drift")).exit).toBe(2);
    expect((await scene.axcess("drift", "--write")).exit).toBe(0);
    const text = await scene.read("access.yaml");
    expect(text).not.toContain("Engineering");
    expect(text).toContain("- { when: { Level: a=b&c } }");
    await expectNothingToDo(scene);
  });

  test("an exported manifest writes the mappings and changes nothing", async () => {
    const scene = await openScene();
    await scene.rewrite((mappings) => [...mappings, lead]);
    const exported = await scene.axcess("export", "--out", "whole.yaml");
    expect(exported.exit).toBe(0);
    const text = await scene.read("whole.yaml");
    expect(text).toContain("  acme.io:\n    sync: false\n    mappings:\n      - when: { Department: Support }\n");
    expect((await scene.axcess("-f", "whole.yaml", "plan", "--detailed-exitcode")).exit).toBe(0);
  });

  test("a run is undone: what was made goes, what was switched on is switched off, what was deleted comes back", async () => {
    const scene = await openScene();
    const before = conditions(await scene.provider());
    scene.write(
      "access.yaml",
      `${HEAD}${ENGINEERS.replace("sync: false", "sync: true").replace("Engineering", "Research")}absent: ["saml-mapping:acme.io/Department=Engineering"]\n`,
    );
    expect((await scene.approveAll()).exit).toBe(0);
    expect(conditions(await scene.provider())).toEqual(["Department=Support", "Department=Research"]);
    await scene.axcess("undo", "--out", "u.json");
    await scene.axcess("approve", "u.json", "--all", "--reason", "back");
    expect((await scene.axcess("apply", "u.json")).exit).toBe(0);
    const after = await scene.provider();
    expect([after.syncUserRoles, conditions(after)]).toEqual([false, before]);
  });

  test("what a file manages is told and never written", async () => {
    const scene = await openScene();
    scene.account.sandbox.setSwitches({ samlManagedByFile: true });
    scene.write("access.yaml", HEAD + ENGINEERS.replace("Engineering", "Research"));
    const planned = await scene.axcess("plan", "--detailed-exitcode");
    expect(planned.exit).toBe(0);
    expect(planned.stdout + planned.stderr).toContain("AX315");
    expect((await scene.axcess("apply", "--auto-approve")).exit).toBe(0);
    expect(conditions(await scene.provider())).toEqual(["Department=Support", "Department=Engineering"]);
  });
});
