import type { Step } from "../../model/change.ts";
import type { Plan } from "../../model/plan.ts";
import type { PlanShard } from "../../model/shard.ts";
import { isApproved } from "./approvals-needed.ts";
import { countAssertions } from "./assertions-text.ts";
import { countPeople } from "./group-shifts.ts";
import type { PlanView } from "./plan-view.ts";

/**
 * `Plan: 1 to create, 2 to delete; 1 open, 2 held (1 approved); 1 person gains, 12 lose.` under the title "Plan", or `No changes.`;
 * assertions that fail are counted in both.
 */
export function summarizePlan(plan: Plan, title: string, view: Pick<PlanView, "standing"> = {}): string {
  if (plan.steps.length === 0)
    return `No changes.${failWords(plan)
      .map((words) => ` ${words}.`)
      .join("")}`;
  const ops = counted([
    [count(plan, (step) => step.op === "create"), "to create"],
    [count(plan, (step) => step.op === "update"), "to update"],
    [count(plan, (step) => step.op === "delete"), "to delete"],
  ]);
  const approved = countApproved(plan.steps, view);
  const gates = counted([
    [count(plan, (step) => step.gate.state === "open"), "open"],
    [count(plan, (step) => step.gate.state === "held"), approved === 0 ? "held" : `held (${approved} approved)`],
    [count(plan, (step) => step.gate.state === "blocked"), "blocked"],
    [plan.withheld.length, "withheld"],
  ]);
  return `${[`${title}: ${ops}`, gates, ...peopleWords(plan), ...failWords(plan)].join("; ")}.`;
}

/** What of the account the plan of a part is about. Nothing in it is a name of somebody's choice. */
export function describePart({ part, of, by, elsewhere }: PlanShard): string {
  const which = part === "account" ? `The account part, beside ${of} shards` : `Shard ${part} of ${of}, by ${by}`;
  const left =
    elsewhere === 0 ? "" : `; ${elsewhere} ${by === "space" ? "spaces" : "organizations"} left to other parts`;
  return `${which}${left}. It judges itself alone: axcess summary judges the whole.`;
}

/** How many of the held changes approvals release already. */
export function countApproved(steps: Plan["steps"], view: Pick<PlanView, "standing">): number {
  return steps.filter((step) => step.gate.state === "held" && isApproved(step, view)).length;
}

function count(plan: Plan, fits: (step: Step) => boolean): number {
  return plan.steps.filter(fits).length;
}

function counted(parts: readonly (readonly [number, string])[]): string {
  return parts
    .filter(([number]) => number > 0)
    .map(([number, words]) => `${number} ${words}`)
    .join(", ");
}

/** `3 people gain (1 as admin), 13 lose`. */
function peopleWords({ access }: Plan): readonly string[] {
  const { gain, admins, lose } = countPeople(access);
  const asAdmin = admins === 0 ? "" : ` (${admins} as admin)`;
  const parts = [
    { number: gain, words: `${gain === 1 ? "gains" : "gain"}${asAdmin}` },
    { number: lose, words: lose === 1 ? "loses" : "lose" },
  ].filter(({ number }) => number > 0);
  const told = parts.map(({ number, words }, at) => `${at === 0 ? countHeads(number) : number} ${words}`);
  return told.length === 0 ? [] : [told.join(", ")];
}

function countHeads(number: number): string {
  return number === 1 ? "1 person" : `${number} people`;
}

function failWords({ steps, assertions }: Plan): readonly string[] {
  const failing = countAssertions(assertions);
  if (failing === 0) return [];
  const now = failing === 1 ? "does" : "do";
  return [`${failing} ${failing === 1 ? "assertion" : "assertions"} ${steps.length === 0 ? now : "would"} not hold`];
}
