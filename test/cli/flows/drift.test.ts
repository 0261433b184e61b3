import { expect, onTestFinished, test } from "vitest";
import { makeWorkplace, type Ran, type Workplace } from "../../support/run-axcess.ts";
import { startTestAccount, type TestAccount } from "../../support/sandbox-account.ts";

const MANIFEST = `version: 1
manage: { members: authoritative }
people: # all of us
  jane@x.io: { name: Jane, role: member }
  carl@x.io: { name: Carl, role: member }
  bob@x.io: { name: Bob, role: member }
roles:
  Reader: { permissions: [PROJECT_READ, "TAG_*"] } # for reviews
organizations:
  A:
    description: "Core" # short
    members:
      jane@x.io: admin
      carl@x.io: { role: member, reason: rota } # until spring
      bob@x.io: { role: member }
    spaces:
      s: { description: One, members: { jane@x.io: admin, carl@x.io: member } }
`;

interface Drifted extends Workplace {
  readonly account: TestAccount;
  readonly drift: (...flags: readonly string[]) => Promise<Ran>;
}

/** An account that axcess brought in line with the manifest. */
async function applied(
  manifest = MANIFEST,
  prepare: (account: TestAccount) => Promise<void> = async () => {},
): Promise<Drifted> {
  const account = await startTestAccount({ now: () => new Date() });
  onTestFinished(account.close);
  await prepare(account);
  const { url: ARIZE_BASE_URL, adminKey: ARIZE_API_KEY } = account.sandbox;
  const env = { ARIZE_API_KEY, ARIZE_BASE_URL, ARIZE_APP_URL: ARIZE_BASE_URL };
  const place = makeWorkplace();
  place.write("access.yaml", manifest);
  const ran = await place.run(["apply", "--auto-approve"], { env });
  expect(ran.stdout).toContain("The account now matches the manifest.");
  return { ...place, account, drift: (...flags) => place.run(["drift", ...flags], { env }) };
}

interface Listed {
  readonly id: string;
  readonly name: string;
}

async function idOf({ account }: Drifted, path: string, name: string): Promise<string> {
  const { body } = await account.rest("GET", `${path}${path.includes("?") ? "&" : "?"}limit=100`);
  const rows: readonly Listed[] = Object.values(body).find(Array.isArray) ?? [];
  return rows.find((row) => row.name === name)?.id ?? "";
}

/** What somebody does by hand in the account. */
async function interfere(place: Drifted): Promise<void> {
  const { account } = place;
  const [carl, role, organization] = await Promise.all([
    idOf(place, "/v2/users", "Carl"),
    idOf(place, "/v2/roles", "Reader"),
    idOf(place, "/v2/organizations", "A"),
  ]);
  const space = await idOf(place, `/v2/spaces?org_id=${encodeURIComponent(organization)}`, "s");
  const answers = [
    await account.rest("PATCH", `/v2/users/${carl}`, { name: "Carl Roe" }),
    await account.rest("PATCH", `/v2/roles/${role}`, {
      permissions: ["PROJECT_READ", "TAG_CREATE", "TAG_READ", "DATASET_READ"],
    }),
    await account.rest("PATCH", `/v2/organizations/${organization}`, { description: "Other" }),
    await account.rest("DELETE", `/v2/spaces/${space}/users/${carl}`),
    await account.joinOrganization(organization, carl, "READ_ONLY"),
  ];
  const eve = await account.person("eve");
  answers.push(await account.joinOrganization(organization, eve, "MEMBER"));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 204, 200, 200]);
}

function linesOf({ stdout }: Ran): readonly string[] {
  return stdout
    .replace(/20\d\d-\d\d-\d\dT[\d:.]+Z/gu, "WHEN")
    .trimEnd()
    .split("\n");
}

