import { keepIssue } from "./drift-issue.ts";
import { connectGitHub } from "./github-api.ts";
import { ActionError, type Inputs } from "./inputs.ts";
import { readRun } from "./job-event.ts";
import { addSummary, printError, printNotice } from "./job-log.ts";
import { textOf } from "./json-field.ts";
import { saveLedger } from "./ledger-branch.ts";
import type { Machine } from "./machine.ts";
import type { Dropped } from "./merge-order.ts";
import { type Prepared, type Result, recallPrepared, recallResult } from "./notes.ts";
import { sayExit } from "./page-text.ts";
import { postSticky } from "./sticky-comment.ts";

/** With the token and without the key: keeps the ledger, tells what came of it, and ends as axcess did. */
export async function stepAfter(machine: Machine, inputs: Inputs): Promise<number> {
  const prepared = await recallPrepared(machine, inputs);
  const result = await recallResult(machine, inputs);
  if (result === undefined) {
    printError(machine, "Nothing came of it: see the log of the steps before.");
    return 1;
  }
  await addSummary(machine, result.page);
  const deeds: readonly (() => Promise<void>)[] = [
    () => keepLedger(machine, inputs, prepared),
    () => TELLS[inputs.mode](machine, inputs, { prepared, result }),
    ...(prepared.dropped ?? []).map((dropped) => () => tellDropped(machine, inputs, { prepared, result, dropped })),
  ];
  let hasFailed = false;
  for (const deed of deeds) {
    try {
      await deed();
    } catch (error) {
      if (!(error instanceof ActionError)) throw error;
      printError(machine, error.message);
      hasFailed = true;
    }
  }
  const exit = isFailure(inputs, result.exit) ? result.exit : 0;
  if (exit !== 0) printError(machine, `axcess ${inputs.mode} ended with ${exit}: ${result.because ?? sayExit(exit)}.`);
  return exit === 0 && hasFailed ? 1 : exit;
}

/** Changes are what a plan is for, and drift is told by its issue. */
function isFailure({ mode }: Inputs, exit: number): boolean {
  if (mode === "drift") return exit !== 0 && exit !== 2 && exit !== 3;
  return exit !== 0;
}

interface Came {
  readonly prepared: Prepared;
  readonly result: Result;
}

type Tell = (machine: Machine, inputs: Inputs, came: Came) => Promise<void>;

const TELLS: Readonly<Record<Inputs["mode"], Tell>> = {
  validate: async () => undefined,
  plan: tellPlan,
  apply: tellApply,
  drift: tellDrift,
};

async function keepLedger(machine: Machine, inputs: Inputs, { ledger }: Prepared): Promise<void> {
  if (inputs.mode !== "apply" || ledger === undefined) return;
  await saveLedger(machine, connectGitHub(machine), inputs, ledger);
}

/** A run for a fork may write nothing: its plan stands in the summary. */
async function tellPlan(machine: Machine, inputs: Inputs, { prepared: { pull }, result }: Came): Promise<void> {
  if (pull === undefined) return;
  if (machine.env["INPUT_COMMENT"] === "false") return;
  const run = readRun(machine);
  const github = connectGitHub(machine);
  const marker = `<!-- axcess-plan ${inputs.name} -->`;
  try {
    const now = textOf(await github.get(`/pulls/${pull.number}`), "head", "sha");
    const posted =
      now !== "" && now !== pull.head
        ? "outdated"
        : await postSticky(github, {
            issue: pull.number,
            marker,
            head: pull.head,
            run,
            page: withFoot(result, run.url, pull.head),
          });
    if (posted === "outdated")
      printNotice(machine, "A later commit has a comment of its own; this plan is in the summary.");
  } catch (error) {
    if (!(error instanceof ActionError) || pull.isFork !== true) throw error;
    printNotice(machine, "A run for a fork cannot comment; what it says is in the summary.");
  }
}

async function tellApply(machine: Machine, inputs: Inputs, { prepared: { pull }, result }: Came): Promise<void> {
  if (pull === undefined) return;
  const run = readRun(machine);
  const marker = `<!-- axcess-apply ${inputs.name} -->`;
  const page = withFoot(result, run.url, run.commit);
  await postSticky(connectGitHub(machine), { issue: pull.number, marker, head: run.commit, run, page });
}

/** A merge whose own apply was cancelled is told on its pull request what became of it. */
async function tellDropped(
  machine: Machine,
  inputs: Inputs,
  { prepared, result, dropped: { commit, pull } }: Came & { readonly dropped: Dropped },
): Promise<void> {
  if (pull === undefined) return;
  const run = readRun(machine);
  const by = prepared.pull === undefined ? "a later commit" : `#${prepared.pull.number}`;
  const came =
    result.exit === 0
      ? "The account matches that manifest now, so nothing of this pull request is left to do."
      : "What is left of this pull request is in the plan of the next one, also of one that changes nothing but a comment.";
  const page = `### Apply: by a later merge: ${sayExit(result.exit)}\n\nGitHub cancelled the apply of ${commit.slice(0, 12)}, since of the merges that wait it keeps only the newest. The apply of ${by}, whose manifest has this change in it, ended with ${result.exit}. ${came}\n\nOf ${run.commit.slice(0, 12)}, by [this run](${run.url}).\n`;
  const marker = `<!-- axcess-apply ${inputs.name} -->`;
  await postSticky(connectGitHub(machine), { issue: pull.number, marker, head: run.commit, run, page });
}

async function tellDrift(machine: Machine, inputs: Inputs, { result: { exit, page } }: Came): Promise<void> {
  const verdict = exit === 0 ? "clean" : exit === 2 || exit === 3 ? "drift" : "unsure";
  const run = readRun(machine);
  const done = await keepIssue(connectGitHub(machine), { name: inputs.name, page, run, verdict });
  machine.print(`Issue: ${done}.\n`);
}

function withFoot({ page, outputs }: Result, url: string, commit: string): string {
  const plan =
    outputs["artifact"] === undefined || outputs["plan-file"] === undefined ? "" : " Its artifact holds `plan.json`.";
  return `${page}\nOf ${commit.slice(0, 12)}, by [this run](${url}).${plan}\n`;
}
