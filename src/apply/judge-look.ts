import { type Address, pathOf } from "../model/address.ts";
import type { Step } from "../model/change.ts";
import { isSameJson } from "../model/json.ts";
import { type Resource, remoteOf } from "../model/resource.ts";
import { findDifferences, surelyHas } from "./compare-spec.ts";

/** What a look right before a step means for it. */
export type LookVerdict =
  /** The plan still fits what is there. */
  | { readonly state: "go" }
  /** What the step is to bring about is so already. */
  | { readonly state: "already"; readonly because: string }
  /** What is there is not what the plan was made on. */
  | { readonly state: "stale"; readonly because: string };

/**
 * Compares what a step was planned on with what was found just now. Fields that cannot be read are not compared, and never make
 * a step `already`. A deletion goes ahead only on the very object, by the platform's ids, that the plan names.
 */
export function judgeLook(step: Step, found: Resource | undefined): LookVerdict {
  switch (step.op) {
    case "create":
      return judgeCreate(step, found);
    case "update":
      return judgeUpdate(step, found);
    case "delete":
      return judgeDelete(step, found);
  }
}

const GO: LookVerdict = { state: "go" };

function judgeCreate(step: Step, found: Resource | undefined): LookVerdict {
  if (found === undefined) return GO;
  if (surelyHas(step.to ?? {}, found)) return already("It exists already, as wanted.");
  return stale("It exists by now, and otherwise than wanted.");
}

function judgeUpdate(step: Step, found: Resource | undefined): LookVerdict {
  if (found === undefined) {
    // Planned without seeing it: then not seeing it now is no news.
    return step.remote === undefined && step.from === undefined ? GO : stale("It is gone.");
  }
  if (step.remote !== undefined && !isSameJson(step.remote, remoteOf(found))) {
    return stale("Another object has taken its place.");
  }
  const name = judgeName(step, found);
  const moved = findDifferences(step.from ?? {}, found);
  if (name === "before" && moved.length === 0) return GO;
  const hasNameAfter = step.renamedFrom === undefined || name === "after";
  if (hasNameAfter && surelyHas(step.to ?? {}, found)) return already("It is already as wanted.");
  return stale(name === "before" ? describeMove(moved) : "It was renamed since the plan.");
}

function judgeDelete(step: Step, found: Resource | undefined): LookVerdict {
  if (found === undefined) return already("It is gone already.");
  if (step.remote === undefined || !isSameJson(step.remote, remoteOf(found))) {
    return stale("Another object has taken its place.");
  }
  const moved = findDifferences(step.from ?? {}, found);
  return moved.length === 0 ? GO : stale(describeMove(moved));
}

type NameState = "before" | "after" | "other";

/** Which of its names a thing has. Only its own name counts, not those it stands under; a step that renames nothing has one. */
function judgeName(step: Step, found: Resource): NameState {
  if (step.renamedFrom === undefined) return "before";
  const name = ownName(found.address);
  if (name === ownName(step.renamedFrom)) return "before";
  // Stryker disable next-line StringLiteral: nobody asks for it, only for the two others.
  return name === ownName(step.address) ? "after" : "other";
}

function ownName(address: Address): string | undefined {
  return pathOf(address).at(-1);
}

function describeMove(fields: readonly string[]): string {
  return `It changed since the plan: ${fields.join(", ")}.`;
}

function already(because: string): LookVerdict {
  return { state: "already", because };
}

function stale(because: string): LookVerdict {
  return { state: "stale", because };
}