test("what somebody else changed is told thing by thing, with who recorded the last change", async () => {
  const place = await applied();
  expect(await place.drift()).toMatchObject({ exit: 0, stdout: "No drift.\n" });
  await interfere(place);
  place.write(
    "access.yaml",
    MANIFEST.replace("bob@x.io: { role: member }", 'bob@x.io: { role: member, expires: "2020-01-01" }').concat(
      "  B: {}\n",
    ),
  );
  const ran = await place.drift();
  expect(ran.exit).toBe(2);
  expect(linesOf(ran)).toEqual([
    "expired  org-member:A/bob@x.io · access.yaml:15:7",
    '    role: "member"',
    "    last recorded change: by admin@sandbox.example at WHEN (add_organization_user)",
    "changed  org-member:A/carl@x.io · access.yaml:14:7",
    '    role: "member" -> "read-only"',
    "    last recorded change: by admin@sandbox.example at WHEN (add_organization_user)",
    "extra    org-member:A/eve@example.com",
    '    role: "member"',
    "    last recorded change: by admin@sandbox.example at WHEN (add_organization_user)",
    "changed  organization:A · access.yaml:10:3",
    '    description: "Core" -> "Other"',
    "    last recorded change: by admin@sandbox.example at WHEN (update_organization)",
    "changed  role:Reader · access.yaml:8:3",
    "    permissions: + DATASET_READ",
    "    permissions: - TAG_DELETE",
    "    permissions: - TAG_UPDATE",
    "    last recorded change: by admin@sandbox.example at WHEN (update_role)",
    "missing  space-member:A/s/carl@x.io · access.yaml:17:59",
    "    last recorded change: by admin@sandbox.example at WHEN (remove_space_user)",
    "changed  user:carl@x.io · access.yaml:5:3",
    '    name: "Carl" -> "Carl Roe"',
    "    last recorded change: by admin@sandbox.example at WHEN (update_user)",
    "Not applied yet: 1, see axcess plan",
    "Drift: 4 changed, 1 missing, 1 extra, 1 expired.",
  ]);
  const { drift, ahead, exit } = JSON.parse((await place.drift("--json")).stdout);
  expect([exit, ahead]).toEqual([2, ["organization:B"]]);
  expect(drift[0]).toMatchObject({
    sort: "expired",
    address: "org-member:A/bob@x.io",
    lastRecorded: { by: "admin@sandbox.example" },
  });
});

test("--write takes the account's side into the manifest, and the next plan has nothing to do", async () => {
  const place = await applied();
  await interfere(place);
  const ran = await place.drift("--write");
  expect(ran.exit, ran.stderr).toBe(0);
  expect(ran.stdout).toContain("removed access.yaml:17  organizations / A / spaces / s / members / carl@x.io\n");
  expect(await place.read("access.yaml")).toBe(`version: 1
manage: { members: authoritative }
people: # all of us
  jane@x.io: { name: Jane, role: member }
  carl@x.io: { name: Carl Roe, role: member }
  bob@x.io: { name: Bob, role: member }
  eve@example.com: {}
roles:
  Reader: { permissions: [PROJECT_READ, DATASET_READ, TAG_CREATE, TAG_READ] } # for reviews
organizations:
  A:
    description: Other # short
    members:
      jane@x.io: admin
      carl@x.io: { role: read-only, reason: rota } # until spring
      bob@x.io: { role: member }
      eve@example.com: member
    spaces:
      s: { description: One, members: { jane@x.io: admin } }
`);
  expect(await place.drift()).toMatchObject({ exit: 0, stdout: "No drift.\n" });
  expect(await place.drift("--write")).toMatchObject({ exit: 0, stdout: "No drift.\n" });
});

const THROUGH_GROUP = `version: 1
groups: { g: [jane@x.io, carl@x.io] }
organizations:
  A:
    members: { group:g: member }
    spaces:
      s: { members: { group:g: member } }
`;

/** People, and places if told so, that are there before axcess comes and that it never writes: what a group gives is all that it wrote. */
async function givenThroughGroup(hasPlaces: boolean): Promise<Drifted> {
  const named = THROUGH_GROUP.replaceAll("@x.io", "@example.com");
  return applied(named, async (account) => {
    await Promise.all(["jane", "carl"].map((name) => account.person(name)));
    if (hasPlaces) await account.space(await account.organization("A"), "s");
  });
}

test("--write tells to offboard somebody who is gone and whom a group still names", async () => {
  const place = await givenThroughGroup(false);
  const carl = await idOf(place, "/v2/users", "carl");
  expect((await place.account.rest("DELETE", `/v2/users/${carl}`)).status).toBe(204);
  const ran = await place.drift("--write");
  expect([ran.exit, ran.stdout]).toEqual([1, expect.stringContaining("Nothing was written.\n")]);
  expect(ran.stderr).toContain("carl@example.com is not in the account any more, and a group still names them.");
  expect(ran.stderr).toContain("axcess offboard carl@example.com");
  expect(ran.stderr).not.toContain("by hand");
});

