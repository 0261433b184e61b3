import type { ApplyReport, StepState } from "../../apply/report.ts";
import type { Plan } from "../../model/plan.ts";
import { countAssertions } from "./assertions-text.ts";
import { harmless } from "./harmless.ts";
import { summarizePlan } from "./plan-summary.ts";
import { STEP_MARKS } from "./step-text.ts";

/** The last lines of an apply: what is left, by a look taken after it; or one sentence that says that nothing is, and how far that is known. */
export function renderClosing(report: ApplyReport, left: Plan): string {
  const { steps, withheld, incomplete, assertions } = left;
  if (steps.length + withheld.length + incomplete.length + assertions.length === 0) {
    return `${upperFirst(`${troubles(report)}${nothingLeft(report, left)}${doubts(left)}`)}.\n`;
  }
  const lines = [
    steps.length > 0 ? summarizePlan(left, "Left") : describeNoStep(left),
    ...steps.map(
      (step) => `  ${STEP_MARKS[step.op]} ${step.op} ${harmless(step.address)}  ${step.gate.state} ${step.id}`,
    ),
    ...withheld.map((address) => `  withheld ${harmless(address)}`),
    ...incomplete.map((key) => `  not read whole ${harmless(key)}`),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function describeNoStep({ withheld, incomplete, assertions }: Plan): string {
  const failing = countAssertions(assertions);
  const sentences = [
    ...(withheld.length + incomplete.length > 0 ? ["not everything could be judged"] : []),
    ...(failing === 0 ? [] : [`${failing} ${failing === 1 ? "assertion does" : "assertions do"} not hold`]),
  ];
  return `No step is left, but ${sentences.join(", and ")}.`;
}

/** Which steps of the run did not do what they were for: what is so now came about in another way. */
function troubles({ results, stopped }: ApplyReport): string {
  const counts = NOT_DONE.flatMap((state) => {
    const number = results.filter((result) => result.state === state).length;
    return number === 0 ? [] : [`${number} ${state}`];
  });
  const words = [...(stopped === undefined ? [] : ["the run stopped early"]), ...counts];
  return words.length === 0 ? "" : `${words.join(", ")}; even so `;
}

const NOT_DONE: readonly StepState[] = ["failed", "stale", "skipped", "held", "blocked"];

function nothingLeft({ results }: ApplyReport, { basis, limits }: Plan): string {
  if (basis.undo !== undefined) return `all of ${harmless(basis.undo)} that can be undone is undone`;
  const rotated = results.find(({ step, state }) => step.address === basis.rotate?.address && state === "done");
  if (rotated !== undefined) return `${harmless(rotated.step.address)} has a new secret`;
  const isWhole = limits.targets.length + limits.excludes.length === 0;
  return isWhole ? "the account now matches the manifest" : "what this run was limited to now matches the manifest";
}

/** How far the sentence is not the whole truth. */
function doubts({ unknowns, notes }: Plan): string {
  const byHand = notes.filter(({ code }) => code === BY_HAND).length;
  const differences = byHand === 1 ? "1 difference that has" : `${byHand} differences that have`;
  return [
    ...(unknowns.some(({ severity }) => severity !== "note") ? [", as far as it can be seen"] : []),
    ...(byHand === 0 ? [] : [`, but for ${differences} to be settled by hand (${BY_HAND})`]),
  ].join("");
}

/** A difference that no call can settle: no step, and yet no match. */
const BY_HAND = "AX308";

/** Addresses begin as they are written. */
function upperFirst(sentence: string): string {
  return /^(?:the|all|what) /u.test(sentence) ? `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}` : sentence;
}
