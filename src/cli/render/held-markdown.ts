import { nameRole, PATH_REASONS } from "../../model/access-words.ts";
import { pathPart } from "../../model/address.ts";
import type { AssertionFailure } from "../../model/assertion.ts";
import { HAZARD_TITLES, type HazardCode, type Step } from "../../model/change.ts";
import { clip, codeSpan } from "../../model/code-span.ts";
import type { Plan } from "../../model/plan.ts";
import { describeStandingOf, isApproved } from "./approvals-needed.ts";
import { countAssertions, groupFailures } from "./assertions-text.ts";
import { approveCommand, isFirstManaged, planCommand, UNSAVED } from "./held-text.ts";
import type { MarkdownSection } from "./markdown-fit.ts";
import { codeList, fenceBlock, SENTENCE_LENGTH } from "./markdown-text.ts";
import type { HeldView, PlanView } from "./plan-view.ts";

/** So many cases, paths, names and reasons are told of one thing. */
const MOST = 5;
const CASE_LENGTH = 300;

/** What a command that is told of may take: as much as any shell would. */
const COMMAND_LENGTH = 2_000;

/** Assertions that fail, what is blocked, and what is held with the command that releases it: never folded, and cut last. */
export function gateSections(
  plan: Plan,
  page: Pick<PlanView, "planFile" | "flags" | "planFlags" | "undo" | "isUnasked" | "standing">,
): readonly MarkdownSection[] {
  const view = { ...page, approvals: plan.approvals };
  const allHeld = plan.steps.filter(({ gate }) => gate.state === "held");
  const held = allHeld.filter((step) => !isApproved(step, view));
  const groups = [
    { title: "held until approved", steps: held.filter((step) => !isFirstManaged(step)) },
    {
      title: "held as one group: their class is managed authoritatively here for the first time",
      steps: held.filter(isFirstManaged),
    },
    {
      title: "approved: the next apply runs what is approved",
      steps: allHeld.filter((step) => isApproved(step, view)),
    },
  ];
  return [
    ...assertionSections(plan.assertions, plan.steps.length > 0 ? "would" : "does"),
    ...blockedSections(plan.steps),
    ...groups.flatMap(({ title, steps }) => heldSections(title, steps, view)),
    ...(held.length === 0 || view.isUnasked === true ? [] : [releaseSection(held, view)]),
  ];
}

/** Every assertion that fails, once, with its cases. */
export function assertionSections(
  failures: readonly AssertionFailure[],
  now: "would" | "does",
): readonly MarkdownSection[] {
  if (failures.length === 0) return [];
  const count = countAssertions(failures);
  const verb = now === "would" ? "would not hold" : `${count === 1 ? "does" : "do"} not hold`;
  return [
    {
      rank: 2,
      title: `\n#### ${count} ${count === 1 ? "assertion" : "assertions"} ${verb}\n\n`,
      entries: groupFailures(failures).map(assertionEntry),
      noun: ["assertion", "assertions"],
    },
  ];
}

function assertionEntry(group: readonly AssertionFailure[]): string {
  const more = group.length > MOST ? [`  - and ${group.length - MOST} more cases\n`] : [];
  return [
    ...group
      .slice(0, 1)
      .map(({ statement, source }) => `- ${codeSpan(statement, SENTENCE_LENGTH)} · ${codeSpan(source)}\n`),
    ...group.slice(0, MOST).map(({ place, detail, paths }) => {
      const through = paths.map(({ grant, role, reason }) => `${grant}: ${nameRole(role)} (${PATH_REASONS[reason]})`);
      const because = through.length === 0 ? "" : `, through ${codeList(through, MOST)}`;
      return `  - in ${codeSpan(place)}: ${codeSpan(detail, CASE_LENGTH)}${because}\n`;
    }),
    ...more,
  ].join("");
}

