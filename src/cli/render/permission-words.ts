import { type AccessDelta, isPlaceholder, type SetName } from "../../model/access.ts";
import { harmless } from "./harmless.ts";

/** So many permissions are named; of more the number is told, and the name of their set in the JSON. */
export const NAMED = 8;

/** The permissions of each set of a plan. */
export type Sets = AccessDelta["sets"];

/** The permissions of a set that are known by name; `all` and `none` stand in no table. */
export function listPermissions(set: SetName, sets: Sets): readonly string[] {
  return membersOf(set, sets).filter((member) => !isPlaceholder(member));
}

/** `3 permissions`: what stands for a role of unknown contents is no permission, and is not counted. */
export function countPermissions(set: SetName, sets: Sets): string {
  const { length } = listPermissions(set, sets);
  return `${length} ${length === 1 ? "permission" : "permissions"}`;
}

/** The name of a set in brackets, where it is too long for its members to be named; else "". */
export function markOf(set: SetName, sets: Sets): string {
  return listPermissions(set, sets).length > NAMED ? ` [${harmless(set)}]` : "";
}

/** What a set holds by roles of unknown contents, in words; undefined where all of it is known. */
export function describeUnknownRoles(set: SetName, sets: Sets): string | undefined {
  const roles = membersOf(set, sets).filter(isPlaceholder).map(roleWords);
  if (roles.length === 0) return undefined;
  const [gives, whose] = roles.length === 1 ? ["gives", "its"] : ["give", "their"];
  return `what ${roles.join(" and ")} ${gives} there (${whose} contents are not known)`;
}

/** `the organization role member` for `(organization role member)`. */
function roleWords(placeholder: string): string {
  const words = placeholder.slice(1, -1);
  if (words.endsWith("role ?"))
    return `${words.startsWith("organization") ? "an organization" : "a"} role that cannot be seen`;
  return `the ${harmless(words)}`;
}

function membersOf(set: SetName, sets: Sets): readonly string[] {
  return Object.hasOwn(sets, set) ? (sets[set] ?? []) : [];
}
