import { NO_SHIFTS } from "../../src/model/access.ts";
import type { Address } from "../../src/model/address.ts";
import type { Approval } from "../../src/model/approval.ts";
import type { ChangeId, Digest, Gate, Step } from "../../src/model/change.ts";
import type { Plan } from "../../src/model/plan.ts";
import { remoteOf, type Spec, type World } from "../../src/model/resource.ts";
import { toyAddress } from "./toy-platform.ts";

export const OPEN: Gate = { state: "open" };
export const HELD: Gate = { state: "held", by: ["removes-access"] };
export const BLOCKED: Gate = { state: "blocked", by: ["protected"], release: "It is protected." };
export const SOME_DIGEST: Digest = `sha256:${"a".repeat(64)}`;

/** A step with whatever is said of it, and nothing else to it: by default the creation of a toy. */
export function makeStep(name: string, said: Partial<Step> = {}): Step {
  const op = said.op ?? "create";
  return {
    id: `chg_${op}-${name}`,
    op,
    kind: "space",
    address: toyAddress(name),
    reason: "declared-not-found",
    ...(op !== "delete" && { to: { value: "new" } }),
    fields: [],
    dependsOn: [],
    hazards: [],
    gate: op === "delete" ? HELD : OPEN,
    cascade: [],
    notes: [],
    ...said,
  };
}

/** A plan of these steps. */
export function makePlanOf(steps: readonly Step[]): Plan {
  return {
    format: 1,
    digest: SOME_DIGEST,
    account: { url: "https://example.test" },
    basis: { desired: SOME_DIGEST, policy: SOME_DIGEST },
    limits: { allow: [], targets: [], excludes: [] },
    steps,
    access: NO_SHIFTS,
    assertions: [],
    unknowns: [],
    withheld: [],
    incomplete: [],
    lapses: [],
    unmanaged: {},
    notes: [],
    authoritative: [],
  };
}

/** An approval of these changes, valid all of June 2026. */
export function makeApproval(changes: readonly ChangeId[], said: Partial<Approval> = {}): Approval {
  return {
    changes,
    plan: SOME_DIGEST,
    by: "ana",
    at: "2026-06-01T00:00:00Z",
    expires: "2026-07-01T00:00:00Z",
    reason: "because",
    ...said,
  };
}

/** One approval for every step that is not blocked. */
export function approveAll(steps: readonly Step[]): ReadonlyMap<ChangeId, readonly Approval[]> {
  return new Map(steps.map((step) => [step.id, [makeApproval([step.id])]]));
}

/** The steps that turn one world of toys into another, each waiting for what `dependsOn` says of it. */
export function planToys(
  live: World,
  desired: ReadonlyMap<Address, Spec>,
  dependsOn: (address: Address) => readonly Address[],
): readonly Step[] {
  const wanted = [...desired].flatMap(([address, to]) => diffToy(address, live, to));
  const gone = [...live.keys()].filter((address) => !desired.has(address)).flatMap((address) => diffToy(address, live));
  const planned = new Set([...wanted, ...gone].map((step) => step.address));
  return [...wanted, ...gone].map((step) => ({
    ...step,
    dependsOn: dependsOn(step.address).filter((address) => planned.has(address)),
  }));
}

function diffToy(address: Address, live: World, to?: Spec): readonly Step[] {
  const before = live.get(address);
  const remote = remoteOf(before);
  const name = address.slice("space:".length);
  if (before === undefined || remote === undefined) return to === undefined ? [] : [makeStep(name, { to })];
  if (to === undefined) return [makeStep(name, { op: "delete", from: before.spec, remote })];
  if (before.spec["value"] === to["value"]) return [];
  const id: ChangeId = `chg_update-${name}-${before.spec["value"]}-${to["value"]}`;
  return [makeStep(name, { op: "update", id, from: before.spec, to, remote, reason: "fields-differ" })];
}
