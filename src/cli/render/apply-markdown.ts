import type { ApplyReport, StepResult, StepState } from "../../apply/report.ts";
import type { Standing } from "../../engine/standing.ts";
import { codeCell, codeSpan } from "../../model/code-span.ts";
import type { Plan } from "../../model/plan.ts";
import { renderClosing } from "./closing-text.ts";
import { fitSections, type MarkdownSection } from "./markdown-fit.ts";
import { fenceBlock, fencesFor, SENTENCE_LENGTH, writeMarker } from "./markdown-text.ts";
import { peopleSections } from "./people-markdown.ts";
import { summarizeReport } from "./report-text.ts";
import { stepDiff } from "./step-diff.ts";

/** What an apply came to, and the files of the manifest as they were named. */
export interface ApplyPage {
  readonly plan: Plan;
  readonly report: ApplyReport;
  readonly standing: Standing;
  /** What is left, by a look taken afterwards; undefined where none was taken. */
  readonly remaining: Plan | undefined;
  readonly files: readonly string[];
}

/** So many lines of what is left are told. */
const LEFT = 40;

/**
 * An apply as a comment on the pull request that was merged: the verdict and the counts, what was not done and why, what is left,
 * who approved what, who has more and who has less now, and the changes that were made, folded.
 */
export function renderApplyMarkdown(page: ApplyPage): string {
  const { plan, report, remaining } = page;
  const isWhole = report.results.every(({ state }) => state === "done" || state === "already");
  return fitSections(
    [
      headSection(page),
      ...troubleSection(report),
      ...(remaining === undefined ? [] : [leftSection(report, remaining)]),
      ...approvalSection(page),
      // What only a part of the changes gives or takes nobody has worked out.
      ...(isWhole ? peopleSections(plan) : []),
      ...doneSection(report),
    ],
    "All of it is in the ledger: `axcess ledger show`.",
  );
}

/** What is told where a saved plan no longer fits, and nothing was done. */
export function renderStaleMarkdown(
  plan: Plan,
  { files, movement, again }: { readonly files: readonly string[]; readonly movement: string; readonly again: string },
): string {
  const lines = movement.split("\n").filter((line) => line !== "");
  const { open, close } = fencesFor(lines, "text");
  return fitSections(
    [
      {
        ...BARE,
        title: `${titleOf(plan, files)}: nothing was changed\n\nThe account or the manifest moved since the plan was made. What moved:\n\n`,
        entries: lines.map((line) => `${line}\n`),
        noun: ["line", "lines"],
        ...{ open, close },
      },
      { ...BARE, title: `\nPlan again:\n\n${fenceBlock([again], "sh")}` },
    ],
    "The rest is in the log.",
  );
}

const BARE = { rank: 0, title: "", entries: [], noun: ["", ""] } as const satisfies MarkdownSection;

function titleOf({ account, basis }: Plan, files: readonly string[]): string {
  const name = account.name ?? account.url;
  const of = basis.undo === undefined ? "Apply to" : `Undo of ${codeSpan(basis.undo)} on`;
  return `${writeMarker("apply", [name, ...files])}### ${of} ${codeSpan(name)}`;
}

function headSection({ plan, report, files }: ApplyPage): MarkdownSection {
  const stopped = report.stopped === undefined ? "" : `\n${codeSpan(report.stopped, SENTENCE_LENGTH)}\n`;
  const title = `${titleOf(plan, files)}: ${judge(report)}\n\n**${summarizeReport(report)}**\n${stopped}`;
  return { ...BARE, title };
}

/** The verdict, gravest first. */
function judge({ results, interrupted, stopped }: ApplyReport): string {
  const count = (...states: readonly StepState[]): number =>
    results.filter(({ state }) => states.includes(state)).length;
  const [failed, waits] = [count("failed", "stale"), count("held", "blocked")];
  const problems = [
    ...(interrupted ? ["it was interrupted"] : []),
    ...(stopped === undefined ? [] : ["it stopped early"]),
    ...(failed === 0 ? [] : [`${failed} ${failed === 1 ? "change" : "changes"} could not be made`]),
    ...(waits === 0 ? [] : [`${waits} ${waits === 1 ? "change waits" : "changes wait"}`]),
  ];
  if (problems.length > 0) return problems.join(", ");
  return results.length === 0 ? "nothing to do" : "everything in it was done";
}

function troubleSection({ results }: ApplyReport): readonly MarkdownSection[] {
  const rows = results.filter(({ state, notes }) => (state !== "done" && state !== "already") || notes.length > 0);
  if (rows.length === 0) return [];
  return [
    {
      rank: 1,
      title: "\n#### What was not simply done\n",
      open: "\n| what became of it | change | why |\n| --- | --- | --- |\n",
      entries: rows.map(troubleRow),
      noun: ["change", "changes"],
    },
  ];
}

function troubleRow({ step, state, because, notes }: StepResult): string {
  const why = [...(because === undefined ? [] : [because]), ...notes].map((text) => codeCell(text, SENTENCE_LENGTH));
  return `| ${state} | ${codeCell(`${step.op} ${step.address}`)}<br>${codeCell(step.id)} | ${why.join("<br>")} |\n`;
}

function leftSection(report: ApplyReport, remaining: Plan): MarkdownSection {
  const lines = renderClosing(report, remaining)
    .split("\n")
    .filter((line) => line !== "");
  const { open, close } = fencesFor(lines, "text");
  return {
    ...{ rank: 2, title: "\nBy a look taken afterwards:\n\n", noun: ["line", "lines"], open, close },
    entries: lines.slice(0, LEFT).map((line) => `${line}\n`),
    ...(lines.length > LEFT && { end: `\nand ${lines.length - LEFT} more.\n` }),
  };
}

/** Who approved what was done: each approval that counted. */
function approvalSection({ report, standing }: ApplyPage): readonly MarkdownSection[] {
  const rows = report.results
    .filter(({ state }) => state === "done")
    .flatMap(({ step }) =>
      (standing.get(step.id)?.counted ?? []).map(
        ({ by, at, reason }) =>
          `| ${[`${step.op} ${step.address}`, by, at, reason].map((text) => codeCell(text)).join(" | ")} |\n`,
      ),
    );
  if (rows.length === 0) return [];
  return [
    {
      rank: 3,
      title: "\n#### Approved\n",
      open: "\n| change | by | at | because |\n| --- | --- | --- | --- |\n",
      entries: rows,
      noun: ["approval", "approvals"],
    },
  ];
}

function doneSection({ results }: ApplyReport): readonly MarkdownSection[] {
  const diffs = results.filter(({ state }) => state === "done").map(({ step }) => stepDiff(step));
  if (diffs.length === 0) return [];
  return [
    {
      rank: 9,
      title: `\n<details><summary>Changes that were made (${diffs.length})</summary>\n\n`,
      entries: diffs.map((lines) => lines.map((line) => `${line}\n`).join("")),
      ...fencesFor(diffs.flat(), "diff"),
      noun: ["change", "changes"],
      end: "\n</details>\n",
    },
  ];
}
