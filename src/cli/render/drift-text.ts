import type { LastRecord } from "../../engine/find-records.ts";
import type { AssertionFailure } from "../../model/assertion.ts";
import type { FieldChange } from "../../model/change.ts";
import type { Json } from "../../model/json.ts";
import { type Drift, type DriftItem, type DriftSort, sourceOfDrift } from "../../plan/find-drift.ts";
import { renderAssertions } from "./assertions-text.ts";
import { harmless } from "./harmless.ts";
import type { Paint } from "./paint.ts";
import { quoteShellWord } from "./quote-shell-word.ts";

/** All that a report of drift says. */
export interface DriftView {
  readonly drift: Drift;
  /** Assertions that do not hold on the account as it is. */
  readonly failures: readonly AssertionFailure[];
  readonly records: ReadonlyMap<DriftItem, LastRecord>;
  /** Why the audit log could not be read. */
  readonly because: string | undefined;
  readonly flags: readonly string[];
}

/** What is otherwise than axcess left it, thing by thing, then what does not hold, then what is only waiting for an apply. */
export function renderDrift({ drift, failures, records, because, flags }: DriftView, paint: Paint): string {
  const lines = [
    ...drift.items.flatMap((item) => itemLines(item, records.get(item), paint)),
    ...(because === undefined
      ? []
      : [`Who did it is not known, since the audit log cannot be read: ${harmless(because)}`]),
    ...(failures.length === 0 ? [] : ["Assertions that do not hold on the account"]),
  ];
  const ahead = drift.ahead.length === 0 ? "" : `Not applied yet: ${drift.ahead.length}, see ${planCommand(flags)}\n`;
  return [
    ...lines.map((line) => `${line}\n`),
    renderAssertions(failures, paint),
    ahead,
    `${summarizeDrift(drift.items)}\n`,
  ].join("");
}

/** The command that shows what an apply would still do. */
export function planCommand(flags: readonly string[]): string {
  return ["axcess", "plan", ...flags].map(quoteShellWord).join(" ");
}

/** The sorts in the order in which they are counted. */
const SORTS: readonly DriftSort[] = ["changed", "missing", "extra", "expired"];

/** `Drift: 2 changed, 1 extra.`, or `No drift.` */
export function summarizeDrift(items: readonly DriftItem[]): string {
  if (items.length === 0) return "No drift.";
  const counts = SORTS.map((sort) => ({ sort, count: items.filter((item) => item.sort === sort).length }));
  return `Drift: ${counts.flatMap(({ sort, count }) => (count === 0 ? [] : [`${count} ${sort}`])).join(", ")}.`;
}

const PAINTS = {
  changed: "changed",
  missing: "removed",
  extra: "added",
  expired: "warning",
} as const satisfies Record<DriftSort, keyof Paint>;

function itemLines(item: DriftItem, record: LastRecord | undefined, paint: Paint): readonly string[] {
  const source = sourceOfDrift(item);
  const place = source === undefined ? "" : ` · ${harmless(source)}`;
  const group = item.group === undefined ? "" : ` · through group:${harmless(item.group)}`;
  return [
    `${paint[PAINTS[item.sort]](item.sort.padEnd(7))}  ${harmless(item.address)}${place}${group}`,
    ...item.fields.flatMap(driftFieldLines).map((line) => `    ${line}`),
    ...(item.sort === "extra" || item.sort === "expired" ? driftSpecLines(item).map((line) => `    ${line}`) : []),
    ...(item.movedTo === undefined ? [] : [`    it is there under another name: ${harmless(item.movedTo)}`]),
    ...(record === undefined ? [] : [`    ${recordWords(record)}`]),
  ];
}

/** The newest change of a thing in words, safe to print. */
function recordWords({ by, at, operation }: LastRecord): string {
  const deed = operation === "" ? "" : ` (${harmless(operation)})`;
  return `last recorded change: by ${harmless(by)} at ${harmless(at)}${deed}`;
}

/** A set is told by what came and what went, anything else by what the manifest says and what is there. */
export function driftFieldLines({ field, from, to, added = [], removed = [] }: FieldChange): readonly string[] {
  const name = harmless(field);
  if (added.length + removed.length === 0) return [`${name}: ${valueText(from)} -> ${valueText(to)}`];
  return [
    ...added.map((member) => `${name}: + ${harmless(member)}`),
    ...removed.map((member) => `${name}: - ${harmless(member)}`),
  ];
}

/** What is there, field by field, safe to print. */
export function driftSpecLines({ spec = {} }: DriftItem): readonly string[] {
  return Object.entries(spec)
    .filter(([, value]) => typeof value === "string" || typeof value === "boolean")
    .map(([field, value]) => `${harmless(field)}: ${valueText(value)}`);
}

function valueText(value: Json | undefined): string {
  return value === undefined || value === null ? "(not set)" : harmless(JSON.stringify(value));
}
