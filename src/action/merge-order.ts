import type { GitHub } from "./github-api.ts";
import { ActionError, required } from "./inputs.ts";
import { readRun } from "./job-event.ts";
import { listOf, numberOf, textOf } from "./json-field.ts";
import type { Machine } from "./machine.ts";
import { findMerged } from "./reviewed-plan.ts";

/** A merge whose own apply was cancelled, so that it is left to this one. */
export interface Dropped {
  readonly commit: string;
  /** Undefined where it was pushed without a pull request. */
  readonly pull?: { readonly number: number; readonly author: string };
}

/** So many runs are looked at; the newest first. */
const MOST_RUNS = 100;

/**
 * The merges before this one whose applies GitHub cancelled, newest first: of those that wait it keeps the last alone. Throws
 * ActionError where a later commit had its apply already, since the manifest of this one would take things back.
 */
export async function findDropped(machine: Machine, github: GitHub): Promise<readonly Dropped[]> {
  const [path = "", ref = ""] = required(machine.env, "GITHUB_WORKFLOW_REF").split("@");
  const branch = encodeURIComponent(ref.replace(/^refs\/heads\//u, ""));
  const file = encodeURIComponent(path.split("/").at(-1) ?? "");
  const answer = await github.get(`/actions/workflows/${file}/runs?event=push&branch=${branch}&per_page=${MOST_RUNS}`);
  if (answer === undefined) {
    throw new ActionError(
      "GitHub does not tell the runs of this workflow, and so not whether a later merge was applied. Does the job have the right `actions: read`?",
    );
  }
  const { number } = readRun(machine);
  const runs = [...listOf(answer, "workflow_runs")].sort(
    (a, b) => numberOf(b, "run_number") - numberOf(a, "run_number"),
  );
  const later = runs.find((run) => numberOf(run, "run_number") > number && isOver(run));
  if (later !== undefined) {
    throw new ActionError(
      `Run ${numberOf(later, "run_number")} of this workflow had a later commit to apply, and has ended: the manifest of this commit is older, and nothing of it is applied. Run that one again, or open a pull request: its plan has all that is left.`,
    );
  }
  const earlier = runs.filter((run) => numberOf(run, "run_number") < number);
  const last = earlier.findIndex(isOver);
  const between = last < 0 ? earlier : earlier.slice(0, last);
  const cancelled = between.filter((run) => textOf(run, "conclusion") === "cancelled");
  return Promise.all(cancelled.map((run) => describeDropped(github, textOf(run, "head_sha"))));
}

/** Whether a run came to its end by itself; one that was cancelled, or had nothing to run, did not. */
function isOver(run: unknown): boolean {
  return (
    textOf(run, "status") === "completed" &&
    !["cancelled", "skipped", "startup_failure"].includes(textOf(run, "conclusion"))
  );
}

async function describeDropped(github: GitHub, commit: string): Promise<Dropped> {
  const [pull] = await findMerged(github, commit);
  if (pull === undefined) return { commit };
  return { commit, pull: { number: numberOf(pull, "number"), author: textOf(pull, "user", "login") } };
}

/** What is said of them where the newest merge is applied; "" where there are none. */
export function sayDropped(dropped: readonly Dropped[]): string {
  if (dropped.length === 0) return "";
  const names = dropped.map(({ commit, pull }) =>
    pull === undefined ? commit.slice(0, 12) : `#${pull.number} (${commit.slice(0, 12)})`,
  );
  return `GitHub cancelled the apply of ${names.join(", ")}, since of the merges that wait it keeps only the newest. The manifest that is applied here has it in it.`;
}
