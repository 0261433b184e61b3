import { describe, expect, onTestFinished, test } from "vitest";
import type { SandboxSwitches } from "../../../src/sandbox/start-sandbox.ts";
import { makeWorkplace, type Ran, type Workplace } from "../../support/run-axcess.ts";
import { startTestAccount, type TestAccount } from "../../support/sandbox-account.ts";

// One key plans, another one applies; and what doctor and apply know beforehand of what a key may do.

const ADDED = `version: 1
organizations:
  Acme:
    members: { reader@example.com: read-only, eve@example.com: member }
    spaces:
      prod:
        members: { eve@example.com: member }
        projects: { web: { bindings: { eve@example.com: Project Viewer } } }
`;

const EVERYTHING = `version: 1
people:
  new@example.com: { name: New, role: member, invite: none }
  eve@example.com: { name: eve, role: member }
roles: { Maker: { permissions: [DATASET_CREATE] } }
organizations:
  Acme:
    members: { eve@example.com: member }
    spaces:
      prod:
        members: { eve@example.com: member }
        projects: { web: { restricted: true, bindings: { eve@example.com: Project Viewer } } }
        service_keys: { ci: { role: member, expires: "2099-01-01", secret: { to: file, path: secrets/ci } } }
`;

interface Scene extends Workplace {
  readonly account: TestAccount;
  readonly organization: string;
  readonly space: string;
  /** Makes a person with these roles, and a key that acts as them. */
  readonly keyOf: (name: string, organizationRole: string, spaceRole?: string) => Promise<string>;
  readonly as: (key: string, ...words: readonly string[]) => Promise<Ran>;
  /** Requests that would change something, since the last call. */
  readonly writes: () => readonly string[];
}

async function openScene(manifest: string, switches: Partial<SandboxSwitches> = {}): Promise<Scene> {
  const account = await startTestAccount({ switches: { graphqlQueriesPerMinute: undefined, ...switches } });
  onTestFinished(account.close);
  const organization = await account.organization("Acme");
  const space = await account.space(organization, "prod");
  await account.project(space, "web");
  await account.person("eve");
  const place = makeWorkplace();
  place.write("access.yaml", manifest);
  let seen = 0;
  return {
    ...place,
    account,
    organization,
    space,
    keyOf: async (name, organizationRole, spaceRole) => {
      const id = await account.person(name);
      await account.joinOrganization(organization, id, organizationRole);
      if (spaceRole !== undefined) await account.joinSpace(space, id, spaceRole);
      seen = account.sandbox.log.length;
      return account.keyOf(id);
    },
    as: (key, ...words) => place.run(words, { env: { ARIZE_API_KEY: key, ARIZE_BASE_URL: account.sandbox.url } }),
    writes: () => {
      const since = account.sandbox.log.slice(seen);
      seen = account.sandbox.log.length;
      return since
        .filter(
          ({ method, path, operation }) =>
            !(method === "GET" || (path === "/graphql" && !/^Edit/u.test(operation ?? ""))),
        )
        .map(({ method, path }) => `${method} ${path}`);
    },
  };
}

/** What doctor says of each right. */
function rightsIn({ stdout }: Ran): Readonly<Record<string, string>> {
  const { checks } = JSON.parse(stdout);
  const rights = checks.filter(({ name }: { name: string }) => /^(plan|apply), /u.test(name));
  return Object.fromEntries(rights.map(({ name, detail }: { name: string; detail: string }) => [name, detail]));
}

const ALL = "has the right to make, change, remove";
const NONE = "lacks the right to make, change, remove";
const UNKNOWN = "cannot be told whether it has the right to make, change, remove";

describe("a key that only reads", () => {
  test("plans without a write, and another key applies that very plan", async () => {
    const scene = await openScene(ADDED);
    const reader = await scene.keyOf("reader", "READ_ONLY");
    const planned = await scene.as(reader, "plan", "--out", "plan.json");
    expect(planned.exit, planned.stderr).toBe(0);
    expect(planned.stdout).toContain("+ create org-member:Acme/eve@example.com");
    expect(planned.stderr + planned.stdout).toContain("AX301");
    expect((await scene.as(reader, "doctor")).exit).toBe(0);
    // What it cannot see as a whole, it says.
    expect((await scene.as(reader, "drift")).exit).toBe(6);
    expect(scene.writes()).toEqual([]);
    const applied = await scene.as(scene.account.sandbox.adminKey, "apply", "plan.json");
    expect(applied.exit, applied.stdout + applied.stderr).toBe(0);
    expect(applied.stdout).toContain("The account now matches the manifest.");
  });

  test("sees no removal: the key that applies does, and the plan no longer fits", async () => {
    const scene = await openScene(
      "version: 1\norganizations: { Acme: { manage: { members: authoritative }, members: {} } }\n",
    );
    const eve = (await scene.account.rest("GET", "/v2/users?email=eve@example.com")).body.users[0].id;
    await scene.account.joinOrganization(scene.organization, eve, "MEMBER");
    const reader = await scene.keyOf("reader", "READ_ONLY");
    const planned = await scene.as(reader, "plan", "--out", "plan.json");
    expect(planned.stdout).not.toContain("- delete");
    expect(planned.exit).toBe(6);
    const refused = await scene.as(scene.account.sandbox.adminKey, "apply", "plan.json");
    expect(refused.exit, refused.stdout + refused.stderr).toBe(4);
  });

  test("is refused by apply before the first change, with what it lacks", async () => {
    const scene = await openScene(ADDED);
    const reader = await scene.keyOf("reader", "READ_ONLY");
    await scene.as(reader, "plan", "--out", "plan.json");
    for (const words of [["plan.json"], ["--auto-approve"]]) {
      const refused = await scene.as(reader, "apply", ...words);
      expect(refused.exit).toBe(1);
      expect(refused.stderr).toContain("AX420");
      expect(refused.stderr).toContain("lacks the right to 2 of 3 changes");
      expect(refused.stderr).toContain("create org-member:Acme/eve@example.com");
      expect(refused.stderr).toContain("Nothing of the plan was done.");
    }
    expect(scene.writes()).toEqual([]);
    expect((await scene.as(scene.account.sandbox.adminKey, "apply", "plan.json")).exit).toBe(0);
  });

  test("whose rights cannot be read is let try, and the platform has the last word", async () => {
    const scene = await openScene(ADDED, { graphqlEnabled: false });
    const reader = await scene.keyOf("reader", "READ_ONLY");
    const tried = await scene.as(reader, "apply", "--auto-approve");
    expect(tried.stderr).not.toContain("AX420");
    expect(tried.stdout).toContain("403");
  });
});

