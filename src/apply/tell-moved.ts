import { type ApprovedDeed, describeDeed, type HeldApproval } from "../model/approval.ts";
import type { ChangeId, Step } from "../model/change.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import { isSameJson, type Json } from "../model/json.ts";
import type { Spec } from "../model/resource.ts";

/** Says of an approved change that is not planned what moved since, as far as the approval tells what it was. */
export function describeUnplanned(id: ChangeId, approval: HeldApproval, steps: readonly Step[]): Diagnostic {
  const deed = approval.deeds?.find((each) => each.id === id);
  if (deed === undefined) return describeGone(id, approval);
  const step = steps.find(({ address }) => address === deed.address);
  if (step === undefined) return describeGone(id, approval);
  return {
    code: "AX369",
    severity: "warning",
    summary: "An approval is for another state",
    detail: `${approval.by} approved ${id} (${deed.op} ${deed.address}), and now it is ${step.id}: ${describeMoves(deed, step).join("; ")}.`,
    fix: "Have it approved again.",
  };
}

function describeGone(id: ChangeId, { by }: HeldApproval): Diagnostic {
  return {
    code: "AX402",
    severity: "note",
    summary: "An approval is for a change that is not planned",
    detail: `${by} approved ${id}, which is not in this plan: it is done, no longer wanted, or what it changes has moved since.`,
  };
}

/** An approval that says of a change what it is not was not written by axcess: whoever gave it saw something else. */
export function describeMistold(id: ChangeId, approval: HeldApproval, step: Step): Diagnostic | undefined {
  const deed = approval.deeds?.find((each) => each.id === id);
  if (deed === undefined || isSameDeed(deed, step)) return undefined;
  return {
    code: "AX370",
    severity: "error",
    summary: "An approval tells of another change",
    detail: `The approval of ${approval.by} says that ${id} is ${deed.op} ${deed.address}, and it is ${step.op} ${step.address}: ${describeMoves(deed, step).join("; ")}.`,
    fix: "Find out who changed the file, and have it approved again.",
  };
}

function isSameDeed(deed: ApprovedDeed, step: Step): boolean {
  return isSameJson({ ...deed }, describeDeed(step));
}

function describeMoves(deed: ApprovedDeed, step: Step): readonly string[] {
  const moves = [
    ...(deed.address === step.address ? [] : ["it is somewhere else"]),
    ...(deed.op === step.op ? [] : [`it was to ${deed.op} and is to ${step.op}`]),
    ...(isSameJson(deed.remote, step.remote) ? [] : ["another object has taken its place"]),
    ...describeFields("before", deed.from, step.from),
    ...describeFields("after", deed.to, step.to),
  ];
  return moves.length > 0 ? moves : ["whom it hits, or what goes with it, has moved"];
}

function describeFields(when: string, was: Spec = {}, is: Spec = {}): readonly string[] {
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])].sort();
  return names
    .filter((name) => !isSameJson(was[name], is[name]))
    .map((name) => `${when}, ${name} was ${valueText(was[name])} and is ${valueText(is[name])}`);
}

function valueText(value: Json | undefined): string {
  return value === undefined ? "not there" : JSON.stringify(value);
}
