import type { Step } from "../../model/change.ts";
import type { PlanMovement } from "../compare-plans.ts";
import { harmless } from "./harmless.ts";

/** Why a saved plan is stale. */
export function renderMovement(movement: PlanMovement): string {
  const { onlySaved, onlyFresh, changed } = movement;
  const lines = [
    ...onlySaved.map((step) => `  no longer planned: ${deed(step)}`),
    ...onlyFresh.map((step) => `  planned only now:  ${deed(step)}`),
    ...changed.map(({ saved, fresh }) => `  planned otherwise: ${deed(saved)}, now ${fresh.op} ${fresh.id}`),
  ];
  if (lines.length === 0)
    lines.push("  The changes are the same; what they were judged by, or what stands beside them, moved.");
  return lines.map((line) => `${line}\n`).join("");
}

function deed(step: Step): string {
  return `${step.op} ${harmless(step.address)} (${step.id})`;
}
