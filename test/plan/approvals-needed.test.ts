import { expect, test } from "vitest";
import { NO_RULES, type RememberedRules, type RulesInForce } from "../../src/model/approval-rules.ts";
import type { Policy } from "../../src/model/policy.ts";
import type { RulesInput } from "../../src/plan/approvals-needed.ts";
import { makePlan } from "../../src/plan/make-plan.ts";
import { declare, live, planInput } from "../support/plan-input.ts";
import { SOME_DIGEST } from "../support/toy-plan.ts";

const rules = (said: Partial<RulesInForce>): RulesInForce => ({ ...NO_RULES, ...said });
const remember = (said: Partial<RulesInForce>): RememberedRules => ({ rules: rules(said), line: SOME_DIGEST });

function plan(input: RulesInput | undefined, policy: Partial<Policy> = {}): ReturnType<typeof makePlan> {
  const sample = planInput({
    declared: [declare("organization:A"), declare("space:A/new", {})],
    live: [live("organization:A"), live("space:A/x")],
    absent: { "space:A/x": "declared-absent" },
    policy,
  });
  return makePlan({ ...sample, ...(input !== undefined && { rules: input }) });
}

const heldId = (of: ReturnType<typeof makePlan>): string => of.steps.find(({ op }) => op === "delete")?.id ?? "";

test("a plan says nothing of approvals where there are no rules", () => {
  expect(plan(undefined)).not.toHaveProperty("approvals");
  expect(plan(undefined).notes).toEqual([]);
  expect(plan({})).not.toHaveProperty("approvals");
  expect(plan({}).notes).toEqual([]);
  expect(plan({ before: remember({}) })).not.toHaveProperty("approvals");
});

test("a plan tells how many each held change needs, without the list of signers", () => {
  const now = rules({ needed: { default: 2 }, signers: { digest: SOME_DIGEST, text: "x" } });
  const made = plan({ now });
  expect(made.approvals).toEqual({ rules: rules({ needed: { default: 2 } }), needed: { [heldId(made)]: 2 } });
  expect(made.notes).toEqual([]);
  expect(made.approvals).not.toHaveProperty("change");
  expect(plan({ now, before: remember({ needed: { default: 2 } }) }).approvals).toEqual(made.approvals);
});

test("weaker rules than those remembered are told, with an id of their own", () => {
  const before = remember({ needed: { default: 3 } });
  const made = plan({ before });
  const change = made.approvals?.change;
  expect(made.approvals?.needed).toEqual({ [heldId(made)]: 3 });
  expect(change).toMatchObject({ weaker: ["A held change needs 1 instead of 3."], before: before.rules });
  expect(made.notes).toEqual([
    {
      code: "AX372",
      severity: "warning",
      summary: "The rules for approvals are weaker than those that the ledger remembers",
      detail: `A held change needs 1 instead of 3. Until ${change?.id} is approved by the old rules, approvals must keep the old and the new ones.`,
      fix: `Have ${change?.id} approved by as many as the old rules ask for at most (3), or take the change of policy.approvals back.`,
    },
  ]);
  const twice = plan({ before: remember({ needed: { default: 2, blind: 3 } }) }).notes[0]?.detail;
  expect(twice).toMatch(/^A held change needs 1 instead of 2\. The rules say nothing of "blind" any more\. Until /u);
  const later = plan({ before: { ...before, line: `sha256:${"c".repeat(64)}` } }).approvals?.change;
  expect(later?.id).not.toBe(change?.id);
  expect(plan({ now: rules({ needed: { default: 2 } }), before }).approvals?.change?.id).not.toBe(change?.id);
});

test("a hazard that the rules name is held, and as long as the old rules go on, one that they name", () => {
  const gates = (of: ReturnType<typeof makePlan>): readonly unknown[] =>
    of.steps.map(({ hazards, gate }) => [hazards.map(({ code }) => code), gate.state]);
  const blind = { needed: { cascades: 1, irreversible: 2 } } as const;
  expect(gates(plan({ before: remember(blind) }))).toEqual(gates(plan({})));
  const sample = planInput({
    declared: [
      declare("organization:A"),
      declare("user:ana", { role: "admin" }),
      declare("org-member:A/ana", { role: "admin" }),
    ],
    live: [live("organization:A"), live("user:ana", { role: "admin" })],
  });
  const admins = { needed: { "widens-access": 2 } } as const;
  const stateOf = (input: RulesInput, policy: Partial<Policy> = {}): unknown => {
    const desired = { ...sample.desired, policy: { ...sample.desired.policy, ...policy } };
    return makePlan({ ...sample, desired, rules: input }).steps.at(-1)?.gate.state;
  };
  expect(stateOf({})).toBe("open");
  expect(stateOf({ before: remember(admins) })).toBe("held");
  expect(stateOf({ now: rules(admins), before: remember(admins) })).toBe("held");
  expect(stateOf({}, { approvals: rules(admins) })).toBe("held");
  expect(stateOf({ now: rules(admins), before: remember({}) })).toBe("held");
});
