import { describe, expect, test } from "vitest";
import type { LoggedRequest } from "../../src/sandbox/request-log.ts";
import { readBench, type Sizes } from "../support/bench-account.ts";
import { makeWorkplace } from "../support/run-axcess.ts";
import { startTestAccount, type TestAccount } from "../support/sandbox-account.ts";

// How often a plan asks is a contract: reading is bound by calls, and so are the limits of the platform. No time is measured here.

/** Rows of a page, of REST and of a member list. */
const PAGE = 100;
/** Points that the platform lets a query cost. */
const POINTS = 1000;
/** What a list costs in a query besides its entries, what its size costs, and each entry of it that is asked for. */
const COST = { page: 10, size: 6, space: 8, organization: 6 };
/** So many short lists may fit into one query, whose room they share. */
const HANDFUL = 6;
/** What is left of a list of which only a part fitted into a query comes in a round of its own, for spaces and for organizations. */
const ROUNDS = 2;

const ACCOUNTS: Readonly<Record<string, Sizes>> = {
  "of few": size({ people: 20, organizations: 1, spaces: 4, projects: 4, grants: 30, bindings: 8, restrictions: 1 }),
  "with lists of exactly one page and of one more": size({
    people: 99,
    organizations: 3,
    spaces: 5,
    projects: 101,
    grants: 230,
    bindings: 100,
    restrictions: 2,
  }),
  "with several pages of everything": size({
    people: 120,
    organizations: 2,
    spaces: 202,
    projects: 205,
    grants: 510,
    bindings: 105,
    restrictions: 66,
    roles: 95,
  }),
  "with large spaces": size({
    people: 140,
    organizations: 2,
    spaces: 4,
    projects: 5,
    grants: 500,
    bindings: 101,
    restrictions: 2,
  }),
};

function size(sizes: Partial<Sizes>): Sizes {
  return {
    people: 0,
    organizations: 0,
    spaces: 0,
    projects: 0,
    grants: 0,
    bindings: 0,
    restrictions: 0,
    roles: 6,
    ...sizes,
  };
}

describe.each(Object.entries(ACCOUNTS))("a plan of an account %s", (_, sizes) => {
  test("asks for each page of each list once and fills its queries, and for one person asks for no more", async () => {
    const { account, facts, predefinedRoles, plan, adopt } = await openGenerated(sizes);
    try {
      const whole = await plan();
      const { "POST /graphql": _queries, ...lists } = countCalls(whole);
      expect(lists).toEqual(boundLists(sizes, { facts, predefinedRoles }));
      const { Members: members = 0, ...others } = countBy(whole, ({ operation, graphql }) => graphql && operation);
      expect(others).toEqual({ Viewer: 1 });
      // Fewer would mean that the bound is none.
      expect(members).toBeGreaterThanOrEqual(boundMembers(facts, HANDFUL));
      expect(members).toBeLessThanOrEqual(boundMembers(facts) * 1.05 + ROUNDS);
      const ofOne = await plan("--target", "user:person-0005@acme.example");
      expect(ofOne.length).toBeLessThanOrEqual(whole.length);
      // Them and the key's own person, and their bindings of both sorts at most: never the lists of everybody's.
      const { "GET /v2/users": users, "GET /v2/role-bindings": bindings } = countCalls(ofOne);
      expect({ users, bindings: Math.max(bindings ?? 0, 2) }).toEqual({ users: 2, bindings: 2 });
      // With a ledger it asks for the same, and for what the ledger tells of before it is known which places there are.
      await adopt();
      const remembered = await plan();
      const { "POST /graphql": _more, ...sameLists } = countCalls(remembered);
      expect(sameLists).toEqual(lists);
      const sameQueries = countBy(remembered, ({ operation, graphql }) => graphql && operation);
      expect(sameQueries).toEqual({ Viewer: 1, Members: sameQueries["Members"] });
      expect(sameQueries["Members"]).toBeLessThanOrEqual(boundMembers(facts) * 1.05 + ROUNDS);
      const order = remembered.map(({ path, graphql, operation }) => (graphql ? operation : path));
      for (const early of ["Members", "/v2/role-bindings", "/v2/resource-restrictions"])
        expect(order.indexOf(early)).toBeLessThan(order.indexOf("/v2/spaces"));
    } finally {
      await account.close();
    }
  });
});

test("a plan of a manifest that names its account looks the caller up once, after the account is known to be the one", async () => {
  const place = makeWorkplace();
  const account = await startTestAccount();
  const { url, adminKey, log } = account.sandbox;
  const env = { ARIZE_API_KEY: adminKey, ARIZE_BASE_URL: url, ARIZE_APP_URL: url };
  for (const [name, calls] of [
    ["sandbox", ["POST /graphql", "GET /v2/users", "GET /v2/users"]],
    ["another", ["POST /graphql"]],
  ] as const) {
    const before = log.length;
    place.write("access.yaml", `version: 1\naccount: ${name}\npeople: {}\n`);
    await place.run(["plan"], { env });
    expect(log.slice(before).map(({ method, path }) => `${method} ${path}`)).toEqual(calls);
  }
  await account.close();
});

test("a plan of an account that is empty asks for what decides on that, and no further", async () => {
  const place = makeWorkplace();
  place.write("access.yaml", "version: 1\norganizations: { Acme: { spaces: { alpha: { members: {} } } } }\n");
  const account = await startTestAccount();
  const { url, adminKey } = account.sandbox;
  const env = { ARIZE_API_KEY: adminKey, ARIZE_BASE_URL: url, ARIZE_APP_URL: url };
  await place.run(["plan"], { env });
  expect(account.sandbox.log.length).toBeLessThanOrEqual(10);
  await account.close();
});

