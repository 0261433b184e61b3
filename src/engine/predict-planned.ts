import { KINDS } from "../kinds/registry.ts";
import type { Address } from "../model/address.ts";
import type { Step } from "../model/change.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import { UsageError } from "../model/errors.ts";
import { harmless } from "../model/harmless.ts";
import type { Observation, Plan } from "../model/plan.ts";
import type { Resource, World } from "../model/resource.ts";
import { indexKinds } from "../plan/kinds-by-name.ts";
import { findFormerAddress, predictWorld } from "../plan/predict-world.ts";

/** An account once a plan is done on what was seen of it. */
export interface PlannedWorld {
  readonly world: World;
  /** The account before the plan, under the names of afterwards. */
  readonly before: World;
  /** Grants that an inherited admin right hides, so that they may be there or not. */
  readonly hidden: ReadonlySet<Address>;
  /** Where the plan says that a grant is written. */
  readonly sourceOf: (grant: Address) => string | undefined;
  /** Where the account no longer fits the plan; empty where it does. */
  readonly movement: readonly Diagnostic[];
}

/** Does a plan on what was seen, as far as that still fits. Pure. */
export function predictPlanned(observation: Observation, { steps }: Plan): PlannedWorld {
  const { before, after, covered, moved } = predictWorld(observation, steps, indexKinds(KINDS));
  const sources = new Map(steps.map(({ address, source }) => [address, source]));
  return {
    world: markInvited(after, steps),
    before,
    hidden: new Set([...covered].filter((grant) => !after.has(grant))),
    sourceOf: (grant) => sources.get(grant),
    movement: moved.length === 0 ? [] : [describeMovement(moved)],
  };
}

/** A place that the plan renames is read under both names: the plan may have been applied since. */
export function listPlannedPlaces(place: Address, { steps }: Plan): readonly Address[] {
  return [place, findFormerAddress(place, steps, indexKinds(KINDS))];
}

/** Refuses another account than the plan is for. Throws UsageError. */
export function requirePlansAccount({ account }: Plan, accountUrl: string): void {
  if (account.url === accountUrl) return;
  throw new UsageError(
    `The plan is for the account at ${harmless(account.url)}, and this is ${harmless(accountUrl)}.`,
    "Ask with the key of that account, or save a plan for this one.",
  );
}

function describeMovement(moved: readonly Address[]): Diagnostic {
  return {
    code: "AX333",
    severity: "warning",
    summary: "The account moved since the plan was made",
    detail: `It is otherwise than the plan found it: ${moved.join(", ")}. The answer is about the plan applied to what is there now.`,
    fix: "Plan again to see what would be done now: axcess plan --out plan.json",
  };
}

/** Whoever the plan invites has not come when it is done. */
export function markInvited(world: World, steps: readonly Step[]): World {
  const marked = new Map<Address, Resource>(world);
  for (const { op, kind, address, creation } of steps) {
    const person = world.get(address);
    const isInvited = op === "create" && kind === "user" && creation?.["invite"] !== "none";
    if (isInvited && person !== undefined) marked.set(address, { facts: { status: "INVITED" }, ...person });
  }
  return marked;
}
