import type { PlanMovement } from "../../engine/compare-plans.ts";
import type { Step } from "../../model/change.ts";
import { isSameJson } from "../../model/json.ts";
import { listSomePeople } from "./access-words.ts";
import { harmless } from "./harmless.ts";
import { stepLines } from "./step-text.ts";
import { wrapList } from "./wrap-list.ts";

/** Why a saved plan is stale: what moved, and of each step that is planned otherwise what is different in it. */
export function renderMovement(movement: PlanMovement): string {
  const { onlySaved, onlyFresh, changed, basis } = movement;
  const lines = [
    ...basis.map((part) => `  moved: ${harmless(part)}`),
    ...onlySaved.map((step) => `  no longer planned: ${deed(step)}`),
    ...onlyFresh.map((step) => `  planned only now:  ${deed(step)}`),
    ...changed.flatMap(({ saved, fresh }) => [
      `  planned otherwise: ${deed(saved)}, now ${fresh.op} ${fresh.id}`,
      ...differenceLines(saved, fresh),
    ]),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function deed(step: Step): string {
  return `${step.op} ${harmless(step.address)} (${step.id})`;
}

/** Each line of one step that the other has not, and whoever only one of them takes access from. */
function differenceLines(saved: Step, fresh: Step): readonly string[] {
  const before = [...stepLines(saved), gateLine(saved)];
  const now = [...stepLines(fresh), gateLine(fresh)];
  const [lost, losing] = [saved.loses ?? [], fresh.loses ?? []];
  return [
    ...subtract(before, now).map((line) => `      no longer: ${line}`),
    ...subtract(now, before).map((line) => `      now: ${line}`),
    ...(isSameJson(saved.remote ?? null, fresh.remote ?? null) ? [] : ["      now: what is there has another id"]),
    ...peopleLines("takes access no longer from: ", subtract(lost, losing)),
    ...peopleLines("takes access now also from: ", subtract(losing, lost)),
  ];
}

function gateLine({ gate }: Step): string {
  return gate.state === "open" ? "open" : `${gate.state} by ${gate.by.join(", ")}`;
}

function peopleLines(head: string, people: NonNullable<Step["loses"]>): readonly string[] {
  return people.length === 0 ? [] : wrapList(`      ${head}`, listSomePeople(people, ""), "          ");
}

function subtract<T>(from: readonly T[], what: readonly T[]): readonly T[] {
  const gone = new Set(what);
  return from.filter((item) => !gone.has(item));
}
