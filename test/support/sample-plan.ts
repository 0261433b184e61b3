import { type AccessDelta, type AccessShift, type AccessSide, NO_SHIFTS } from "../../src/model/access.ts";
import type { AssertionFailure } from "../../src/model/assertion.ts";
import type { Step } from "../../src/model/change.ts";
import type { Plan } from "../../src/model/plan.ts";
import { NO_LIMITS } from "../../src/model/policy.ts";

/** A creation that is open; change what a test is about. */
export function sampleStep(overrides: Partial<Step> = {}): Step {
  return {
    id: "chg_000000000001",
    op: "create",
    kind: "space",
    address: "space:Platform Team/team-alpha",
    reason: "declared-not-found",
    source: "access.yaml:14:7",
    to: { private: true },
    fields: [{ field: "private", to: true }],
    dependsOn: [],
    hazards: [],
    gate: { state: "open" },
    cascade: [],
    notes: [],
    ...overrides,
  };
}

/** A deletion that is held. */
export function sampleRemoval(overrides: Partial<Step> = {}): Step {
  return sampleStep({
    id: "chg_000000000002",
    op: "delete",
    kind: "user",
    address: "user:carl@acme.io",
    reason: "declared-absent",
    source: "access.yaml:40:3",
    remote: { id: "u1" },
    from: { role: "member" },
    fields: [],
    hazards: [{ code: "irreversible", detail: "The account of carl@acme.io is deleted." }],
    gate: { state: "held", by: ["irreversible"] },
    cascade: ["binding:Platform Team/team-alpha/playground/carl@acme.io"],
    ...overrides,
  });
}

/** No access at all. */
export const NO_ACCESS: AccessSide = { permissions: "none", roles: [], isLowerBound: false };

/** What a role gives: the named set, through the role. */
export function sampleSide(permissions: string, ...roles: readonly string[]): AccessSide {
  return { permissions, roles, isLowerBound: false };
}

/** A person who loses all of a project; change what a test is about. */
export function sampleShift(overrides: Partial<AccessShift> = {}): AccessShift {
  return {
    person: "user:carl@acme.io",
    place: "project:Platform Team/production/checkout",
    within: { spaces: 0, projects: 0 },
    before: sampleSide("p2", "role:Reviewer"),
    after: NO_ACCESS,
    gained: "none",
    lost: "p2",
    through: ["restriction:Platform Team/production/checkout"],
    givenBy: [],
    takenBy: ["restriction:Platform Team/production/checkout"],
    isPending: false,
    isBot: false,
    assumptions: [],
    ...overrides,
  };
}

/** Differences over a table of sets: `p2`, `p3`, `p9` and `p12` have as many permissions as they say. */
export function sampleAccess(shifts: readonly AccessShift[], overrides: Partial<AccessDelta> = {}): AccessDelta {
  const sets = Object.fromEntries(
    [2, 3, 9, 12].map((size) => [`p${size}`, Array.from({ length: size }, (_, at) => `P${at + 1}`)]),
  );
  return { sets, shifts, unseen: [], ...overrides };
}

/** An assertion that somebody breaks. */
export function sampleFailure(overrides: Partial<AssertionFailure> = {}): AssertionFailure {
  return {
    source: "access.yaml:90:5",
    statement: "Nobody but the admins can PROJECT_DELETE on project:Platform Team/production/*.",
    detail: "carl@acme.io has PROJECT_DELETE.",
    place: "project:Platform Team/production/checkout",
    person: "user:carl@acme.io",
    paths: [
      {
        reason: "project-binding",
        grant: "binding:Platform Team/production/checkout/carl@acme.io",
        role: "role:Project Admin",
      },
    ],
    ...overrides,
  };
}

/** A plan with these steps and nothing else to say. */
export function samplePlan(overrides: Partial<Plan> = {}): Plan {
  return {
    format: 1,
    digest: `sha256:${"a".repeat(64)}`,
    account: { url: "https://api.arize.com", name: "acme" },
    basis: { desired: `sha256:${"b".repeat(64)}`, policy: `sha256:${"c".repeat(64)}` },
    limits: NO_LIMITS,
    steps: [],
    access: NO_SHIFTS,
    assertions: [],
    unknowns: [],
    withheld: [],
    incomplete: [],
    lapses: [],
    unmanaged: {},
    notes: [],
    authoritative: [],
    ...overrides,
  };
}