test("--write tells to take a place out that is gone and in which a group still gives something", async () => {
  const place = await givenThroughGroup(true);
  const organization = await idOf(place, "/v2/organizations", "A");
  const space = await idOf(place, `/v2/spaces?org_id=${encodeURIComponent(organization)}`, "s");
  expect((await place.account.rest("DELETE", `/v2/spaces/${space}`)).status).toBe(204);
  const ran = await place.drift("--write");
  expect([ran.exit, ran.stdout]).toEqual([1, expect.stringContaining("Nothing was written.\n")]);
  expect(ran.stderr).toContain("space:A/s is not there any more, and a group still gives something in it.");
  expect(ran.stderr).toContain("Take the block of space:A/s out of the manifest");
});

test("--write takes a place out that axcess made and that is gone, with what a group gives there", async () => {
  const place = await givenThroughGroup(false);
  const organization = await idOf(place, "/v2/organizations", "A");
  const space = await idOf(place, `/v2/spaces?org_id=${encodeURIComponent(organization)}`, "s");
  expect((await place.account.rest("DELETE", `/v2/spaces/${space}`)).status).toBe(204);
  expect((await place.drift("--write")).exit).toBe(0);
  expect(await place.read("access.yaml")).toContain("    spaces: {}\n");
});

test("--write is all or nothing: what cannot be said is refused with everything else", async () => {
  const grouped = MANIFEST.replace("people:", "groups: { g: [carl@x.io] }\npeople:").replace(
    "carl@x.io: member } }",
    "group:g: member } }",
  );
  const place = await applied(grouped);
  await interfere(place);
  const organization = await idOf(place, "/v2/organizations", "A");
  const space = await idOf(place, `/v2/spaces?org_id=${encodeURIComponent(organization)}`, "s");
  const ran = await place.drift("--write");
  expect([ran.exit, ran.stdout]).toEqual([1, expect.stringContaining("Nothing was written.\n")]);
  expect(ran.stderr).toContain("error AX348");
  expect(ran.stderr).toContain("take the person out of the group by hand");
  expect(await place.read("access.yaml")).toBe(grouped);
  await place.account.rest("PATCH", `/v2/spaces/${space}`, { name: "t" });
  const moved = await place.drift("--write");
  expect(moved.stdout).toContain("    it is there under another name: space:A/t\n");
  expect(moved.stderr).toContain("space:A/s: it is there as space:A/t: rename it here, with previously.");
  expect(await place.read("access.yaml")).toBe(grouped);
});

test("assertions are held against the account as it is; who did it is not always known", async () => {
  const asserting = `${MANIFEST}assertions: [{ who: "*@example.com", on: "space:A/**", never: DATASET_READ }]\n`;
  const place = await applied(asserting);
  place.account.sandbox.setFaults([
    { method: "GET", path: "/v2/audit-logs", times: 9, effect: { kind: "status", status: 403 } },
  ]);
  await interfere(place);
  const ran = await place.drift();
  expect(ran.exit).toBe(3);
  expect(ran.stdout).toContain("Who did it is not known, since the audit log cannot be read: ");
  expect(ran.stdout).toContain(
    "Assertions that do not hold on the account\n  fails None of *@example.com has DATASET_READ",
  );
  expect(ran.stdout).not.toContain("last recorded change");
  expect((await place.drift("--write")).exit).toBe(3);
});

test("who did it is told by e-mail, also where the manifest speaks of nobody", async () => {
  const place = await applied("version: 1\norganizations: { A: { description: Core } }\n");
  const ann = await place.account.person("ann", "ADMIN");
  const organization = await idOf(place, "/v2/organizations", "A");
  const path = `/v2/organizations/${organization}`;
  await place.account.rest("PATCH", path, { description: "Other" }, await place.account.keyOf(ann));
  expect((await place.drift()).stdout).toContain("last recorded change: by ann@example.com at ");
});

test("6: what could not be read may have drifted unseen", async () => {
  const place = await applied();
  place.account.sandbox.setFaults([
    { method: "POST", path: "/graphql", times: 100, effect: { kind: "status", status: 403 } },
  ]);
  const ran = await place.drift();
  expect([ran.exit, ran.stdout]).toEqual([6, "No drift.\n"]);
  expect(ran.stderr).toContain("Not read whole, so that more may be wrong than is seen: ");
});

test("a ledger that tells of nothing is told of: what it does not know cannot have drifted", async () => {
  const place = makeWorkplace();
  place.write("access.yaml", "version: 1\norganizations: { A: {} }\n");
  await place.run(["apply", "--sandbox", "--auto-approve"]);
  const known = await place.run(["drift", "--sandbox"]);
  expect(known.stderr).not.toContain("nothing can be told");
  const lost = await place.run(["drift", "--sandbox", "--ledger", "typo.jsonl"]);
  expect(lost.stderr).toContain("nothing can be told as changed or missing");
});
