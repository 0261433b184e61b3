import type { FieldChange, Step } from "../../model/change.ts";
import { clip } from "../../model/code-span.ts";
import { namePerson } from "./access-words.ts";
import { harmless } from "./harmless.ts";
import { hazardWords, STEP_MARKS, valueText, whyLine, worthSaying } from "./step-text.ts";

/** Bounds of what one change says of itself, so that each fits on a page whatever it is. */
const LINES = 40;
const LINE_LENGTH = 240;
const WEIGHT = 4_000;

/** One change as lines of a diff: what comes begins with `+`, what goes with `-`, the line of an update with `!`, all else with a space. */
export function stepDiff(step: Step): readonly string[] {
  const lines = [
    `${MARKS[step.op]} ${step.op} ${harmless(step.address)}${gateWords(step)}`,
    `      ${whyLine(step)}`,
    ...(step.renamedFrom === undefined ? [] : [`-     was ${harmless(step.renamedFrom)}`]),
    ...step.fields.flatMap((field) => fieldLines(field, step)),
    ...specLines(step),
    ...worthSaying(step).map(({ code, detail }) => `      ! ${code}: ${hazardWords(code, detail)}`),
    ...(step.loses ?? []).map((person) => `      takes access from: ${namePerson(person)}`),
    ...step.cascade.map((address) => `-     goes with it: ${harmless(address)}`),
    ...step.notes.map((note) => `      note: ${harmless(note)}`),
  ];
  return bound(lines.map((line) => clip(line, LINE_LENGTH)));
}

/** GitHub draws lines with `!` as changed. */
const MARKS: Readonly<Record<Step["op"], string>> = { ...STEP_MARKS, update: "!" };

function gateWords({ gate, id }: Step): string {
  if (gate.state === "open") return gate.by === undefined ? "" : "  open by policy.expire";
  return `  ${gate.state} ${harmless(id)}`;
}

function fieldLines({ field, from, to, added = [], removed = [] }: FieldChange, step: Step): readonly string[] {
  const name = harmless(field);
  if (added.length + removed.length > 0) {
    return [
      ...removed.map((member) => `-     ${name}: ${harmless(member)}`),
      ...added.map((member) => `+     ${name}: ${harmless(member)}`),
    ];
  }
  const isUnseen = from === undefined && step.hazards.some(({ code }) => code === "blind");
  return [
    ...(from === undefined ? [] : [`-     ${name}: ${valueText(from)}`]),
    ...(isUnseen ? [`-     ${name}: (cannot be seen)`] : []),
    ...(to === undefined ? [] : [`+     ${name}: ${valueText(to)}`]),
  ];
}

/** What a creation makes and a deletion takes away, where the plan has no fields for it. */
function specLines(step: Step): readonly string[] {
  if (step.fields.length > 0 || step.op === "update") return [];
  const spec = { ...step.creation, ...(step.op === "create" ? step.to : step.from) };
  return Object.entries(spec)
    .filter(([, value]) => value !== null)
    .map(([field, value]) => `${STEP_MARKS[step.op]}     ${harmless(field)}: ${valueText(value)}`);
}

/** As many lines as one change may take, and how many more there are. */
function bound(lines: readonly string[]): readonly string[] {
  const kept: string[] = [];
  let weight = 0;
  for (const line of lines) {
    weight += line.length;
    if (kept.length === LINES || weight > WEIGHT)
      return [...kept, `      and ${lines.length - kept.length} more lines`];
    kept.push(line);
  }
  return kept;
}
