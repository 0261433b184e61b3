import { type ChangeOp, type FieldChange, HAZARD_TITLES, REASON_WORDS, type Step } from "../../model/change.ts";
import type { Json } from "../../model/json.ts";
import { listSomePeople } from "./access-words.ts";
import { harmless } from "./harmless.ts";
import type { Paint } from "./paint.ts";
import { wrapList } from "./wrap-list.ts";

/** One change: its line with `+`, `~` or `-`, then why, what differs, what is dangerous, who has less by it, what goes with it. Ends with a line feed. */
export function renderStep(step: Step, paint: Paint): string {
  const lines = [
    `${paint[STEP_PAINTS[step.op]](`${STEP_MARKS[step.op]} ${step.op} ${harmless(step.address)}`)}${gateMark(step, paint)}`,
    `    ${whyLine(step)}`,
    ...renameLines(step),
    ...step.fields.flatMap((field) => fieldLines(field, step).map((line) => `    ${line}`)),
    ...specLines(step),
    ...worthSaying(step).map(
      (hazard) => `    ${paint.warning("!")} ${hazard.code}: ${hazardWords(hazard.code, hazard.detail)}`,
    ),
    ...loseLines(step),
    ...step.cascade.map((address) => `    goes with it: ${harmless(address)}`),
    ...step.notes.map((note) => `    note: ${harmless(note)}`),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

/** What a step changes, is dangerous by and takes along, one line each, without who loses by it: for comparing two steps. */
export function stepLines(step: Step): readonly string[] {
  return [
    ...step.fields.flatMap((field) => fieldLines(field, step)),
    ...specLines(step).map((line) => line.trim()),
    ...step.hazards.map(({ code, detail }) => `${code}: ${hazardWords(code, detail)}`),
    ...step.cascade.map((address) => `goes with it: ${harmless(address)}`),
  ];
}

/** That a new grant gives access goes without saying, unless that is what holds it. */
export function worthSaying({ op, hazards, gate }: Step): Step["hazards"] {
  const by = gate.state === "open" ? [] : gate.by;
  return op === "create" ? hazards.filter(({ code }) => code !== "widens-access" || by.includes(code)) : hazards;
}

/** The mark of each verb. */
export const STEP_MARKS: Readonly<Record<ChangeOp, string>> = { create: "+", update: "~", delete: "-" };

/** The paint of each verb. */
const STEP_PAINTS: Readonly<Record<ChangeOp, "added" | "changed" | "removed">> = {
  create: "added",
  update: "changed",
  delete: "removed",
};

function gateMark(step: Step, paint: Paint): string {
  if (step.gate.state === "open") return step.gate.by === undefined ? "" : "  open by policy.expire";
  return `  ${paint.strong(step.gate.state)} ${step.id}`;
}

/** Why a step is planned, where that is written, through which group, until when, and the words of its author. */
export function whyLine(step: Step): string {
  const parts = [REASON_WORDS[step.reason]];
  if (step.source !== undefined) parts.push(harmless(step.source));
  if (step.group !== undefined) parts.push(`through group:${harmless(step.group)}`);
  if (step.expires !== undefined) parts.push(`until ${harmless(step.expires)}`);
  if (step.justification !== undefined) parts.push(`because: ${harmless(step.justification)}`);
  return parts.join(" · ");
}

/** Whoever approves the step approves that these have less: of many the rest is named where the plan says who loses. */
function loseLines({ loses = [] }: Step): readonly string[] {
  const names = listSomePeople(loses, ", named below");
  return loses.length === 0 ? [] : wrapList("    takes access from: ", names, "        ");
}

function renameLines(step: Step): readonly string[] {
  return step.renamedFrom === undefined ? [] : [`    was ${harmless(step.renamedFrom)}`];
}

/** A set is told by what comes and what goes, anything else by before and after. */
function fieldLines(field: FieldChange, step: Step): readonly string[] {
  const { added = [], removed = [] } = field;
  if (added.length + removed.length === 0) return [fieldLine(field, step)];
  const name = harmless(field.field);
  return [
    ...added.map((member) => `${name}: + ${harmless(member)}`),
    ...removed.map((member) => `${name}: - ${harmless(member)}`),
  ];
}

function fieldLine(field: FieldChange, step: Step): string {
  const name = harmless(field.field);
  if (step.op === "create" && field.to !== undefined) return `${name}: ${valueText(field.to)}`;
  const unseen = step.hazards.some((hazard) => hazard.code === "blind") ? "(cannot be seen)" : "(not set)";
  const from = field.from === undefined ? unseen : valueText(field.from);
  const to = field.to === undefined ? "(not set)" : valueText(field.to);
  return `${name}: ${from} -> ${to}`;
}

/** What a creation makes and a deletion takes away, where the plan has no fields for it. */
function specLines(step: Step): readonly string[] {
  if (step.fields.length > 0 || step.op === "update") return [];
  const spec = { ...step.creation, ...(step.op === "create" ? step.to : step.from) };
  const prefix = step.op === "create" ? "" : "was ";
  return Object.entries(spec)
    .filter(([, value]) => value !== null)
    .map(([field, value]) => `    ${prefix}${harmless(field)}: ${valueText(value)}`);
}

/** A value, safe to print: JSON, so that a text that looks like a number or a boolean cannot be taken for one; a set is told by its members. */
export function valueText(value: Json): string {
  const members = membersOf(value);
  return members === undefined ? harmless(JSON.stringify(value)) : members.map(harmless).join(", ");
}

/** The members of a set, which a spec holds as an object of trues. */
function membersOf(value: Json): readonly string[] | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const entries = Object.entries(value);
  return entries.length > 0 && entries.every(([, member]) => member === true) ? entries.map(([key]) => key) : undefined;
}

/** A hazard in words, safe to print: its case, or what it is where that says no more. */
export function hazardWords(code: keyof typeof HAZARD_TITLES, detail: string): string {
  return detail === "" ? HAZARD_TITLES[code] : harmless(detail);
}