function blockedSections(steps: readonly Step[]): readonly MarkdownSection[] {
  const entries = steps.flatMap((step) => {
    const { gate } = step;
    if (gate.state !== "blocked") return [];
    return [
      `- ${codeSpan(`${step.op} ${step.address}`)}\n${whyLines(step, gate.by)}  - ${codeSpan(gate.release, SENTENCE_LENGTH)}\n`,
    ];
  });
  if (entries.length === 0) return [];
  const title = `\n#### ${countChanges(entries.length)} blocked: no approval releases ${entries.length === 1 ? "it" : "them"}\n\n`;
  return [{ rank: 0, title, entries, noun: ["blocked change", "blocked changes"] }];
}

function countChanges(count: number): string {
  return count === 1 ? "1 change is" : `${count} changes are`;
}

type View = Parameters<typeof gateSections>[1] & Pick<HeldView, "approvals">;

function heldSections(title: string, steps: readonly Step[], view: View): readonly MarkdownSection[] {
  if (steps.length === 0) return [];
  return [
    {
      rank: 1,
      title: `\n#### ${countChanges(steps.length)} ${title}\n\n`,
      entries: steps.map((step) => heldEntry(step, view)),
      noun: ["held change", "held changes"],
    },
  ];
}

function heldEntry(step: Step, view: View): string {
  const by = step.gate.state === "held" ? step.gate.by : [];
  const { loses = [], cascade } = step;
  return [
    `- ${view.isUnasked === true ? "" : `${codeSpan(step.id)} `}${codeSpan(`${step.op} ${step.address}`)}\n`,
    whyLines(step, by),
    ...approvalLines(step, view),
    ...(loses.length === 0
      ? []
      : [
          `  - takes access from: ${codeList(
            loses.map((person) => pathPart(person, 0)),
            MOST,
          )}\n`,
        ]),
    ...(cascade.length === 0 ? [] : [`  - goes with it: ${codeList(cascade, MOST)}\n`]),
    view.isUnasked === true || isApproved(step, view) ? "" : indent(shellBlock(approveCommand([step], view))),
  ].join("");
}

/** How many must approve it, and who has. */
function approvalLines(step: Step, view: View): readonly string[] {
  if (view.isUnasked === true) return [];
  const lines = describeStandingOf(step, view);
  const more = lines.length > MOST ? [`  - and ${lines.length - MOST} more approvals that do not count\n`] : [];
  return [...lines.slice(0, MOST).map((line) => `  - ${codeSpan(line, SENTENCE_LENGTH)}\n`), ...more];
}

/** Each hazard that holds or blocks the change: what it is; and the first cases of them. */
function whyLines(step: Step, by: readonly HazardCode[]): string {
  const cases = step.hazards
    .filter(({ code, detail }) => by.includes(code) && detail !== "")
    .map(({ detail }) => detail);
  const more = cases.length > MOST ? [`  - and ${cases.length - MOST} more reasons\n`] : [];
  return [
    `  - ${by.map((code) => HAZARD_TITLES[code]).join("; ")}\n`,
    ...cases.slice(0, MOST).map((detail) => `  - ${codeSpan(detail, CASE_LENGTH)}\n`),
    ...more,
  ].join("");
}

/** The one command for all that is held, and before it the one that saves the plan, where it is not saved. */
function releaseSection(held: readonly Step[], view: View): MarkdownSection {
  const save = view.planFile === undefined ? `\nSave the plan first:\n\n${shellBlock(planCommand(UNSAVED, view))}` : "";
  const all = held.length === 1 ? "" : `\nAll ${held.length} at once:\n\n${shellBlock(approveCommand("all", view))}`;
  return { rank: 1, title: `${save}${all}`, entries: [], noun: ["", ""] };
}

function shellBlock(command: string): string {
  return fenceBlock([clip(command, COMMAND_LENGTH)], "sh");
}

function indent(block: string): string {
  return block.replace(/^(?=.)/gmu, "  ");
}
