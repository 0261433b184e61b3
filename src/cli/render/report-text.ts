import type { ApplyReport, StepResult, StepState } from "../../apply/report.ts";
import { harmless } from "./harmless.ts";
import type { Paint } from "./paint.ts";
import { STEP_MARKS } from "./step-text.ts";

/** What became of a plan: every step that was not simply done, what the platform did otherwise, and one summary line. */
export function renderReport(report: ApplyReport, paint: Paint): string {
  const lines = [
    ...report.results.filter(isWorthALine).flatMap((result) => resultLines(result, paint)),
    ...(report.stopped === undefined ? [] : [paint.error(harmless(report.stopped))]),
    paint.strong(summarizeReport(report)),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

/** `done      + create space:Platform Team/team-alpha`: the line of one step, told when its result stands. */
export function renderResultLine(result: StepResult, paint: Paint): string {
  const { step, state } = result;
  const word = paint[STATE_PAINTS[state]](state.padEnd(STATE_WIDTH));
  return `${word} ${STEP_MARKS[step.op]} ${step.op} ${harmless(step.address)}`;
}

/** `Apply: 3 done, 1 held.`, or `Nothing to apply.`. */
export function summarizeReport(report: ApplyReport): string {
  const parts = STATES.flatMap((state) => {
    const number = report.results.filter((result) => result.state === state).length;
    return number === 0 ? [] : [`${number} ${STATE_WORDS[state]}`];
  });
  const head = report.interrupted ? "Apply was interrupted" : "Apply";
  return parts.length === 0 ? "Nothing to apply." : `${head}: ${parts.join(", ")}.`;
}

const STATE_WORDS: Readonly<Record<StepState, string>> = {
  done: "done",
  already: "already so",
  failed: "failed",
  stale: "stale",
  skipped: "skipped",
  held: "held",
  blocked: "blocked",
};

const STATES = Object.keys(STATE_WORDS) as readonly StepState[];

const STATE_WIDTH = Math.max(...STATES.map((state) => state.length));

const STATE_PAINTS = {
  done: "good",
  already: "good",
  failed: "error",
  stale: "error",
  skipped: "warning",
  held: "warning",
  blocked: "error",
} as const satisfies Record<StepState, keyof Paint>;

function isWorthALine(result: StepResult): boolean {
  return result.state !== "done" || result.notes.length > 0;
}

function resultLines(result: StepResult, paint: Paint): readonly string[] {
  return [
    renderResultLine(result, paint),
    ...(result.because === undefined ? [] : [`    ${harmless(result.because)}`]),
    ...result.notes.map((note) => `    note: ${harmless(note)}`),
  ];
}
