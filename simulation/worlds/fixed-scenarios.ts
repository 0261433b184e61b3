import type { Company, Scenario, Stage, Visit } from "../story/scenario.ts";
import { FURNITURE, HANDS_OFF } from "./furniture.ts";

/** A scenario that never changes: single faults are tried at all of its positions. */
export interface FixedScenario {
  readonly name: string;
  readonly scenario: Scenario;
}

const AUTHORITATIVE = {
  members: "authoritative",
  bindings: "authoritative",
  projects: "authoritative",
  spaces: "authoritative",
};

const PEOPLE = Object.fromEntries(
  ["ana", "ben"].map((name) => [`${name}@acme.io`, { name, role: "member", invite: "none", developer: true }]),
);

function company(organizations: Company, more: Company = {}): Company {
  const roles = { Eval: { description: "", permissions: ["DATASET_READ", "PROJECT_READ"] } };
  const policy = { max_removals: 10_000, max_removal_percent: 100, min_admins: 0 };
  return { version: 1, manage: AUTHORITATIVE, people: PEOPLE, roles, organizations, policy, ...HANDS_OFF, ...more };
}

const PROJECT = { restricted: true, bindings: { "ben@acme.io": "Project Viewer" } };
const SPACE = { private: true, members: { "ana@acme.io": "admin", "ben@acme.io": "Eval" }, projects: { web: PROJECT } };
const MEMBERS = { "ana@acme.io": "admin", "ben@acme.io": "member" };

const FOUNDED = company({
  Beta: { members: MEMBERS, spaces: { one: SPACE, two: { private: false, members: {}, projects: {} } } },
});

const LEFT = company({
  Beta: {
    members: { "ana@acme.io": "admin" },
    spaces: {
      one: {
        private: true,
        members: { "ana@acme.io": "admin" },
        projects: { web: { restricted: false, bindings: {} } },
      },
    },
  },
});

const key = (path: string, more: Company = {}): Company => ({
  role: "member",
  expires: "2026-12-31",
  secret: { to: "file", path },
  ...more,
});

function withKeys(keys: Company, restricted: boolean): Company {
  const projects = { web: { ...PROJECT, restricted } };
  return company({ Beta: { members: MEMBERS, spaces: { one: { ...SPACE, projects, service_keys: keys } } } });
}

const KEYS = withKeys({ "ci key": key(".secrets/ci"), old: key(".secrets/old") }, false);
const ROTATED = withKeys(
  {
    "ci key": key(".secrets/ci", { rotate: { before_expiry: "200d", grace: "1h" } }),
    new: key(".secrets/new", { expires: "2027-01-31" }),
  },
  true,
);

const HELD_THEN_APPROVED: readonly Visit[] = [
  { approves: "none", isSaved: true },
  { approves: "all", isSaved: true },
];

function scenario(before: readonly Company[], last: Company, troubled: readonly Visit[]): Scenario {
  const calm = before.map((each): Stage => ({ company: each, troubled: [], faults: [], days: 0 }));
  return {
    seed: 20_261_121,
    switches: { graphqlQueriesPerMinute: undefined, graphqlMutationsPerMinute: undefined },
    ...{ parallelism: 4, isContainer: false, furniture: FURNITURE },
    stages: [...calm, { company: last, troubled, faults: [], days: 0 }],
  };
}

/** A company that is founded, one that somebody leaves, and one whose keys are made, renewed and revoked. */
export const FIXED_SCENARIOS: readonly FixedScenario[] = [
  { name: "bootstrap", scenario: scenario([], FOUNDED, [{ approves: "none", isSaved: false }]) },
  { name: "offboarding", scenario: scenario([FOUNDED], LEFT, HELD_THEN_APPROVED) },
  { name: "service keys", scenario: scenario([KEYS], ROTATED, [{ approves: "all", isSaved: true }]) },
];
