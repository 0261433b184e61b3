import { harmless } from "./harmless.ts";

/** A word as a POSIX shell reads it back; characters that a terminal must not see are shown escaped. */
export function quoteShellWord(word: string): string {
  const shown = harmless(word);
  if (/^[\w@%+=:,./-]+$/u.test(shown)) return shown;
  return `'${shown.replaceAll("'", "'\\''")}'`;
}
