import { NO_SHIFTS } from "../../src/model/access.ts";
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
