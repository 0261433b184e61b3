import { describe, expect, onTestFinished, test } from "vitest";
import { makeWorkplace, type Ran, type Workplace } from "../../support/run-axcess.ts";
import { startTestAccount, type TestAccount } from "../../support/sandbox-account.ts";

const MANIFEST = `version: 1
policy: { reinvite: on-expiry }
people:
  jane@x.io: { name: Jane, role: member }
  carl+ops@x.io: { name: Carl, role: member }
organizations:
  A: { members: { jane@x.io: admin, Carl+Ops@X.io: admin } }
`;

interface Account {
  readonly place: Workplace;
  readonly account: TestAccount;
  readonly run: (argv: readonly string[], typed?: readonly string[]) => Promise<Ran>;
}

async function applied(): Promise<Account> {
  const account = await startTestAccount({ now: () => new Date() });
  onTestFinished(account.close);
  const { url: ARIZE_BASE_URL, adminKey: ARIZE_API_KEY } = account.sandbox;
  const env = { ARIZE_API_KEY, ARIZE_BASE_URL, ARIZE_APP_URL: ARIZE_BASE_URL, EMAIL: "vera@x.io" };
  const place = makeWorkplace();
  place.write("access.yaml", MANIFEST);
  const run: Account["run"] = (argv, typed) => place.run(argv, { env, ...(typed && { typed }) });
  expect((await run(["apply", "--auto-approve"])).stdout).toContain("The account now matches the manifest.");
  return { place, account, run };
}

async function statusOf({ account }: Account, email: string): Promise<string | undefined> {
  const { body } = await account.rest("GET", "/v2/users?limit=100");
  const users: readonly { readonly email: string; readonly status: string }[] = body.users;
  return users.find((each) => each.email === email)?.status;
}

test("on a terminal a person is deleted only by whoever types the e-mail; all else that was agreed to is done", async () => {
  const account = await applied();
  const { place, run } = account;
  expect((await run(["offboard", "carl+ops@x.io"])).exit).toBe(0);
  place.write("access.yaml", (await place.read("access.yaml")).replace("A: {", "B: {}\n  A: {"));
  const refused = await run(["apply"], ["approve all", "left", "jane@x.io", "yes"]);
  expect(refused.stderr).toContain("carl+ops@x.io is deleted for good and can never be invited again.");
  expect(refused.exit).toBe(3);
  expect(await statusOf(account, "carl+ops@x.io")).toBe("INVITED");
  const gone = await run(["apply"], ["approve all", "left", "CARL+ops@x.io", "yes"]);
  expect([gone.exit, gone.stdout]).toEqual([0, expect.stringContaining("The account now matches the manifest.")]);
  expect(gone.stdout).toContain("Service keys they made for machines stay alive");
  expect(await statusOf(account, "carl+ops@x.io")).toBeUndefined();
});

test("an approval that is given on a terminal asks for it as well; without one it is given as ever", async () => {
  const { place, run } = await applied();
  await run(["offboard", "carl+ops@x.io"]);
  await run(["plan", "--out", "plan.json"]);
  const approve = ["approve", "plan.json", "--all", "--reason", "left", "--output", "a.yaml"];
  const refused = await run(approve, [""]);
  expect([refused.exit, refused.stdout]).toEqual([1, "Not approved. Nothing was written.\n"]);
  await expect(place.read("a.yaml")).rejects.toThrow();
  expect((await run(approve, ["carl+ops@x.io"])).exit).toBe(0);
  expect((await run(approve)).exit).toBe(0);
});

test("an expired invitation is a state, and is renewed only where the policy says so", async () => {
  const account = await applied();
  const { body } = await account.account.rest("GET", "/v2/users?limit=100");
  const users: readonly { readonly id: string; readonly email: string }[] = body.users;
  const carl = users.find(({ email }) => email === "carl+ops@x.io")?.id;
  await account.account.rest("PATCH", `/_sandbox/users/${carl}`, { status: "EXPIRED" });
  account.place.write("never.yaml", MANIFEST.replace("on-expiry", "never"));
  expect((await account.run(["plan", "--file", "never.yaml"])).stdout).toContain("No changes.");
  expect((await account.run(["drift"])).stdout).toBe("Not applied yet: 1, see axcess plan\nNo drift.\n");
  const { plan } = JSON.parse((await account.run(["plan", "--json"])).stdout);
  expect(plan.steps).toMatchObject([
    {
      op: "update",
      address: "user:carl+ops@x.io",
      gate: { state: "open" },
      hazards: [],
      fields: [{ field: "invitation", from: "expired", to: null }],
    },
  ]);
  expect((await account.run(["apply", "--auto-approve"])).stdout).toContain("The account now matches the manifest.");
  expect(await statusOf(account, "carl+ops@x.io")).toBe("INVITED");
});

