import type { AccountRole, MemberRole } from "../rows.ts";

const ROLE_WORDS = {
  ADMIN: "admin",
  MEMBER: "member",
  READ_ONLY: "readOnly",
  ANNOTATOR: "annotator",
} as const satisfies Record<MemberRole, string>;

/** Spells a role as GraphQL does. */
export function spellRole(role: MemberRole | AccountRole): string {
  return ROLE_WORDS[role];
}

/** Reads a role as GraphQL spells it. */
export function readRole(word: string): MemberRole | undefined {
  return (Object.keys(ROLE_WORDS) as MemberRole[]).find((role) => ROLE_WORDS[role] === word);
}