describe("a delegated key", () => {
  test("of an organization's admin applies what is in the organization", async () => {
    const scene = await openScene(ADDED.replace("reader@example.com: read-only, ", ""));
    const boss = await scene.keyOf("boss", "ADMIN");
    const applied = await scene.as(boss, "apply", "--auto-approve");
    expect(applied.stderr).not.toContain("AX420");
    expect(applied.stdout).toContain("Apply: 3 done.");
  });
});

describe("doctor", () => {
  test("tells an account admin's key that nothing is lacking, and writes nothing", async () => {
    const scene = await openScene(EVERYTHING);
    const { adminKey } = scene.account.sandbox;
    scene.writes();
    const doctor = await scene.as(adminKey, "doctor", "--json");
    expect(doctor.exit).toBe(0);
    expect(rightsIn(doctor)).toEqual({
      "plan, whole lists": "has the right: an account admin's key; without it no removal is planned",
      "plan, members": "has the right: GraphQL; without it no member is removed",
      "apply, custom role": ALL,
      "apply, organization": ALL,
      "apply, space": ALL,
      "apply, person": ALL,
      "apply, project": ALL,
      "apply, organization member": ALL,
      "apply, space member": ALL,
      "apply, project role binding": ALL,
      "apply, project restriction": ALL,
      "apply, service key": ALL,
    });
    expect(scene.writes()).toEqual([]);
  });

  test("tells members, space admins and organization admins apart", async () => {
    const scene = await openScene(EVERYTHING);
    const member = rightsIn(await scene.as(await scene.keyOf("member", "MEMBER"), "doctor", "--json"));
    expect(member).toMatchObject({
      "plan, whole lists": "lacks the right: an account admin's key; without it no removal is planned",
      "apply, custom role": NONE,
      "apply, organization": NONE,
      "apply, space": "lacks the right to change, remove; has the right to make",
      "apply, person": NONE,
      "apply, organization member": NONE,
      "apply, space member": NONE,
    });
    const keeper = rightsIn(await scene.as(await scene.keyOf("keeper", "MEMBER", "ADMIN"), "doctor", "--json"));
    expect(keeper).toMatchObject({
      "apply, person": NONE,
      "apply, organization member": NONE,
      "apply, space": ALL,
      "apply, space member": ALL,
      "apply, project": ALL,
      "apply, project restriction": ALL,
      "apply, service key": ALL,
    });
    const boss = rightsIn(await scene.as(await scene.keyOf("boss", "ADMIN"), "doctor", "--json"));
    expect(boss).toMatchObject({
      "apply, organization": "lacks the right to make, remove; has the right to change",
      "apply, organization member": ALL,
      "apply, space member": ALL,
    });
    expect(scene.writes().filter((call) => !call.includes("/users"))).toEqual([]);
  });

  test("counts permissions of custom roles, also those of the whole account", async () => {
    const scene = await openScene(EVERYTHING);
    const id = await scene.account.person("holder");
    await scene.account.joinOrganization(scene.organization, id, "MEMBER");
    const permissions = ["USER_CREATE", "USER_UPDATE", "ROLE_BINDING_CREATE", "PROJECT_RESTRICT"];
    await scene.account.bind(await scene.account.role("Holder", permissions), id, "SPACE", scene.space);
    expect(rightsIn(await scene.as(await scene.account.keyOf(id), "doctor", "--json"))).toMatchObject({
      "apply, person": "lacks the right to remove; has the right to make, change",
      "apply, space member": "lacks the right to remove; has the right to make, change",
      "apply, project restriction": ALL,
    });
  });

  test("says of a service key's bot only what is certain", async () => {
    const scene = await openScene(EVERYTHING);
    const made = await scene.account.rest("POST", "/v2/api-keys", {
      key_type: "SERVICE",
      name: "bot",
      organizations: [{ org_id: scene.organization, spaces: [{ space_id: scene.space }] }],
    });
    const rights = rightsIn(await scene.as(made.body.key, "doctor", "--json"));
    expect(rights).toMatchObject({ "apply, person": NONE, "apply, space member": NONE });
    expect(rights["apply, service key"]).toBe(
      "cannot be told whether it has the right to change, remove; has the right to make",
    );
  });

  test("without a manifest speaks of every kind; what cannot be told is said so", async () => {
    const scene = await openScene(EVERYTHING, { graphqlEnabled: false });
    scene.write("access.yaml", "version: 2\n");
    const rights = rightsIn(await scene.as(await scene.keyOf("member", "MEMBER"), "doctor", "--json"));
    expect(Object.keys(rights)).toHaveLength(14);
    expect(rights["apply, custom role"]).toBe(UNKNOWN);
    expect(rights["plan, members"]).toContain("lacks");
  });
});
