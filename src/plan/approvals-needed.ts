import {
  type ApprovalNeeds,
  countMost,
  countNeeded,
  describeWeaker,
  listHeld,
  NO_RULES,
  type RememberedRules,
  type RulesChange,
  type RulesInForce,
  withoutSigners,
} from "../model/approval-rules.ts";
import type { Step } from "../model/change.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { Policy } from "../model/policy.ts";
import { changeIdOf } from "./digest.ts";

/** The rules of the manifest, and those under which an apply last ran. */
export interface RulesInput {
  readonly now?: RulesInForce;
  readonly before?: RememberedRules;
}

/**
 * How many must approve each held change, and whether the rules became weaker than those that the ledger remembers. The id of
 * such a weakening holds the line of the ledger, so that an approval of it counts for this one only.
 */
export function tellApprovals(
  steps: readonly Step[],
  input: RulesInput | undefined,
): { readonly approvals?: ApprovalNeeds; readonly notes: readonly Diagnostic[] } {
  if (input === undefined) return { notes: [] };
  const { now = NO_RULES, before } = input;
  const change = before === undefined ? undefined : findWeakening(before, now);
  if (input.now === undefined && change === undefined) return { notes: [] };
  const held = steps.filter(({ gate }) => gate.state === "held");
  const needed: ApprovalNeeds["needed"] = Object.fromEntries(
    held.map(({ id, hazards }) => [
      id,
      Math.max(...[now, ...(change === undefined ? [] : [change.before])].map((rules) => countNeeded(rules, hazards))),
    ]),
  );
  return {
    approvals: { rules: withoutSigners(now), needed, ...(change !== undefined && { change }) },
    notes: change === undefined ? [] : [describeChange(change)],
  };
}

/** Hazards that hold a change because the rules name them: those of the manifest, and the old ones for as long as they go on. */
export function holdByRules(policy: Policy, input: RulesInput | undefined): Policy {
  const { approvals: named = NO_RULES } = policy;
  const { now = named, before } = input ?? {};
  // Rules that name less than the old ones are weaker, so where they are not, the old ones name nothing more.
  const codes = [...listHeld(now), ...listHeld(before?.rules ?? NO_RULES)];
  return { ...policy, hold: [...new Set([...policy.hold, ...codes])] };
}

function findWeakening({ rules, line }: RememberedRules, now: RulesInForce): RulesChange | undefined {
  const weaker = describeWeaker(rules, now);
  if (weaker.length === 0) return undefined;
  const id = changeIdOf({ rules: now, after: line });
  return { id, weaker, before: withoutSigners(rules) };
}

function describeChange({ id, weaker, before }: RulesChange): Diagnostic {
  return {
    code: "AX372",
    severity: "warning",
    summary: "The rules for approvals are weaker than those that the ledger remembers",
    detail: `${weaker.join(" ")} Until ${id} is approved by the old rules, approvals must keep the old and the new ones.`,
    fix: `Have ${id} approved by as many as the old rules ask for at most (${countMost(before)}), or take the change of policy.approvals back.`,
  };
}
