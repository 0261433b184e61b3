import { expect, test } from "vitest";
import type { LoggedRequest } from "../../src/sandbox/request-log.ts";
import { makeWorkplace, type Workplace } from "../support/run-axcess.ts";
import { startTestAccount, type TestAccount } from "../support/sandbox-account.ts";

// How often an apply asks beyond the changes it makes is a contract, as of a plan. No time is measured here.

test("bindings take a call each and nothing more: what is beside is as much, however many they are", async () => {
  const [few, many] = [await bind(5), await bind(40)];
  expect([few, many].map((calls) => calls["POST /v2/role-bindings"])).toEqual([5, 40]);
  expect({ ...many, "POST /v2/role-bindings": 5 }).toEqual(few);
  // The account is read for the plan and again afterwards; what else people may do, where something is given; and nothing in between.
  expect(few).toEqual({
    "GET /v2/organizations": 2,
    "GET /v2/projects": 2,
    "GET /v2/resource-restrictions": 1,
    "GET /v2/role-bindings": 3,
    "GET /v2/roles": 2,
    "GET /v2/spaces": 2,
    "GET /v2/users": 4,
    "POST /graphql": 4,
    "POST /v2/role-bindings": 5,
  });
});

test("people and what they hold in a space are looked for together", async () => {
  const people = 60;
  const { account, place, apply } = await openPlace();
  const emails = Array.from({ length: people }, (_, index) => `p${index}@acme.example`);
  const members = emails.map((email) => `${email}: member`).join(", ");
  const named = emails.map((email) => `${email}: { name: P, role: member }`).join(", ");
  place.write(
    "access.yaml",
    `version: 1\npeople: { ${named} }\norganizations: { Acme: { members: { ${members} }, spaces: { alpha: { members: { ${members} } } } } }\n`,
  );
  const calls = await apply();
  await account.close();
  expect(calls["POST /v2/users"]).toBe(people);
  // One page at a time, and again only where an answer is too old to be shared.
  expect(calls["GET /v2/users"]).toBeLessThan(people / 2);
  expect(calls["GET /v2/role-bindings"]).toBeLessThan(people / 2);
  expect(calls["POST /graphql"]).toBeLessThan(people / 2);
});

/** The calls of an apply that gives so many people a role on a project. */
async function bind(people: number): Promise<Readonly<Record<string, number>>> {
  const { account, place, apply } = await openPlace();
  const organization = await account.organization("Acme");
  const space = await account.space(organization, "alpha");
  await account.project(space, "chatbot");
  const names = Array.from({ length: people }, (_, index) => `p${index}`);
  const emails: string[] = [];
  for (const name of names) {
    const person = await account.person(name);
    await account.joinOrganization(organization, person, "MEMBER");
    await account.joinSpace(space, person, "MEMBER");
    emails.push(`${name}@example.com`);
  }
  const bindings = emails.map((email) => `${email}: Project Viewer`).join(", ");
  const projects = `{ chatbot: { bindings: { ${bindings} } } }`;
  place.write("access.yaml", `version: 1\norganizations: { Acme: { spaces: { alpha: { projects: ${projects} } } } }\n`);
  const calls = await apply();
  await account.close();
  return calls;
}

interface Place {
  readonly account: TestAccount;
  readonly place: Workplace;
  readonly apply: () => Promise<Readonly<Record<string, number>>>;
}

async function openPlace(): Promise<Place> {
  const account = await startTestAccount({ switches: { graphqlQueriesPerMinute: undefined } });
  const { url, adminKey, log } = account.sandbox;
  const place = makeWorkplace();
  const apply = async (): Promise<Readonly<Record<string, number>>> => {
    const before = log.length;
    const env = { ARIZE_API_KEY: adminKey, ARIZE_BASE_URL: url, ARIZE_APP_URL: url };
    const { exit, stderr } = await place.run(["apply", "--auto-approve", "--quiet"], { env });
    expect([exit, stderr]).toEqual([0, ""]);
    return countCalls(log.slice(before));
  };
  return { account, place, apply };
}

function countCalls(calls: readonly LoggedRequest[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { method, path } of calls) counts[`${method} ${path}`] = (counts[`${method} ${path}`] ?? 0) + 1;
  return counts;
}
