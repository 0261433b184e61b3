import fc from "fast-check";
import { expect, test } from "vitest";
import type { TestAccount } from "../support/sandbox-account.ts";
import { startTestAccount } from "../support/sandbox-account.ts";

// Random calls by an admin, accepted or refused; what must hold in any case is read back through the two APIs.

const PEOPLE = 3;
const PLACES = 2;

type Step = readonly [name: (typeof STEPS)[number], person: number, place: number, choice: number];
const STEPS = ["join", "leave", "enter", "enterCustom", "exit", "bind", "unbind", "restrict", "lift"] as const;
const ROLES = ["ADMIN", "MEMBER", "READ_ONLY"] as const;

interface Stage {
  readonly account: TestAccount;
  readonly people: readonly string[];
  readonly roles: readonly string[];
  readonly places: readonly { readonly organization: string; readonly space: string; readonly project: string }[];
}

async function setStage(account: TestAccount, run: number): Promise<Stage> {
  const people = [];
  for (let n = 0; n < PEOPLE; n += 1) people.push(await account.person(`run${run}-${n}`));
  const places = [];
  for (let n = 0; n < PLACES; n += 1) {
    const organization = await account.organization(`run ${run} org ${n}`);
    const space = await account.space(organization, "s", n === 1);
    places.push({ organization, space, project: await account.project(space, "p") });
  }
  const roles = [];
  for (let n = 0; n < 2; n += 1) roles.push(await account.role(`run ${run} role ${n}`, ["PROJECT_READ"]));
  return { account, people, places, roles };
}

async function take(stage: Stage, [name, person, place, choice]: Step): Promise<number> {
  const { account } = stage;
  const user = stage.people[person] ?? "";
  const { organization, space, project } = stage.places[place] ?? { organization: "", space: "", project: "" };
  const role = stage.roles[choice % 2] ?? "";
  switch (name) {
    case "join":
      return (await account.joinOrganization(organization, user, ROLES[choice] ?? "MEMBER")).status;
    case "leave":
      return (await account.rest("DELETE", `/v2/organizations/${organization}/users/${user}`)).status;
    case "enter":
      return (await account.joinSpace(space, user, ROLES[choice] ?? "MEMBER")).status;
    case "enterCustom": {
      const body = { user_id: user, role: { type: "CUSTOM", id: role } };
      return (await account.rest("POST", `/v2/spaces/${space}/users`, body)).status;
    }
    case "exit":
      return (await account.rest("DELETE", `/v2/spaces/${space}/users/${user}`)).status;
    case "bind":
      return (await account.bind(role, user, choice === 0 ? "SPACE" : "PROJECT", choice === 0 ? space : project))
        .status;
    case "unbind": {
      const found = await account.rest("GET", `/v2/role-bindings?resource_type=PROJECT&user_id=${user}`);
      const [binding] = found.body.role_bindings;
      return binding === undefined ? 404 : (await account.rest("DELETE", `/v2/role-bindings/${binding.id}`)).status;
    }
    case "restrict":
      return (await account.rest("POST", "/v2/resource-restrictions", { resource_id: project })).status;
    default:
      return (await account.rest("DELETE", `/v2/resource-restrictions/${project}`)).status;
  }
}

const SPACE_USERS = `query($id: ID!) { node(id: $id) { ... on Space { spaceUsers(first: 50) { totalCount edges { node {
  membership role customRole { id } user { id } } } } } } }`;
const ROSTER = `query($id: ID!) { node(id: $id) { ... on AccountOrganization { accountOrganizationUsers(first: 50) {
  edges { node { user { id } } } } } } }`;

interface Edge {
  readonly node: {
    readonly membership: string;
    readonly role: string | null;
    readonly customRole: { readonly id: string } | null;
    readonly user: { readonly id: string };
  };
}

async function expectInvariants(stage: Stage): Promise<void> {
  const { account } = stage;
  const bindings = [];
  for (const type of ["SPACE", "PROJECT"]) {
    const page = await account.rest("GET", `/v2/role-bindings?resource_type=${type}&limit=100`);
    bindings.push(...page.body.role_bindings);
  }
  const pairs = bindings.map((row) => `${row.user_id} ${row.resource_id}`);
  expect(new Set(pairs).size, "one binding per user and resource").toBe(pairs.length);
  for (const { organization, space, project } of stage.places) {
    const roster: Edge[] = (await account.graphql(ROSTER, { id: organization })).body.data.node.accountOrganizationUsers
      .edges;
    const members = roster.map((edge) => edge.node.user.id);
    const listed = (await account.graphql(SPACE_USERS, { id: space })).body.data.node.spaceUsers;
    const explicit = (listed.edges as Edge[]).filter((edge) => edge.node.membership === "EXPLICIT_MEMBERSHIP");
    expect(listed.totalCount).toBe(listed.edges.length);
    for (const { node } of explicit) {
      expect(members, "no space member outside the organization").toContain(node.user.id);
      const isBound = bindings.some((row) => row.resource_id === space && row.user_id === node.user.id);
      expect(node.customRole !== null, "a custom role is a binding").toBe(isBound);
    }
    for (const row of bindings.filter((each) => each.resource_id === project || each.resource_id === space)) {
      expect(members, "no binding outside the organization").toContain(row.user_id);
    }
  }
}

test("whatever is tried in whatever order, the account stays consistent", async () => {
  const account = await startTestAccount({ switches: { graphqlQueriesPerMinute: undefined } });
  const step = fc.tuple(
    fc.constantFrom(...STEPS),
    fc.nat({ max: PEOPLE - 1 }),
    fc.nat({ max: PLACES - 1 }),
    fc.nat({ max: 2 }),
  );
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 30 }), async (steps) => {
      run += 1;
      const stage = await setStage(account, run);
      for (const each of steps) {
        expect([200, 201, 204, 400, 404, 409]).toContain(await take(stage, each));
      }
      await expectInvariants(stage);
      for (const { organization } of stage.places) await account.rest("DELETE", `/v2/organizations/${organization}`);
      const left = await account.rest("GET", "/v2/role-bindings?resource_type=SPACE");
      expect(left.body.role_bindings).toEqual([]);
    }),
    { numRuns: 8, seed: 20260810 },
  );
  await account.close();
});
