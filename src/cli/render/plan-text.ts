import { spellLimits } from "../../engine/spell-limits.ts";
import { HAZARD_TITLES, type Step } from "../../model/change.ts";
import type { Plan } from "../../model/plan.ts";
import { renderAssertions } from "./assertions-text.ts";
import { renderDiagnostics } from "./diagnostics-text.ts";
import { harmless } from "./harmless.ts";
import { renderHeld } from "./held-text.ts";
import { renderPeople } from "./people-text.ts";
import { describePart, summarizePlan } from "./plan-summary.ts";
import type { PlanView } from "./plan-view.ts";
import { quoteShellWord } from "./quote-shell-word.ts";
import { renderStep } from "./step-text.ts";

/**
 * A plan for people: what cannot be known, changes in run order, who gains and who loses, assertions that would not hold, what
 * is blocked and held, what was withheld, what lapses, what is not managed, one summary line. Sections with nothing to say are
 * left out; an empty plan is the line "No changes.". In brief it is what keeps it from being all done, and that line.
 */
export function renderPlan(plan: Plan, view: PlanView): string {
  const atLength = (text: () => string): string => (view.isBrief === true ? "" : text());
  const sections = [
    plan.shard === undefined ? "" : `${describePart(plan.shard)}\n`,
    section("What cannot be known", renderDiagnostics(plan.unknowns, view.paint), view),
    atLength(() => section(changesTitle(plan), changes(plan, view), view)),
    atLength(() => section("Who gains and who loses, once all of it is done", renderPeople(plan, view.paint), view)),
    section(assertionsTitle(plan), renderAssertions(plan.assertions, view.paint), view),
    atLength(() => section("Worth knowing", renderDiagnostics(worthKnowing(plan), view.paint), view)),
    section("Blocked: no approval releases these", blocked(plan.steps, view), view),
    renderHeld(plan.steps, { ...view, approvals: plan.approvals }),
    section(
      "Withheld: these removals are not planned, since their class could not be read whole",
      withheld(plan),
      view,
    ),
    section(
      "Not read whole: whether anything would have to go there is not known",
      toText(plan.incomplete.map((key) => `  ${harmless(key)}`)),
      view,
    ),
    atLength(() => section("Lapses soon, by the clock", lapses(plan), view)),
    atLength(() => unmanaged(plan)),
    atLength(() => section("Made with these flags", limitWords(plan), view)),
    `${summaryLine(plan, view)}\n`,
  ];
  return sections.filter((text) => text !== "").join("\n");
}

function summaryLine(plan: Plan, view: PlanView): string {
  const digest = plan.steps.length === 0 ? "" : `  ${view.paint.faint(plan.digest)}`;
  return `${view.paint.strong(summarizePlan(plan, "Plan", view))}${digest}`;
}

function section(title: string, body: string, view: PlanView): string {
  return body === "" ? "" : `${view.paint.strong(title)}\n${body}`;
}

function changesTitle(plan: Plan): string {
  const back = plan.basis.undo === undefined ? "" : ` that take ${harmless(plan.basis.undo)} back`;
  return `Changes to ${accountName(plan)}${back}, in the order they run`;
}

function accountName(plan: Plan): string {
  const { name, url } = plan.account;
  return name === undefined ? harmless(url) : `${harmless(name)} (${harmless(url)})`;
}

/** Mere notes explain changes: where there are none, only warnings are worth a reader's time. */
function worthKnowing({ steps, notes }: Plan): Plan["notes"] {
  return steps.length > 0 ? notes : notes.filter(({ severity }) => severity !== "note");
}

/** Where nothing changes, an assertion that fails fails already. */
function assertionsTitle({ steps }: Plan): string {
  return steps.length > 0 ? "Assertions that would not hold" : "Assertions that do not hold";
}

function changes(plan: Plan, view: PlanView): string {
  return plan.steps.map((step) => renderStep(step, view.paint)).join("");
}

function blocked(steps: readonly Step[], view: PlanView): string {
  const lines = steps.flatMap((step) => {
    if (step.gate.state !== "blocked") return [];
    return [
      `  ${view.paint.error("blocked")} ${step.op} ${harmless(step.address)}`,
      ...step.gate.by.map((code) => `      ${code}: ${HAZARD_TITLES[code]}`),
      `      ${harmless(step.gate.release)}`,
    ];
  });
  return toText(lines);
}

function withheld(plan: Plan): string {
  return toText(plan.withheld.map((address) => `  ${harmless(address)}`));
}

function lapses(plan: Plan): string {
  return toText(
    plan.lapses.map((lapse) => `  ${lapse.expires}  ${harmless(lapse.address)}  ${harmless(lapse.source)}`),
  );
}

function unmanaged(plan: Plan): string {
  const counts = Object.entries(plan.unmanaged).filter(([, number]) => number > 0);
  const words = counts.map(([kind, number]) => `${harmless(kind)} ${number}`).join(", ");
  return counts.length === 0 ? "" : `Exists and is not managed: ${words}\n`;
}

function limitWords(plan: Plan): string {
  const words = plan.basis.rotate === undefined ? spellLimits(plan.limits) : [];
  return words.length === 0 ? "" : `  ${words.map(quoteShellWord).join(" ")}\n`;
}

function toText(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}