describe("what a leaver made", () => {
  const LEAVING = `version: 1
policy: { min_admins: 1 }
offboard: [carl@example.com]
organizations:
  A:
    spaces:
      s:
        service_keys:
          kept: { role: read-only, expires: 2099-01-01, secret: { to: file, path: kept.secret } }
`;

  interface Left extends Account {
    readonly organization: string;
    readonly space: string;
    readonly carl: string;
    readonly carlsKey: string;
  }

  /** Somebody who administers the organization and made keys: of their own, and for machines in two spaces. */
  async function left(role = "ADMIN"): Promise<Left> {
    const account = await startTestAccount();
    onTestFinished(account.close);
    const { url: ARIZE_BASE_URL, adminKey: ARIZE_API_KEY } = account.sandbox;
    const env = { ARIZE_API_KEY, ARIZE_BASE_URL, ARIZE_APP_URL: ARIZE_BASE_URL, EMAIL: "vera@x.io" };
    const place = makeWorkplace();
    const run: Account["run"] = (argv, typed) => place.run(argv, { env, ...(typed && { typed }) });
    const organization = await account.organization("A");
    const space = await account.space(organization, "s");
    const carl = await account.person("carl", role);
    await account.joinOrganization(organization, carl, "ADMIN");
    const carlsKey = await account.keyOf(carl);
    place.write("access.yaml", LEAVING);
    return { account, place, run, organization, space, carl, carlsKey };
  }

  async function makeKey({ account, organization, carlsKey }: Left, name: string, spaces: readonly string[]) {
    const organizations = [{ org_id: organization, spaces: spaces.map((space_id) => ({ space_id })) }];
    const made = await account.rest("POST", "/v2/api-keys", { key_type: "SERVICE", name, organizations }, carlsKey);
    expect(made.status).toBe(201);
    return made.body.redacted_key as string;
  }

  const notesOf = async ({ run }: Account): Promise<readonly string[]> => {
    const ran = await run(["plan", "--json"]);
    const { plan } = JSON.parse(ran.stdout);
    return plan.steps.find(({ address }: { address: string }) => address === "user:carl@example.com").notes;
  };

  test("is told by name, with space, use, whose it is and what becomes of it", async () => {
    const scene = await left();
    const other = await scene.account.space(scene.organization, "t");
    const redacted = {
      kept: await makeKey(scene, "kept", [scene.space]),
      loose: await makeKey(scene, "loo\u202ese", [scene.space, other]),
      first: await makeKey(scene, "twin", [other]),
      second: await makeKey(scene, "twin", [other]),
    };
    await scene.account.serviceKey("not-his", scene.organization, scene.space);
    const { stdout } = await scene.run(["plan"]);
    const told = await notesOf(scene);
    expect(told.slice(1)).toEqual([
      `Service key "kept", ${redacted.kept}, no use is told, in space:A/s: the manifest manages it, and the platform keeps it; \`axcess keys rotate\` gives it a new secret.`,
      `Service key "loo\u202ese", ${redacted.loose}, no use is told, in space:A/s, space:A/t: the manifest does not manage it, and the platform keeps it with its bot.`,
      `Service key "twin", ${redacted.first}, no use is told, in space:A/t: the manifest does not manage it, and the platform keeps it with its bot.`,
      `Service key "twin", ${redacted.second}, no use is told, in space:A/t: the manifest does not manage it, and the platform keeps it with its bot.`,
      expect.stringMatching(
        /^Own key "key of carl@example\.com", ak-\S+, last used at 2026-\S+: the platform disables it with the person\.$/u,
      ),
      "The person's admin right hides whether they were added to organization:A, space:A/s, space:A/t themselves. Nobody else is an active admin by an entry there: it may be left to those who administer what is above.",
    ]);
    expect(stdout).not.toContain("\u202e");
    expect(stdout).toContain('note: Service key "loo');
    expect(stdout).toContain(redacted.second);
  });

  test("is told as not known where it cannot be listed", async () => {
    const scene = await left();
    scene.account.sandbox.setFaults([
      { operation: "list_api_keys", times: 100, effect: { kind: "status", status: 403 } },
    ]);
    const told = await notesOf(scene);
    expect(told.slice(1, -1)).toEqual([
      "No service key is known to be of their making.",
      "The person may have made other service keys: service-key@space:A/s could not be read whole.",
      expect.stringMatching(/^Which keys the person made for themselves is not known: .+/u),
    ]);
  });

  test("may be used again without a word about approvals", async () => {
    const scene = await left();
    await makeKey(scene, "loose", [scene.space]);
    const before = await notesOf(scene);
    await scene.run(["plan", "--out", "plan.json"]);
    await scene.run(["approve", "plan.json", "--all", "--reason", "left", "--output", "a.yaml"]);
    scene.account.advance(60_000);
    expect((await scene.account.rest("GET", "/v2/organizations", undefined, scene.carlsKey)).status).toBe(200);
    expect(await notesOf(scene)).not.toEqual(before);
    const ran = await scene.run(["apply", "plan.json", "--approvals", "a.yaml"]);
    expect([ran.exit, ran.stdout]).toEqual([0, expect.stringContaining("delete user:carl@example.com")]);
    expect(await statusOf(scene, "carl@example.com")).toBeUndefined();
    const { api_keys } = (await scene.account.rest("GET", `/v2/api-keys?space_id=${scene.space}`)).body;
    expect(api_keys.map(({ name }: { name: string }) => name)).toContain("loose");
  });

  test("and a space that they alone administered is told, and blocks the deletion", async () => {
    const scene = await left("MEMBER");
    const dana = await scene.account.person("dana");
    await scene.account.joinOrganization(scene.organization, dana, "ADMIN");
    await scene.account.joinOrganization(scene.organization, scene.carl, "MEMBER");
    expect((await scene.account.joinSpace(scene.space, scene.carl, "ADMIN")).status).toBe(200);
    const { stdout } = await scene.run(["plan"]);
    expect(stdout).toContain("last-admin: space:A/s would be left with no active admins; the policy asks for 1.");
    expect(stdout).toMatch(/- delete user:carl@example\.com {2}blocked/u);
    const { plan } = JSON.parse((await scene.run(["plan", "--json", "--min-admins", "0"])).stdout);
    const step = plan.steps.find(({ address }: { address: string }) => address === "user:carl@example.com");
    expect(step.gate.state).toBe("held");
    expect(step.cascade).toEqual(["org-member:A/carl@example.com", "space-member:A/s/carl@example.com"]);
  });
});
