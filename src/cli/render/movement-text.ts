import type { Step } from "../../model/change.ts";
import type { PlanMovement } from "../plans/compare-plans.ts";
import { harmless } from "./harmless.ts";

/** Why a saved plan is stale. */
export function renderMovement(movement: PlanMovement): string {
  const { onlySaved, onlyFresh, changed, basis } = movement;
  const lines = [
    ...basis.map((part) => `  moved: ${harmless(part)}`),
    ...onlySaved.map((step) => `  no longer planned: ${deed(step)}`),
    ...onlyFresh.map((step) => `  planned only now:  ${deed(step)}`),
    ...changed.map(({ saved, fresh }) => `  planned otherwise: ${deed(saved)}, now ${fresh.op} ${fresh.id}`),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function deed(step: Step): string {
  return `${step.op} ${harmless(step.address)} (${step.id})`;
}
