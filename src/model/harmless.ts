import { latePattern } from "./late-pattern.ts";

/**
 * A text chosen by somebody else, safe to print: control characters, escape sequences, line breaks and characters that are
 * invisible or turn the reading direction stand there as `\n` or `\u{202e}`. Everything else is as it was, backslashes too.
 */
export function harmless(text: string): string {
  // Most texts are plain, and a plan may have millions: what is printable ASCII needs no closer look.
  return PRINTABLE.test(text) ? text : text.replace(findDangerous(), escapeCharacter);
}

const PRINTABLE = /^[ -~]*$/;

/** The text of a JSON document, with such characters escaped as JSON does it: the same value, safe to print. */
export function harmlessJson(text: string): string {
  return text.replace(findDangerous(), (character) => (character === "\n" ? character : escapeUnits(character)));
}

/**
 * Controls, bidi and zero-width characters, line and paragraph separators, halves of surrogate pairs, private use, and what
 * has no shape of its own and could make two names look the same (fillers, selectors, the Braille blank).
 */
const findDangerous = latePattern(
  String.raw`[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Default_Ignorable_Code_Point}\u2800]`,
  "gu",
);

const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function escapeCharacter(character: string): string {
  return SHORT[character] ?? `\\u{${Number(character.codePointAt(0)).toString(16)}}`;
}

function escapeUnits(character: string): string {
  return character
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}
