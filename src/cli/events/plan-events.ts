import type { AccessShift, AccessSide, SetName } from "../../model/access.ts";
import type { AssertionFailure } from "../../model/assertion.ts";
import { HAZARD_TITLES, type Step } from "../../model/change.ts";
import type { Plan } from "../../model/plan.ts";
import { namePerson } from "../render/access-words.ts";
import { countPeople } from "../render/group-shifts.ts";
import { summarizePlan } from "../render/plan-summary.ts";
import { STEP_MARKS } from "../render/step-text.ts";
import type { EventBodies, EventChange, EventCounts, EventSink } from "./event.ts";
import { emitDiagnostics } from "./open-events.ts";

/** Tells a plan: what cannot be known, each change, whose access differs, what is held or blocked, what fails, and the counts. */
export function emitPlan(events: EventSink | undefined, plan: Plan): void {
  if (events === undefined) return;
  emitDiagnostics(events, plan.unknowns);
  for (const step of plan.steps) {
    events.emit("planned_change", "info", `${STEP_MARKS[step.op]} ${step.op} ${step.address}`, {
      change: describeStep(step),
    });
  }
  for (const shift of plan.access.shifts) {
    events.emit("access_delta", "info", describeShift(shift), { access: describeAccess(shift, plan.access.sets) });
  }
  emitFailures(events, plan.assertions);
  for (const step of plan.steps) emitGate(events, step);
  emitDiagnostics(events, plan.notes);
  events.emit("change_summary", "info", summarizePlan(plan, "Plan"), { changes: countPlan(plan) });
}

/** Tells what holds or blocks a change; nothing of one that is open. */
export function emitGate(events: EventSink | undefined, step: Step): void {
  const { gate } = step;
  if (gate.state === "open") return;
  const why = gate.by.map((code) => HAZARD_TITLES[code]).join("; ");
  const release = gate.state === "blocked" ? { release: gate.release } : {};
  events?.emit("gate", "warn", `${gate.state}: ${step.op} ${step.address} (${why})`, {
    gate: { change: nameChange(step), state: gate.state, by: gate.by, ...release },
  });
}

/** Tells the assertions that do not hold, case by case. */
export function emitFailures(events: EventSink | undefined, failures: readonly AssertionFailure[]): void {
  for (const { source, statement, detail, place } of failures) {
    const text = `${statement} In ${place}: ${detail} (${source})`;
    const diagnostic = { code: "AX230", severity: "error", summary: "Assertion does not hold", detail: text } as const;
    events?.emit("diagnostic", "error", `AX230 ${text}`, { diagnostic });
  }
}

/** A change as every event names it. */
export function nameChange({ id, op, address }: Step): EventChange {
  return { id, action: op, address };
}

function describeStep(step: Step): EventBodies["planned_change"]["change"] {
  const { kind, reason, gate, fields, cascade, hazards, source, renamedFrom } = step;
  return {
    ...nameChange(step),
    kind,
    reason,
    gate: gate.state,
    fields: fields.map(({ field }) => field),
    cascade,
    hazards: [...new Set(hazards.map(({ code }) => code))],
    ...(source !== undefined && { source }),
    ...(renamedFrom !== undefined && { renamed_from: renamedFrom }),
  };
}

function describeShift({ person, place, gained, lost }: AccessShift): string {
  const words = [...(gained === "none" ? [] : ["gains"]), ...(lost === "none" ? [] : ["loses"])];
  return `${namePerson(person)} ${words.length === 0 ? "has other access" : words.join(" and ")} on ${place}`;
}

type Sets = Plan["access"]["sets"];

function describeAccess(shift: AccessShift, sets: Sets): EventBodies["access_delta"]["access"] {
  const { person, place, within, through, until, gained, lost, before, after, isPending, isBot } = shift;
  return {
    person,
    place,
    within,
    through,
    gained: writeOut(gained, sets),
    lost: writeOut(lost, sets),
    before: describeSide(before, sets),
    after: describeSide(after, sets),
    pending: isPending,
    bot: isBot,
    ...(until !== undefined && { until }),
  };
}

function describeSide(
  { permissions, roles, isLowerBound }: AccessSide,
  sets: Sets,
): {
  readonly permissions: readonly string[] | "all";
  readonly roles: readonly string[];
  readonly at_least: boolean;
} {
  return { permissions: writeOut(permissions, sets), roles, at_least: isLowerBound };
}

function writeOut(set: SetName, sets: Sets): readonly string[] | "all" {
  if (set === "all") return "all";
  return Object.hasOwn(sets, set) ? (sets[set] ?? []) : [];
}

function countPlan(plan: Plan): EventCounts {
  const count = (fits: (step: Step) => boolean): number => plan.steps.filter(fits).length;
  return {
    operation: plan.basis.undo === undefined ? "plan" : "undo",
    add: count(({ op }) => op === "create"),
    change: count(({ op }) => op === "update"),
    remove: count(({ op }) => op === "delete"),
    open: count(({ gate }) => gate.state === "open"),
    held: count(({ gate }) => gate.state === "held"),
    blocked: count(({ gate }) => gate.state === "blocked"),
    withheld: plan.withheld.length,
    ...countPeople(plan.access),
  };
}
