import type { Position } from "../../model/diagnostic.ts";
import type { Placed } from "../../model/manifest.ts";
import type { Draft } from "../draft.ts";
import { FlatDrafts } from "../flat-grants.ts";
import { quoteName } from "../quote-name.ts";
import { type GrantLevel, predefinedRolesOf, resolveRole } from "../resolve-role.ts";
import { PROJECT_ROLES, predefinedLookalike, readPredefinedRole } from "../role-words.ts";
import { suggestWord } from "../suggest-word.ts";
import type { CheckContext } from "./check-context.ts";

/** Every role that is given exists, and can be given at that level. */
export function checkRoles({ draft, scopes, problems }: CheckContext): void {
  for (const { level, written } of scopes) {
    // Of many lines few say different roles.
    if (
      written.entries instanceof FlatDrafts &&
      written.entries.listRoles().every((role) => isKnown(draft, level, role))
    )
      continue;
    for (const { role } of written.entries.values()) checkRole({ draft, level, role }, problems);
  }
}

/** One role that is given exists, and can be given at that level. */
export function checkRole(
  { draft, level, role }: { readonly draft: Draft; readonly level: GrantLevel; readonly role: Placed<string> },
  problems: CheckContext["problems"],
): void {
  if (isKnown(draft, level, role.value)) return;
  if (isMisplaced(draft, role.value)) {
    problems.report("AX208", {
      at: role.at,
      detail: misplacedDetail(level, role.value),
      fix: misplacedFix(level, role.value),
    });
  } else {
    reportUnknown(draft, { level, name: role.value, at: role.at }, problems);
  }
}

function isKnown(draft: Draft, level: GrantLevel, name: string): boolean {
  const resolved = resolveRole(level, name);
  if (resolved === undefined) return false;
  if (readPredefinedRole(name) !== undefined || PROJECT_ROLES.includes(name) || draft.roles === undefined) return true;
  return draft.roles.entries.has(name);
}

/** True when the role exists somewhere, or is a predefined one in another spelling. */
function isMisplaced(draft: Draft, name: string): boolean {
  return predefinedLookalike(name) !== undefined || draft.roles?.entries.has(name) === true;
}

function misplacedDetail(level: GrantLevel, name: string): string {
  const quoted = quoteName(name);
  const possible = predefinedRolesOf(level).join(", ");
  if (level === "organization") {
    return `${quoted} cannot be given in an organization. Only predefined roles can: ${possible}.`;
  }
  if (level === "space") {
    return PROJECT_ROLES.includes(name)
      ? `${quoted} is a role for single projects, and cannot be given in a whole space.`
      : `${quoted} is not how a predefined role is written. They are: ${possible}.`;
  }
  return `${quoted} cannot be given on a project. Possible are custom roles and ${possible}.`;
}

function misplacedFix(level: GrantLevel, name: string): string {
  const lookalike = predefinedLookalike(name);
  const meant = lookalike === undefined ? undefined : COUNTERPARTS[level][lookalike];
  if (meant !== undefined) return `Did you mean "${meant}"?`;
  if (level === "organization") return "Give the custom role in a space or on a project.";
  return "Use one of the roles that are possible here.";
}

/** What is meant by a predefined role of another level, or of another spelling. */
const COUNTERPARTS: Readonly<Record<GrantLevel, Readonly<Record<string, string>>>> = {
  organization: predefinedByWord({
    "Project Viewer": "read-only",
    "Project Editor": "member",
    "Project Admin": "admin",
  }),
  space: predefinedByWord({ "Project Viewer": "read-only", "Project Editor": "member", "Project Admin": "admin" }),
  project: {
    admin: "Project Admin",
    member: "Project Editor",
    "read-only": "Project Viewer",
    "Project Viewer": "Project Viewer",
    "Project Editor": "Project Editor",
    "Project Admin": "Project Admin",
  },
};

function predefinedByWord(more: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return { admin: "admin", member: "member", "read-only": "read-only", annotator: "annotator", ...more };
}

/** A role where it is given. */
interface GivenRole {
  readonly level: GrantLevel;
  readonly name: string;
  readonly at: Position;
}

function reportUnknown(draft: Draft, { level, name, at }: GivenRole, problems: CheckContext["problems"]): void {
  const custom = level === "organization" ? [] : [...(draft.roles?.entries.values() ?? [])];
  const renamed = custom.find((role) => role.previously.some((old) => old.value === name));
  const meant = renamed?.name ?? suggestWord(name, [...predefinedRolesOf(level), ...custom.map((role) => role.name)]);
  const declared = custom.find((role) => role.name === meant);
  const isUndeclared = level === "organization" && draft.roles === undefined;
  problems.report("AX204", {
    at,
    detail: isUndeclared
      ? `No predefined role is called ${quoteName(name)}, and an organization has no others.`
      : `No role is called ${quoteName(name)} in this manifest or among the predefined roles.`,
    fix: meant === undefined ? unknownFix(level) : `Did you mean "${meant}"?`,
    ...(declared === undefined ? {} : { related: [{ at: declared.at, message: "The role is declared here." }] }),
  });
}

function unknownFix(level: GrantLevel): string {
  const possible = predefinedRolesOf(level).join(", ");
  return level === "organization" ? `Write one of: ${possible}.` : `Declare it in roles, or write one of: ${possible}.`;
}
