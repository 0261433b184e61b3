import { harmless } from "./harmless.ts";

/** So many characters of one name are shown: no name is as long, unless somebody wants to hide something behind it. */
const NAME_LENGTH = 160;

/**
 * A foreign text as a code span of Markdown. Inside of it nothing means anything but a run of backticks as long as the fence, so
 * the fence is one longer than any; nothing is linked or mentioned there. Control, direction and invisible characters are escaped.
 */
export function codeSpan(text: string, most: number = NAME_LENGTH): string {
  return fenceSpan(clip(harmless(text), most));
}

/** The same within a cell of a table, where a pipe would end the cell even in a code span: it stands there escaped. */
export function codeCell(text: string, most: number = NAME_LENGTH): string {
  return fenceSpan(clip(harmless(text).replaceAll("|", "\\u{7c}"), most));
}

/** A text cut to so many characters, with an ellipsis where something is missing; no character is torn. */
export function clip(text: string, most: number): string {
  if (text.length <= most) return text;
  const characters = Array.from(text.slice(0, (most + 1) * 2));
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join("")}…`;
}

/** How many backticks stand beside each other at most. */
export function longestRun(text: string): number {
  return (text.match(/`+/gu) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0);
}

function fenceSpan(text: string): string {
  const fence = "`".repeat(longestRun(text) + 1);
  // A space at both ends is taken away again by every reader of Markdown, unless there is nothing else.
  const isBare = text !== "" && (/^ +$/u.test(text) || !/^[ `]|[ `]$/u.test(text));
  return isBare ? `${fence}${text}${fence}` : `${fence} ${text} ${fence}`;
}