interface Generated {
  readonly account: TestAccount;
  readonly facts: readonly string[];
  /** How many roles the platform brings. */
  readonly predefinedRoles: number;
  /** What a plan in which nothing is to do asks for. */
  readonly plan: (...flags: readonly string[]) => Promise<readonly LoggedRequest[]>;
  /** Has the ledger remember all of it. */
  readonly adopt: () => Promise<void>;
}

/** An account that is as its manifest wants it. */
async function openGenerated(sizes: Sizes): Promise<Generated> {
  const { fillAccount, generateAccount, listFacts } = await readBench();
  // The account's clock stands still, and with it a limit for each minute.
  const account = await startTestAccount({ switches: { graphqlQueriesPerMinute: undefined } });
  const { url, adminKey, log } = account.sandbox;
  const roles = (await account.rest("GET", "/v2/roles?limit=100")).body.roles;
  const call = async (method: string, path: string, body: object): Promise<unknown> =>
    (await account.rest(method, path, body)).body;
  await fillAccount(call, roles, sizes, { seed: 5 });
  const place = makeWorkplace();
  for (const [name, text] of generateAccount(sizes, { seed: 5 })) place.write(name, text);
  const env = { ARIZE_API_KEY: adminKey, ARIZE_BASE_URL: url, ARIZE_APP_URL: url };
  const adopt = async (): Promise<void> => {
    const places = ["organization:*", "space:*/*", "project:*/*/*"];
    const rest = ["org-member:*/*", "space-member:*/*/*", "binding:*/*/*/*", "restriction:*/*/*"];
    const { exit, stderr } = await place.run(["adopt", "-f", ".", ...places, ...rest, "--quiet"], { env });
    expect([exit, stderr]).toEqual([0, ""]);
  };
  const plan = async (...flags: readonly string[]): Promise<readonly LoggedRequest[]> => {
    const before = log.length;
    const { stdout } = await place.run(["plan", "-f", ".", ...flags], { env });
    expect(stdout).toContain("No changes.\n");
    return log.slice(before);
  };
  return { account, facts: [...listFacts(sizes, { seed: 5 })], predefinedRoles: roles.length, plan, adopt };
}

/** Calls of REST that reading the whole account takes. */
function boundLists(sizes: Sizes, { facts, predefinedRoles }: Pick<Generated, "facts" | "predefinedRoles">): object {
  return {
    // Who calls is looked up once, and is one of the users.
    "GET /v2/users": 1 + pages(sizes.people + 1),
    "GET /v2/roles": pages(sizes.roles + predefinedRoles),
    "GET /v2/organizations": pages(sizes.organizations),
    // A space does not say which organization it is in: each organization is asked for its own.
    "GET /v2/spaces": sum(countSpaces(sizes).map(pages)),
    "GET /v2/projects": pages(sizes.projects),
    // A custom role in a space is a binding, too.
    "GET /v2/role-bindings": pages(sizes.bindings) + pages(facts.filter(isCustomMember).length),
    "GET /v2/resource-restrictions": pages(sizes.restrictions),
  };
}

/** Queries that all members of spaces and organizations take at least, where of so many lists nobody asks for the sizes. */
function boundMembers(facts: readonly string[], unsized = 1): number {
  const inSpaces = countBy(facts, (fact) => /^space-member (.*) \S+@/u.exec(fact)?.[1]);
  const inOrganizations = countBy(facts, (fact) => /^org-member (.*) \S+@/u.exec(fact)?.[1]);
  // The sandbox's own admin is in every space.
  const spaces = facts.filter((fact) => fact.startsWith("space ")).map((fact) => 1 + (inSpaces[fact.slice(6)] ?? 0));
  const organizations = Object.values(inOrganizations);
  return boundQueries(spaces, COST.space, unsized) + boundQueries(organizations, COST.organization, unsized);
}

/** Calls that a list of so many takes. */
function pages(rows: number): number {
  return Math.max(1, Math.ceil(rows / PAGE));
}

/** Queries that lists of these lengths take at least: all sizes, if they are more than so many, and then all entries. */
function boundQueries(lists: readonly number[], entryCost: number, unsized: number): number {
  const longest = Math.min(PAGE, Math.floor((POINTS - COST.page) / entryCost));
  const points = sum(lists.map((rows) => Math.max(1, Math.ceil(rows / longest)) * COST.page + rows * entryCost));
  const sizes = lists.length > unsized ? Math.ceil((lists.length * COST.size) / POINTS) : 0;
  return sizes + Math.ceil(points / POINTS);
}

/** Spaces of each organization. */
function countSpaces({ organizations, spaces }: Sizes): readonly number[] {
  const each = Math.floor(spaces / organizations);
  return Array.from({ length: organizations }, (_, index) => each + (index < spaces % organizations ? 1 : 0));
}

function isCustomMember(fact: string): boolean {
  return /^space-member .* Role \d+$/u.test(fact);
}

function countCalls(calls: readonly LoggedRequest[]): Readonly<Record<string, number>> {
  return countBy(calls, ({ method, path }) => `${method} ${path}`);
}

function countBy<T>(items: readonly T[], keyOf: (item: T) => string | undefined): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const key of items.map(keyOf)) if (key !== undefined) counts[key] = (counts[key] ?? 0) + 1;
  return counts;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
