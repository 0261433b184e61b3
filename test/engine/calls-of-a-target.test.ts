import { expect, test } from "vitest";
import type { LoggedRequest } from "../../src/sandbox/request-log.ts";
import { readBench, type Sizes } from "../support/bench-account.ts";
import { makeWorkplace } from "../support/run-axcess.ts";
import { startTestAccount } from "../support/sandbox-account.ts";

// How often a plan of a target asks is a contract: it does not grow with the account. No time is measured here.

const SIZES: Sizes = {
  people: 105,
  organizations: 3,
  spaces: 12,
  projects: 12,
  grants: 150,
  bindings: 20,
  restrictions: 2,
  roles: 3,
};
const SEED = { seed: 5 };
const LEDGER = ["--ledger", "ledger.jsonl"];

type Calls = Readonly<Record<string, number>>;

test("a plan of a target asks for what that needs, whatever else there is", async () => {
  const { generateAccount, listFacts } = await readBench();
  const account = await startTestAccount({ switches: { graphqlQueriesPerMinute: undefined } });
  const { url, adminKey, log } = account.sandbox;
  const env = { ARIZE_API_KEY: adminKey, ARIZE_BASE_URL: url, ARIZE_APP_URL: url };
  const place = makeWorkplace();
  for (const [name, text] of generateAccount(SIZES, SEED)) place.write(name, text);
  const run = async (...args: readonly string[]): Promise<string> =>
    (await place.run([...args, "-f", "."], { env })).stdout;
  const callsOf = async (target: string, ...flags: readonly string[]): Promise<Calls> => {
    const before = log.length;
    const text = await run("plan", "--target", target, ...flags);
    expect(text).toContain("No changes.\n");
    expect(text).toContain("AX426");
    return countCalls(log.slice(before));
  };
  await run("apply", "--auto-approve", ...LEDGER);
  const facts = [...listFacts(SIZES, SEED)];

  const people = [...new Set(facts.flatMap((fact) => /^space-member .* (\S+@\S+)/u.exec(fact)?.[1] ?? []))];
  for (const person of people.filter((_, index) => index % 20 === 0)) {
    const { Members: members = 0, ...others } = await callsOf(`user:${person}`, ...LEDGER);
    const { spaces, bound } = countPlaces(facts, person);
    expect(others).toEqual({
      // The key's own person, and the target.
      ...{ Viewer: 1, users: 2, roles: 1, organizations: 1, Spaces: 1 },
      ...(bound > 0 && { projects: bound }),
      "role-bindings": bound > 0 ? 2 : 1,
    });
    expect(members).toBeGreaterThan(0);
    // All at once, and once more what did not fit.
    expect(members).toBeLessThanOrEqual(spaces > 6 ? 3 : 2);
  }

  // No ledger says what axcess wrote: the rosters of the person's organizations tell.
  const { Members: rosters = 0, ...unknown } = await callsOf(`user:${people[0]}`, "--ledger", "no.jsonl");
  expect(unknown).toMatchObject({ Viewer: 1, users: 2, roles: 1, organizations: 1 });
  expect(rosters).toBeLessThanOrEqual(7);

  const [, space, person] =
    /^space-member (.*) (\S+@\S+)/u.exec(facts.find((fact) => fact.startsWith("space-m")) ?? "") ?? [];
  expect(await callsOf(`space-member:${space}/${person}`, ...LEDGER)).toEqual({
    ...{ Viewer: 1, users: 2, roles: 1, organizations: 1, Spaces: 1, "role-bindings": 1, Members: 1 },
  });

  // People, bindings and restrictions are listed whole: the platform has no filter by place.
  const lists = { users: 3, roles: 1, organizations: 1, "role-bindings": 2, "resource-restrictions": 1 };
  const queries = { Viewer: 1 };
  expect(await callsOf("space:Organization 0000/space-0003", ...LEDGER)).toEqual({
    ...{ ...lists, ...queries, spaces: 1, projects: 1, Members: 2 },
  });
  expect(await callsOf("organization:Organization 0001", ...LEDGER)).toEqual({
    ...{ ...lists, ...queries, spaces: 1, projects: 1, Members: 2 },
  });
  expect(await callsOf("role:Role 0003", ...LEDGER)).toEqual({ Viewer: 1, users: 1, roles: 1 });
  await account.close();
}, 120_000);

test("a question about one person asks for nobody else but in rosters", async () => {
  const { generateAccount } = await readBench();
  const account = await startTestAccount({ switches: { graphqlQueriesPerMinute: undefined } });
  const { url, adminKey, log } = account.sandbox;
  const env = { ARIZE_API_KEY: adminKey, ARIZE_BASE_URL: url, ARIZE_APP_URL: url };
  const place = makeWorkplace();
  for (const [name, text] of generateAccount(SIZES, SEED)) place.write(name, text);
  await place.run(["apply", "--auto-approve", "-f", ".", ...LEDGER], { env });
  const ask = async (...question: readonly string[]): Promise<Calls> => {
    const before = log.length;
    expect(await place.run(question, { env })).toMatchObject({ exit: 0 });
    return countCalls(log.slice(before));
  };
  const inSpace = "space:Organization 0001/space-0004";
  // The key's own person, and who is asked about.
  const person = { Viewer: 1, users: 2, roles: 1, organizations: 1 };
  const explained = await ask("explain", "person-0005@acme.example", inSpace);
  expect(explained).toEqual({ ...person, "role-bindings": 1, spaces: 1, projects: 1, Members: 2 });
  const { Members: rosters, ...everywhere } = await ask("access", "person-0005@acme.example");
  const lists = { "role-bindings": 2, spaces: 3, projects: 1, "resource-restrictions": 1 };
  expect(everywhere).toEqual({ ...person, ...lists });
  expect(rosters).toBeGreaterThan(2);
  expect(await ask("who-can", "SPACE_READ", inSpace)).toMatchObject({ Viewer: 1, users: 3, "role-bindings": 1 });
  await account.close();
}, 60_000);

/** Calls by what they ask for: REST by its path, GraphQL by the name of its query. */
function countCalls(calls: readonly LoggedRequest[]): Calls {
  const counts: Record<string, number> = {};
  for (const { path, graphql, operation } of calls) {
    const key = graphql ? String(operation) : path.replace("/v2/", "");
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

/** In how many spaces somebody is by the generated manifest, and of how many they hold something on a project. */
function countPlaces(facts: readonly string[], person: string): { readonly spaces: number; readonly bound: number } {
  const own = facts.filter((fact) => fact.includes(` ${person} `));
  const bound = own.flatMap((fact) => /^binding (.*)\/[^/]+ \S+@/u.exec(fact)?.[1] ?? []);
  return { spaces: own.filter((fact) => fact.startsWith("space-member ")).length, bound: new Set(bound).size };
}
