import type { PredefinedRole } from "../model/manifest.ts";

/** The predefined roles of organizations and spaces, by the word a manifest uses. */
export const PREDEFINED_WORDS: readonly PredefinedRole[] = ["admin", "member", "read-only", "annotator"];

/** The predefined roles of projects, by their exact names. */
export const PROJECT_ROLES: readonly string[] = ["Project Viewer", "Project Editor", "Project Admin"];

const SPELLINGS: ReadonlyMap<string, PredefinedRole> = new Map([
  ...PREDEFINED_WORDS.map((word) => [word, word] as const),
  ["read_only", "read-only"],
  ["readOnly", "read-only"],
  ["READ_ONLY", "read-only"],
]);

/** The predefined role that a word stands for; undefined for every other word. Case matters. */
export function readPredefinedRole(word: string): PredefinedRole | undefined {
  return SPELLINGS.get(word);
}

/** The predefined role that a name could be taken for, whatever its case and separators, as the manifest would write it. */
export function predefinedLookalike(name: string): string | undefined {
  return BY_FLAT_WORD.get(flatten(name));
}

function flatten(name: string): string {
  return name.toLowerCase().replace(/[\s_-]/gu, "");
}

const BY_FLAT_WORD: ReadonlyMap<string, string> = new Map(
  [...PREDEFINED_WORDS, ...PROJECT_ROLES].map((word) => [flatten(word), word]),
);
