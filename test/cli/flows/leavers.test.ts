import { expect, onTestFinished, test } from "vitest";
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
