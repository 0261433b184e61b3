import { codeSpan } from "../../model/code-span.ts";
import type { Diagnostic } from "../../model/diagnostic.ts";
import { formatPosition } from "../../model/diagnostic.ts";
import type { Plan } from "../../model/plan.ts";
import { spellSharding } from "../../model/shard.ts";
import { countAssertions } from "./assertions-text.ts";
import { gateSections } from "./held-markdown.ts";
import { planCommand, UNSAVED } from "./held-text.ts";
import { fitSections, type MarkdownSection, pointTo } from "./markdown-fit.ts";
import { codeList, fencesFor, SENTENCE_LENGTH, writeMarker } from "./markdown-text.ts";
import { peopleSections } from "./people-markdown.ts";
import { countApproved, describePart, summarizePlan } from "./plan-summary.ts";
import type { PlanView } from "./plan-view.ts";
import { quoteShellWord } from "./quote-shell-word.ts";
import { stepDiff } from "./step-diff.ts";

/** How a plan is shown on a page. */
export interface PlanPage
  extends Pick<PlanView, "planFile" | "flags" | "planFlags" | "undo" | "isUnasked" | "standing"> {
  /** The files of the manifest as they were named: with the account they tell this page from others of the repository. */
  readonly files: readonly string[];
  /** Markdown that stands below the verdict. */
  readonly preface?: string;
}

/**
 * A plan as a comment on a pull request, at most 65,536 characters: a hidden marker line, the verdict and the counts, what cannot
 * be known, people, what fails, is blocked and held, then the changes and the rest, folded. What does not fit is left out from the
 * least important part upwards, and counted.
 */
export function renderPlanMarkdown(plan: Plan, page: PlanPage): string {
  const whole = pointTo(page.planFile, planCommand(UNSAVED, page));
  const sections: readonly MarkdownSection[] = [
    headSection(plan, page),
    ...listSection({ rank: 3, title: "What cannot be known", noun: ["point", "points"] }, plan.unknowns.map(noteEntry)),
    ...listSection(
      { rank: 3, title: "Withheld, since their class could not be read whole", noun: ["removal", "removals"] },
      plan.withheld.map((address) => `- ${codeSpan(address)}\n`),
    ),
    ...listSection(
      {
        rank: 4,
        title: "Not read whole: whether anything would have to go there is not known",
        noun: ["class", "classes"],
      },
      plan.incomplete.map((key) => `- ${codeSpan(key)}\n`),
    ),
    ...peopleSections(plan),
    ...gateSections(plan, page),
    ...changesSection(plan),
    ...foldedSections(plan),
    footSection(plan, page.planFlags),
  ];
  return fitSections(sections, whole);
}

/** A problem or a note in one line: its code, its place, and all that it says. */
export function noteEntry({ code, summary, detail, fix, at }: Diagnostic): string {
  const text = [`${summary}.`, detail, fix ?? ""].filter((part) => part !== "").join(" ");
  const place = at === undefined ? "" : ` · ${codeSpan(formatPosition(at))}`;
  return `- ${codeSpan(code)} ${codeSpan(text, SENTENCE_LENGTH)}${place}\n`;
}

function headSection(plan: Plan, page: PlanPage): MarkdownSection {
  const { undo } = plan.basis;
  const account = plan.account.name ?? plan.account.url;
  const of = undo === undefined ? "Plan for" : `Undo of ${codeSpan(undo)} on`;
  const title = [
    writeMarker(undo === undefined ? "plan" : "undo", [account, ...page.files, ...spellSharding(plan.shard)]),
    `### ${of} ${codeSpan(account)}: ${judge(plan, page)}\n\n`,
    `**${summarizePlan(plan, "Plan", page)}**\n`,
    ...(plan.shard === undefined ? [] : [`\n${describePart(plan.shard)}\n`]),
    page.preface ?? "",
  ].join("");
  return { rank: 0, title, entries: [], noun: ["", ""] };
}

