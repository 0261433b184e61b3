import { expect, test } from "vitest";
import type { LoggedRequest } from "../../src/sandbox/request-log.ts";
import type { SandboxSwitches } from "../../src/sandbox/start-sandbox.ts";
import { makeWorkplace, type Workplace } from "../support/run-axcess.ts";
import { startTestAccount, type TestAccount } from "../support/sandbox-account.ts";

// How often an apply asks beyond the changes it makes is a contract, as of a plan. No time is measured here.

test("bindings take a call each and nothing more: what is beside is as much, however many they are", async () => {
  const [few, many] = [await bind(5), await bind(40)];
  expect([few, many].map((calls) => calls["POST /v2/role-bindings"])).toEqual([5, 40]);
  expect({ ...many, "POST /v2/role-bindings": 5 }).toEqual(few);
  // The account is read for the plan, with what else people may do, where something is given; afterwards the list of what was
  // made; and nothing in between.
  expect(few).toEqual({
    "GET /v2/organizations": 1,
    "GET /v2/projects": 1,
    "GET /v2/resource-restrictions": 1,
    "GET /v2/role-bindings": 3,
    "GET /v2/roles": 1,
    "GET /v2/spaces": 1,
    "GET /v2/users": 2,
    "POST /graphql": 3,
    "POST /v2/role-bindings": 5,
  });
});

test("afterwards a run reads what it touched, however much there is beside", async () => {
  for (const spaces of [2, 30]) expect(await letIn(spaces)).toEqual({ "GET /v2/role-bindings": 1, "POST /graphql": 1 });
});

test("afterwards the longest lists are asked for first, in places that were made as well", async () => {
  const { account, place, apply } = await openPlace();
  await account.person("ana");
  const bindings = "projects: { chatbot: { bindings: { ana@example.com: Project Viewer } } }";
  const people = "members: { ana@example.com: member }";
  place.write(
    "access.yaml",
    `version: 1\norganizations: { New: { ${people}, spaces: { beta: { ${people}, ${bindings} } } } }\n`,
  );
  await apply();
  await account.close();
  const { log } = account.sandbox;
  const last = log.findLastIndex(({ method, path }) => method === "POST" && path !== "/graphql");
  const paths = log.slice(last + 1).map(({ path }) => path);
  expect(paths.indexOf("/v2/role-bindings")).toBeLessThan(paths.indexOf("/v2/projects"));
  expect(new Set(paths.slice(0, 2))).toEqual(new Set(["/v2/role-bindings"]));
});

test("where something was in doubt before, or the caller's own roles changed, everything is read again", async () => {
  const others = "Acme: { members: { ana@example.com: member } }";
  const own = "Acme: { members: { admin@sandbox.example: member } }";
  const keys = "Acme: { members: { ana@example.com: member }, spaces: { alpha: { service_keys: {} } } }";
  const calls = [
    await make(others),
    await make(own),
    await make(keys),
    await make("New: { members: { ana@example.com: member } }", { graphqlEnabled: false }),
  ];
  // The list of people, and the caller's own row, which nobody looks for where nobody knows who is calling.
  expect(calls.map((counts) => counts["GET /v2/users"])).toEqual([2, 4, 4, 2]);
});

test("for a caller who is no account admin everything is read again", async () => {
  const { account, place, apply } = await openPlace();
  const organization = await account.organization("Acme");
  const [ops, ana] = [await account.person("ops"), await account.person("ana")];
  await account.joinOrganization(organization, ops, "ADMIN");
  await account.joinOrganization(organization, ana, "MEMBER");
  await account.space(organization, "alpha");
  place.write(
    "access.yaml",
    "version: 1\norganizations: { Acme: { spaces: { alpha: { members: { ana@example.com: member } } } } }\n",
  );
  const calls = await apply(await account.keyOf(ops));
  await account.close();
  expect(calls["GET /v2/organizations"]).toBe(2);
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

/** The calls after the last change of an apply that lets one person into one of so many spaces. */
async function letIn(spaces: number): Promise<Readonly<Record<string, number>>> {
  const { account, place, apply } = await openPlace();
  const organization = await account.organization("Acme");
  await account.joinOrganization(organization, await account.person("ana"), "MEMBER");
  const names = Array.from({ length: spaces }, (_, index) => `s${index}`);
  for (const name of names) await account.space(organization, name);
  const managed = names.map((name) => `${name}: { members: ${name === "s1" ? "{ ana@example.com: member }" : "{}"} }`);
  place.write(
    "access.yaml",
    `version: 1\nmanage: { members: authoritative }\norganizations: { Acme: { spaces: { ${managed.join(", ")} } } }\n`,
  );
  await apply();
  await account.close();
  const { log } = account.sandbox;
  const last = log.findLastIndex(({ method, path }) => method === "POST" && path !== "/graphql");
  return countCalls(log.slice(last + 1));
}

interface Place {
  readonly account: TestAccount;
  readonly place: Workplace;
  /** By the key of an account admin, where no other is given. */
  readonly apply: (key?: string) => Promise<Readonly<Record<string, number>>>;
}

/** The calls of an apply of organizations, to an account with a person Ana and two service keys of one name. */
async function make(
  organizations: string,
  switches: Partial<SandboxSwitches> = {},
): Promise<Readonly<Record<string, number>>> {
  const { account, place, apply } = await openPlace(switches);
  await account.person("ana");
  const organization = await account.organization("Acme");
  const space = await account.space(organization, "alpha");
  // Which of the two is meant nobody knows.
  for (let count = 0; count < 2; count += 1) await account.serviceKey("ci", organization, space);
  place.write("access.yaml", `version: 1\norganizations: { ${organizations} }\n`);
  const calls = await apply();
  await account.close();
  return calls;
}

async function openPlace(switches: Partial<SandboxSwitches> = {}): Promise<Place> {
  const account = await startTestAccount({ switches: { graphqlQueriesPerMinute: undefined, ...switches } });
  const { url, adminKey, log } = account.sandbox;
  const place = makeWorkplace();
  const apply = async (key = adminKey): Promise<Readonly<Record<string, number>>> => {
    const before = log.length;
    const env = { ARIZE_API_KEY: key, ARIZE_BASE_URL: url, ARIZE_APP_URL: url };
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
