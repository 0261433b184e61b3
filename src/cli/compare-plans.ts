import type { Address } from "../model/address.ts";
import type { Step } from "../model/change.ts";
import type { Plan } from "../model/plan.ts";

/** What moved between a saved plan and the one that would be made now. */
export interface PlanMovement {
  readonly onlySaved: readonly Step[];
  readonly onlyFresh: readonly Step[];
  /** The same address, but another change. */
  readonly changed: readonly { readonly saved: Step; readonly fresh: Step }[];
}

/** Compares two plans step by step, by address and change id. */
export function comparePlans(saved: Plan, fresh: Plan): PlanMovement {
  const before = byAddress(saved);
  const now = byAddress(fresh);
  return {
    onlySaved: saved.steps.filter((step) => !now.has(step.address)),
    onlyFresh: fresh.steps.filter((step) => !before.has(step.address)),
    changed: saved.steps.flatMap((step) => {
      const other = now.get(step.address);
      return other === undefined || other.id === step.id ? [] : [{ saved: step, fresh: other }];
    }),
  };
}

function byAddress(plan: Plan): ReadonlyMap<Address, Step> {
  return new Map(plan.steps.map((step) => [step.address, step]));
}
