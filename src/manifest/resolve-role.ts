import { formatAddress } from "../model/address.ts";
import type { RoleRef } from "../model/manifest.ts";
import { PREDEFINED_WORDS, PROJECT_ROLES, predefinedLookalike, readPredefinedRole } from "./role-words.ts";

/** Where a role is given. */
export type GrantLevel = "organization" | "space" | "project";

/** The role a word stands for at a level; undefined when it can stand for none there. Whether a custom role is declared is not asked. */
export function resolveRole(level: GrantLevel, word: string): RoleRef | undefined {
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
