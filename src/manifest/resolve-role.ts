import { formatAddress } from "../model/address.ts";
import type { RoleRef } from "../model/manifest.ts";
import { PREDEFINED_WORDS, PROJECT_ROLES, predefinedLookalike, readPredefinedRole } from "./role-words.ts";

/** Where a role is given. */
export type GrantLevel = "organization" | "space" | "project";

/** The role a word stands for at a level; undefined when it can stand for none there. Whether a custom role is declared is not asked. */
export function resolveRole(level: GrantLevel, word: string): RoleRef | undefined {
  const known = RESOLVED[level];
  const found = known.get(word);
  if (found !== undefined) return found;
  const role = resolveWord(level, word);
  if (role !== undefined && known.size < MOST_KNOWN) known.set(word, role);
  return role;
}

/** Few roles are given many times, and each of them is to be one text in memory. */
const RESOLVED: Readonly<Record<GrantLevel, Map<string, RoleRef>>> = {
  organization: new Map(),
  space: new Map(),
  project: new Map(),
};
const MOST_KNOWN = 1000;

function resolveWord(level: GrantLevel, word: string): RoleRef | undefined {
  const predefined = readPredefinedRole(word);
  if (predefined !== undefined) return level === "project" ? undefined : predefined;
  if (level === "organization") return undefined;
  if (PROJECT_ROLES.includes(word)) return level === "project" ? formatAddress("role", [word]) : undefined;
  return predefinedLookalike(word) === undefined ? formatAddress("role", [word]) : undefined;
}

/** The predefined roles that can be given at a level, as a manifest writes them. */
export function predefinedRolesOf(level: GrantLevel): readonly string[] {
  return level === "project" ? PROJECT_ROLES : PREDEFINED_WORDS;
}