/** The verdict, gravest first. */
function judge({ steps, assertions, withheld, incomplete }: Plan, page: PlanPage): string {
  const [blocked, approved] = [countGate(steps, "blocked"), countApproved(steps, page)];
  const held = countGate(steps, "held") - approved;
  const failing = countAssertions(assertions);
  const problems = [
    ...(blocked === 0 ? [] : [`${countWords(blocked, "change is", "changes are")} blocked`]),
    ...(failing === 0 ? [] : [`${countWords(failing, "assertion fails", "assertions fail")}`]),
    ...(withheld.length + incomplete.length === 0 ? [] : ["not everything could be read"]),
    ...(held === 0 ? [] : [`${countWords(held, "change waits", "changes wait")} for an approval`]),
    ...(approved === 0 ? [] : [countWords(approved, "held change is approved", "held changes are approved")]),
  ];
  if (problems.length > 0) return problems.join(", ");
  return steps.length === 0 ? "no changes" : "everything in it can be applied";
}

function countGate(steps: Plan["steps"], state: string): number {
  return steps.filter(({ gate }) => gate.state === state).length;
}

function countWords(count: number, one: string, several: string): string {
  return `${count} ${count === 1 ? one : several}`;
}

function listSection(
  { title, ...section }: Pick<MarkdownSection, "rank" | "title" | "noun">,
  entries: readonly string[],
): readonly MarkdownSection[] {
  return entries.length === 0 ? [] : [{ ...section, title: `\n#### ${title} (${entries.length})\n\n`, entries }];
}

function changesSection({ steps }: Plan): readonly MarkdownSection[] {
  const diffs = steps.map(stepDiff);
  return foldedSection(
    { rank: 9, title: "Changes, in the order they run", noun: ["change", "changes"] },
    {
      entries: diffs.map((lines) => lines.map((line) => `${line}\n`).join("")),
      ...fencesFor(diffs.flat(), "diff"),
    },
  );
}

/** What explains and what is to come, folded. Where nothing changes, mere notes explain nothing. */
function foldedSections({ steps, notes, lapses }: Plan): readonly MarkdownSection[] {
  const worth = steps.length > 0 ? notes : notes.filter(({ severity }) => severity !== "note");
  return [
    ...foldedSection({ rank: 10, title: "Worth knowing", noun: ["note", "notes"] }, { entries: worth.map(noteEntry) }),
    ...foldedSection(
      { rank: 11, title: "Lapses soon, by the clock", noun: ["grant", "grants"] },
      {
        entries: lapses.map(
          ({ expires, address, source }) => `- ${codeSpan(expires)} ${codeSpan(address)} · ${codeSpan(source)}\n`,
        ),
      },
    ),
  ];
}

function foldedSection(
  { title, ...section }: Pick<MarkdownSection, "rank" | "title" | "noun">,
  body: Pick<MarkdownSection, "entries" | "open" | "close">,
): readonly MarkdownSection[] {
  if (body.entries.length === 0) return [];
  const summary = `\n<details><summary>${title} (${body.entries.length})</summary>\n\n`;
  return [{ ...section, ...body, title: summary, end: "\n</details>\n" }];
}

function footSection({ unmanaged, digest, steps }: Plan, flags: readonly string[]): MarkdownSection {
  const counts = Object.entries(unmanaged).filter(([, number]) => number > 0);
  const lines = [
    ...(counts.length === 0
      ? []
      : [
          `Exists and is not managed: ${codeList(
            counts.map(([kind, number]) => `${kind} ${number}`),
            30,
          )}`,
        ]),
    ...(flags.length === 0 ? [] : [`Made with ${codeSpan(flags.map(quoteShellWord).join(" "), SENTENCE_LENGTH)}`]),
    ...(steps.length === 0 ? [] : [`Digest: ${codeSpan(digest)}`]),
  ];
  return { rank: 0, title: lines.map((line) => `\n${line}\n`).join(""), entries: [], noun: ["", ""] };
}
