import type { ChangeRecord, ChangeResult, RunRecord } from "../../model/history.ts";
import type { Json } from "../../model/json.ts";
import { isSameJson } from "../../model/json.ts";
import type { Happening } from "../../state/history.ts";
import { describeRules } from "./approvals-needed.ts";
import { harmless } from "./harmless.ts";
import type { Paint } from "./paint.ts";
import { quoteShellWord } from "./quote-shell-word.ts";
import { STEP_MARKS } from "./step-text.ts";

/** Runs with what each did, oldest first; an empty line between them. */
export function renderRuns(runs: readonly RunRecord[], paint: Paint): string {
  return runs.map((run) => toText(runLines(run, paint))).join("\n");
}

/** What happened to addresses, oldest first: a line each, and below it who approved it and what it was. */
export function renderHappenings(happenings: readonly Happening[], paint: Paint): string {
  return toText(happenings.flatMap((happening) => happeningLines(happening, paint)));
}

function runLines(run: RunRecord, paint: Paint): readonly string[] {
  const by = run.by === undefined ? "" : ` by ${harmless(run.by)}`;
  const words = [harmless(run.run), harmless(run.at), `${harmless(run.command ?? "settling")}${by}`, endWords(run)];
  const said = run.changes.length + run.adoptions.length + run.managed.length;
  const settled = said === 0 && run.rules === undefined && run.shards === undefined;
  return [
    paint.strong(words.join("  ")),
    ...(run.plan === undefined ? [] : [`  plan ${harmless(run.plan)}`]),
    ...(run.flags.length === 0 ? [] : [`  with ${run.flags.map(quoteShellWord).map(harmless).join(" ")}`]),
    ...run.changes.flatMap((change) => changeLines(change, paint)),
    ...run.adoptions.map(({ address }) => `  adopted    ${harmless(address)}`),
    ...run.managed.map((key) => `  managed authoritatively from now on: ${harmless(key)}`),
    ...(run.rules === undefined ? [] : [`  approvals from now on: ${describeRules(run.rules)}`]),
    ...(run.shards === undefined ? [] : [`  from now on in ${run.shards.of} shards by ${harmless(run.shards.by)}`]),
    ...(settled ? ["  changed nothing"] : []),
  ];
}

function endWords({ command, exit }: RunRecord): string {
  if (exit !== undefined) return `ended with ${exit}`;
  return command === undefined ? "before a run of its own" : "its end is not recorded";
}

function changeLines(change: ChangeRecord, paint: Paint): readonly string[] {
  const word = paint[RESULT_PAINTS[change.result]](RESULT_WORDS[change.result].padEnd(RESULT_WIDTH));
  const from = change.renamedFrom === undefined ? "" : `, was ${harmless(change.renamedFrom)}`;
  return [
    `  ${word} ${STEP_MARKS[change.op]} ${change.op} ${harmless(change.address)}${from}`,
    ...reasonLines(change),
    ...(change.settledBy === undefined ? [] : [`      found out by ${harmless(change.settledBy)}`]),
    ...(change.error === undefined ? [] : [`      ${harmless(change.error)}`]),
    ...change.cascade.map((address) => `      with it: ${harmless(address)}`),
  ];
}

/** Who let it happen. */
function reasonLines({ approvals, lapsed }: ChangeRecord): readonly string[] {
  return [
    ...approvals.map(
      ({ by, reason, key }) =>
        `      approved by ${harmless(by)}${key === undefined ? "" : `, signed with ${harmless(key)}`}: ${harmless(reason)}`,
    ),
    ...(lapsed ? ["      its time was over, and the policy lets such grants go"] : []),
  ];
}

const RESULT_WORDS: Readonly<Record<ChangeResult, string>> = {
  done: "done",
  "settled-done": "done",
  absent: "was gone",
  failed: "failed",
  "settled-not-done": "not done",
  unknown: "unknown",
  open: "in doubt",
};

const RESULT_WIDTH = Math.max(...Object.values(RESULT_WORDS).map((word) => word.length));

const RESULT_PAINTS = {
  done: "good",
  "settled-done": "good",
  absent: "good",
  failed: "error",
  "settled-not-done": "warning",
  unknown: "warning",
  open: "warning",
} as const satisfies Record<ChangeResult, keyof Paint>;

const WORDS: Readonly<Record<Happening["what"], string>> = {
  made: "made",
  changed: "changed",
  renamed: "renamed",
  removed: "removed",
  "went-along": "went along",
  adopted: "adopted",
  "in-doubt": "in doubt",
};

const WORD_WIDTH = Math.max(...Object.values(WORDS).map((word) => word.length));

function happeningLines(happening: Happening, paint: Paint): readonly string[] {
  const { address, at, run, by, what, change } = happening;
  const who = by === undefined ? harmless(run) : `${harmless(run)} by ${harmless(by)}`;
  return [
    `${harmless(at)}  ${paint.strong(WORDS[what].padEnd(WORD_WIDTH))}  ${harmless(address)}  ${who}`,
    ...(change === undefined ? [] : [...storyLines(happening, change), ...reasonLines(change)]),
  ];
}

/** What the change was, beside its verb. */
function storyLines({ what }: Happening, change: ChangeRecord): readonly string[] {
  if (what === "went-along") return [`      with ${harmless(change.address)}`];
  const renamed = change.renamedFrom === undefined ? [] : [`      was ${harmless(change.renamedFrom)}`];
  const doubt = what === "in-doubt" ? [`      whether ${change.op} took effect is not known`] : [];
  return [...renamed, ...doubt, ...fieldLines(change)];
}

function fieldLines({ op, from = {}, to = {} }: ChangeRecord): readonly string[] {
  if (op === "delete") return Object.entries(from).flatMap(([field, value]) => valueLine(`was ${field}`, value));
  if (op === "create") return Object.entries(to).flatMap(([field, value]) => valueLine(field, value));
  return Object.entries(to)
    .filter(([field, value]) => !isSameJson(from[field], value))
    .map(([field, value]) => `      ${harmless(field)}: ${valueText(from[field])} -> ${valueText(value)}`);
}

function valueLine(name: string, value: Json): readonly string[] {
  return value === null ? [] : [`      ${harmless(name)}: ${valueText(value)}`];
}

/** JSON; a set is told by its members. */
function valueText(value: Json | undefined): string {
  if (value === undefined) return "(not known)";
  if (value === null || typeof value !== "object" || Array.isArray(value)) return harmless(JSON.stringify(value));
  return Object.keys(value).map(harmless).join(", ");
}

function toText(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}
