import type { AccessEntry } from "../../access/questions.ts";
import { type AccessPath, ASSUMPTIONS, type EffectiveAccess, type PathReason } from "../../model/access.ts";
import { type Address, pathOf } from "../../model/address.ts";
import { harmless } from "./harmless.ts";

/** How each path is told. */
const REASONS: Readonly<Record<PathReason, string>> = {
  "account-admin": "account admin",
  "organization-admin": "organization admin",
  "space-admin": "space admin",
  "space-role": "role in the space",
  "organization-fallback": "organization role, since the space is public",
  "organization-role": "role in the organization",
  "project-binding": "role on the project",
};

/** Where the manifest writes a grant: `file:line:column`; undefined when it does not. */
export type SourceOf = (grant: Address) => string | undefined;

/** What a person may do in a place, why, what cuts something off, and what would have to go to take it away. */
export function renderExplanation(
  { person, place, access }: AccessEntry,
  { sourceOf, hidden }: { readonly sourceOf: SourceOf; readonly hidden: readonly Address[] },
): string {
  const lines = [
    `${who(person)} on ${harmless(place)}: ${amount(access)}${access.isPending ? ", once the invitation is accepted" : ""}`,
    ...access.paths.map((path) => `  through ${renderPath(path, sourceOf)}`),
    ...access.cutOff.map((path) => `  cut off: ${renderPath(path, sourceOf)}`),
    ...access.assumptions.map((code) => `  assumed: ${ASSUMPTIONS[code]}`),
    ...(access.isLowerBound ? ["  There may be more: the contents of a role are not known."] : []),
    ...(access.permissions === "all"
      ? []
      : [...access.permissions].sort().map((permission) => `    ${harmless(permission)}`)),
    ...takeAway(access),
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
      `${subject === "person" ? who(entry.person) : harmless(entry.place)}: ${amount(entry.access)}${entry.access.isPending ? ", once the invitation is accepted" : ""}`,
      ...entry.access.paths.map((path) => `  through ${renderPath(path, sourceOf)}`),
    ]),
  );
}

/** A table for spreadsheets, one row for each path. Cells that a spreadsheet would take for a formula are made texts. */
export function renderEntriesCsv(entries: readonly AccessEntry[], sourceOf: SourceOf): string {
  const rows = entries.flatMap(({ person, place, access }) =>
    access.paths.map((path) => [
      pathOf(person)[0] ?? "",
      place,
      path.reason,
      roleName(path.role),
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

/** `binding:A/b/c/jane@acme.example: Project Editor (role on the project) · access.yaml:7:3`. */
export function renderPath(
  { reason, grant, role, permissions }: Omit<AccessPath, "permissions"> & Partial<AccessPath>,
  sourceOf: SourceOf,
): string {
  const source = sourceOf(grant);
  const contents = permissions === "unknown" ? "; its contents are not known" : "";
  return `${harmless(grant)}: ${harmless(roleName(role))} (${REASONS[reason]}${contents})${source === undefined ? "" : ` · ${harmless(source)}`}`;
}

function takeAway({ paths }: EffectiveAccess): readonly string[] {
  if (paths.length === 0) return [];
  const grants = [...new Set(paths.map(({ grant }) => harmless(grant)))];
  return [
    `  To take it away, ${grants.length === 1 ? "this would have" : "all of these would have"} to go or change: ${grants.join(", ")}`,
  ];
}

function roleName(role: string): string {
  return role.includes(":") ? (pathOf(role as Address)[0] ?? role) : role;
}

function who(person: Address): string {
  return harmless(pathOf(person)[0] ?? person);
}

function toText(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}
