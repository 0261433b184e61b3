import type { Address } from "../model/address.ts";
import type { ChangeId, Step } from "../model/change.ts";
import { isSameJson } from "../model/json.ts";
import type { Plan } from "../model/plan.ts";

/** What moved between a saved plan and the one that would be made now. */
export interface PlanMovement {
  readonly onlySaved: readonly Step[];
  readonly onlyFresh: readonly Step[];
  /** The same address, but another change, or one that is judged otherwise. */
  readonly changed: readonly { readonly saved: Step; readonly fresh: Step }[];
  /** The manifest, its policy, or the account the plan is for. */
  readonly basis: readonly string[];
}

/**
 * Compares a saved plan with one made now, step by step. Steps that axcess has done since, by its own ledger, are no movement: a
 * saved plan whose open part ran is still the plan its held part was approved on.
 */
export function comparePlans(saved: Plan, fresh: Plan, done: ReadonlySet<ChangeId>): PlanMovement {
  const before = byAddress(saved);
  const now = byAddress(fresh);
  return {
    onlySaved: saved.steps.filter(({ address, id }) => !now.has(address) && !done.has(id)),
    onlyFresh: fresh.steps.filter(({ address }) => !before.has(address)),
    changed: saved.steps.flatMap((step) => {
      const other = now.get(step.address);
      return other === undefined || isSameDeed(step, other) ? [] : [{ saved: step, fresh: other }];
    }),
    basis: [
      ...(saved.basis.desired === fresh.basis.desired ? [] : ["the manifest"]),
      ...(saved.shard?.whole === fresh.shard?.whole ? [] : ["the manifest of the whole account"]),
      ...(saved.basis.policy === fresh.basis.policy ? [] : ["the policy"]),
      ...(isSameJson(saved.account, fresh.account) ? [] : [describeAccounts(saved, fresh)]),
    ],
  };
}

function describeAccounts(saved: Plan, fresh: Plan): string {
  const [then, now] = [saved, fresh].map(({ account }) => `${account.name} (${account.url})`);
  return `the account: the plan is for ${then}, this is ${now}`;
}

/** True when anything moved. */
export function hasMoved({ onlySaved, onlyFresh, changed, basis }: PlanMovement): boolean {
  return onlySaved.length + onlyFresh.length + changed.length + basis.length > 0;
}

function isSameDeed(saved: Step, fresh: Step): boolean {
  return saved.id === fresh.id && isSameJson(saved.gate, fresh.gate);
}

function byAddress(plan: Plan): ReadonlyMap<Address, Step> {
  return new Map(plan.steps.map((step) => [step.address, step]));
}
