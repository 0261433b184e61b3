import { latePattern } from "../model/late-pattern.ts";

const MAX_SHOWN = 80;
const findInvisible = latePattern(String.raw`[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]`, "gu");

/** A name in double quotes, fit to be printed: control, format and direction characters are escaped, long names cut. */
export function quoteName(name: string): string {
  const units = [...name.slice(0, MAX_SHOWN * 2)];
  const shown = units.slice(0, MAX_SHOWN).join("").replace(/["\\]/gu, "\\$&").replace(findInvisible(), escapeCharacter);
  return units.length > MAX_SHOWN ? `"${shown}…"` : `"${shown}"`;
}

/** True when a name holds a character that cannot be seen and may make it look like another. */
export function hasInvisible(name: string): boolean {
  // Most names are plain, and a manifest may have many: what is printable ASCII needs no closer look.
  return !PRINTABLE.test(name) && name.search(findInvisible()) >= 0;
}

const PRINTABLE = /^[ -~]*$/;

/** A text for inside of YAML's double quotes: what cannot be seen, line breaks aside, stands there as an escape. */
export function escapeInvisible(text: string): string {
  return text.replace(findInvisible(), (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16);
    if (character === "\n") return character;
    return code.length > 4 ? `\\U${code.padStart(8, "0")}` : `\\u${code.padStart(4, "0")}`;
  });
}

function escapeCharacter(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()}}`;
}
