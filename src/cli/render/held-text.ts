import { HAZARD_TITLES, type Step } from "../../model/change.ts";
import { describeStandingOf, isApproved } from "./approvals-needed.ts";
import { harmless } from "./harmless.ts";
import type { HeldView, PlanView } from "./plan-view.ts";
import { quoteShellWord } from "./quote-shell-word.ts";

/** What waits for an approval, why, and the exact command that gives it, or that it is asked for below; what is held as a first-managed group stands under its own heading. */
export function renderHeld(steps: readonly Step[], view: HeldView): string {
  const held = steps.filter((step) => step.gate.state === "held");
  const first = held.filter(isFirstManaged);
  const others = held.filter((step) => !isFirstManaged(step));
  const groups = [
    { title: "Held until approved", group: others },
    { title: "Held as one group: their class is managed authoritatively here for the first time", group: first },
  ];
  return groups
    .map(({ title, group }) => renderGroup(title, group, { view, isAll: countWaiting(group, view) === held.length }))
    .filter((text) => text !== "")
    .join("\n");
}

/** True for a change that is held since its class is managed authoritatively here for the first time. */
export function isFirstManaged(step: Step): boolean {
  return step.gate.state === "held" && step.gate.by.includes("first-managed");
}

function countWaiting(steps: readonly Step[], view: HeldView): number {
  return steps.filter((step) => !isApproved(step, view)).length;
}

interface Group {
  /** What no approval releases yet. */
  readonly steps: readonly Step[];
  /** True when nothing else of the plan is held. */
  readonly isAll: boolean;
}

function renderGroup(
  title: string,
  steps: readonly Step[],
  { view, isAll }: { readonly view: HeldView; readonly isAll: boolean },
): string {
  if (steps.length === 0) return "";
  const group = { steps: steps.filter((step) => !isApproved(step, view)), isAll };
  const lines = [
    view.paint.strong(title),
    ...steps.flatMap((step) => heldLines(step, view)),
    ...releaseLines(group, view),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

/** Whoever is asked right below need not save the plan and begin anew. */
function releaseLines(group: Group, view: PlanView): readonly string[] {
  if (group.steps.length === 0) return ["  nothing more is needed: what is approved runs with the next apply"];
  if (view.asksBelow === true) return ["  to release: axcess asks below, for what no approvals file releases already"];
  if (view.isUnasked === true) return ["  to release: approve the plan of the account"];
  return [
    ...(view.planFile === undefined ? [`  save the plan first: ${planCommand(UNSAVED, view)}`] : []),
    `  to release: ${releaseCommand(group, view)}`,
    ...(view.rotate === undefined ? [] : [`  then: ${command(["apply", view.planFile ?? UNSAVED], view.flags)}`]),
  ];
}

function heldLines(step: Step, view: HeldView): readonly string[] {
  const why = step.gate.state === "held" ? step.gate.by.map((code) => HAZARD_TITLES[code]).join("; ") : "";
  const gate = isApproved(step, view) ? view.paint.strong("approved") : view.paint.warning("held");
  return [
    `  ${gate} ${step.id}  ${step.op} ${harmless(step.address)}`,
    ...[why, ...describeStandingOf(step, view)].map((line) => `      ${line}`),
  ];
}

/** The command that makes a plan again and saves it. */
export function planCommand(file: string, view: Pick<PlanView, "flags" | "planFlags" | "undo" | "rotate">): string {
  const ofManifest = view.rotate === undefined ? ["plan"] : ["keys", "rotate", view.rotate];
  const words = view.undo === undefined ? ofManifest : ["undo", view.undo];
  return command([...words, "--out", file], [...view.flags, ...view.planFlags]);
}

/** Where the plan is told to be saved when it is not yet. */
export const UNSAVED = "plan.json";

/** From so many changes on, naming each is longer than anybody reads. */
const TOO_MANY_TO_NAME = 6;

function releaseCommand({ steps, isAll }: Group, view: PlanView): string {
  const isLong = isAll && steps.length >= TOO_MANY_TO_NAME;
  // A rotation on demand has another id each time it is planned.
  const isPassing = view.rotate !== undefined && view.planFile === undefined;
  return approveCommand(isLong || isPassing ? "all" : steps, view);
}

/** The command that approves these changes, or all that are held. */
export function approveCommand(steps: readonly Step[] | "all", view: Pick<PlanView, "planFile" | "flags">): string {
  const ids = steps === "all" ? ["--all"] : steps.flatMap((step) => ["--only", step.id]);
  return `${command(["approve", view.planFile ?? UNSAVED, ...ids], view.flags)} --reason "WHY"`;
}

function command(words: readonly string[], flags: readonly string[]): string {
  return ["axcess", ...words, ...flags].map(quoteShellWord).join(" ");
}
