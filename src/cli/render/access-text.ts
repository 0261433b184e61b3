import type { AccessEntry } from "../../access/questions.ts";
import { type AccessPath, ASSUMPTIONS, type EffectiveAccess } from "../../model/access.ts";
import { nameRole, PATH_REASONS } from "../../model/access-words.ts";
import { type Address, pathPart } from "../../model/address.ts";
import { namePerson } from "./access-words.ts";
import { harmless } from "./harmless.ts";

/** Where the manifest writes a grant: `file:line:column`; undefined when it does not. */
export type SourceOf = (grant: Address) => string | undefined;

/** What an explanation tells beside the access itself. */
interface Beside {
  readonly sourceOf: SourceOf;
  /** Grants that cannot be seen. */
  readonly hidden: readonly Address[];
  /** The access before the plan, where the question is asked of one. */
  readonly before?: EffectiveAccess | undefined;
}

/** What a person may do in a place, why, what cuts something off, and what would have to go to take it away. */
export function renderExplanation(
  { person, place, access }: AccessEntry,
  { sourceOf, hidden, before }: Beside,
): string {
  const lines = [
    `${namePerson(person)} on ${harmless(place)}: ${amount(access)}${access.isPending ? ", once the invitation is accepted" : ""}`,
    ...access.paths.map((path) => `  through ${renderPath(path, sourceOf)}`),
    ...access.cutOff.map((path) => `  cut off: ${renderPath(path, sourceOf)}`),
    ...access.assumptions.map((code) => `  assumed: ${ASSUMPTIONS[code]}`),
    ...(access.isLowerBound ? ["  There may be more: the contents of a role are not known."] : []),
    ...(access.permissions === "all"
      ? []
      : [...access.permissions].sort().map((permission) => `    ${harmless(permission)}`)),
    ...takeAway(access),
    ...(before === undefined ? [] : compareWithBefore(before, access)),
    ...hidden.map((grant) => `  Whether there is ${harmless(grant)} beside cannot be seen: the admin right hides it.`),
  ];
  return toText(lines);
}

/** One line for each entry: person or place, how much, and through what. */
export function renderEntries(
  entries: readonly AccessEntry[],
  subject: "person" | "place",
  sourceOf: SourceOf,
): string {
  if (entries.length === 0) return subject === "person" ? "Nobody.\n" : "Nothing.\n";
  return toText(
    entries.flatMap((entry) => [
      `${subject === "person" ? namePerson(entry.person) : harmless(entry.place)}: ${amount(entry.access)}${entry.access.isPending ? ", once the invitation is accepted" : ""}`,
      ...entry.access.paths.map((path) => `  through ${renderPath(path, sourceOf)}`),
    ]),
  );
}

/** A table for spreadsheets, one row for each path. Cells that a spreadsheet would take for a formula are made texts. */
export function renderEntriesCsv(entries: readonly AccessEntry[], sourceOf: SourceOf): string {
  const rows = entries.flatMap(({ person, place, access }) =>
    access.paths.map((path) => [
      pathPart(person, 0),
      place,
      path.reason,
      nameRole(path.role),
      path.grant,
      sourceOf(path.grant) ?? "",
      access.isPending ? "pending" : "active",
    ]),
  );
  const header = ["person", "place", "reason", "role", "grant", "source", "state"];
  return [header, ...rows].map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

function cell(text: string): string {
  const plain = harmless(text);
  const safe = /^[=+\-@\t]/u.test(plain) ? `'${plain}` : plain;
  return /[",\r\n]/u.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function amount({ permissions, isLowerBound }: EffectiveAccess): string {
  if (permissions === "all") return "everything";
  if (permissions.size === 0) return isLowerBound ? "not known" : "nothing";
  return `${isLowerBound ? "at least " : ""}${permissions.size} ${permissions.size === 1 ? "permission" : "permissions"}`;
}

/** What was there before a plan, and which permissions come and go by it. */
function compareWithBefore(before: EffectiveAccess, after: EffectiveAccess): readonly string[] {
  const [gained, lost] = [listMissing(after, before), listMissing(before, after)];
  return [
    `  before the plan: ${amount(before)}`,
    ...(gained.length === 0 ? [] : [`    gained by it: ${gained.join(", ")}`]),
    ...(lost.length === 0 ? [] : [`    lost by it: ${lost.join(", ")}`]),
  ];
}

/** What one access has and the other lacks, sorted; nothing where either is everything, since that is told by its amount. */
function listMissing({ permissions }: EffectiveAccess, other: EffectiveAccess): readonly string[] {
  const others = other.permissions;
  if (permissions === "all" || others === "all") return [];
  return [...permissions]
    .filter((permission) => !others.has(permission))
    .sort()
    .map(harmless);
}

/** `binding:A/b/c/jane@acme.io: Project Editor (role on the project) · access.yaml:7:3`. */
export function renderPath(
  { reason, grant, role, permissions }: Omit<AccessPath, "permissions"> & Partial<AccessPath>,
  sourceOf: SourceOf,
): string {
  const source = sourceOf(grant);
  const contents = permissions === "unknown" ? "; its contents are not known" : "";
  return `${harmless(grant)}: ${harmless(nameRole(role))} (${PATH_REASONS[reason]}${contents})${source === undefined ? "" : ` · ${harmless(source)}`}`;
}

function takeAway({ paths }: EffectiveAccess): readonly string[] {
  if (paths.length === 0) return [];
  const grants = [...new Set(paths.map(({ grant }) => harmless(grant)))];
  return [
    `  To take it away, ${grants.length === 1 ? "this would have" : "all of these would have"} to go or change: ${grants.join(", ")}`,
  ];
}

function toText(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}
