import { createHash } from "node:crypto";
import { harmless } from "./harmless.ts";

/** So many characters of one name are shown: no name is as long, unless somebody wants to hide something behind it. */
const NAME_LENGTH = 160;
/** So many characters of one sentence, or of a line in a fenced block. */
export const SENTENCE_LENGTH = 600;

/**
 * A foreign text as a code span. Inside of it nothing means anything but a run of backticks as long as the fence, so the fence
 * is one longer than any; nothing is linked or mentioned there. Control, direction and invisible characters are escaped.
 */
export function codeSpan(text: string, most: number = NAME_LENGTH): string {
  return fenceSpan(clip(harmless(text), most));
}

/** The same within a cell of a table, where a pipe would end the cell even in a code span: it stands there escaped. */
export function codeCell(text: string, most: number = NAME_LENGTH): string {
  return fenceSpan(clip(harmless(text).replaceAll("|", "\\u{7c}"), most));
}

/** Code spans with commas between them; of many the first, and how many more there are. */
export function codeList(texts: readonly string[], most: number, write: (text: string) => string = codeSpan): string {
  const shown = texts.slice(0, most).map((text) => write(text));
  const more = texts.length > most ? [`and ${texts.length - most} more`] : [];
  return [...shown, ...more].join(", ");
}

/** The lines of a fenced block, and its fences; lines are clipped, and none of them can end it. */
export function fenceBlock(lines: readonly string[], language: string): string {
  const { open, close } = fencesFor(lines, language);
  return `${open}${lines.map((line) => `${line}\n`).join("")}${close}`;
}

/** Fences that none of the lines can end. The lines must hold no line breaks. */
export function fencesFor(
  lines: readonly string[],
  language: string,
): { readonly open: string; readonly close: string } {
  const fence = "`".repeat(Math.max(3, longestRun(lines.join("\n")) + 1));
  return { open: `${fence}${language}\n`, close: `${fence}\n` };
}

/** A text cut to so many characters, with an ellipsis where something is missing; no character is torn. */
export function clip(text: string, most: number): string {
  if (text.length <= most) return text;
  const characters = Array.from(text.slice(0, (most + 1) * 2));
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join("")}…`;
}

/**
 * The first line of everything that is posted: an HTML comment that is not shown, by which a job finds what it posted before. It
 * is the same for every plan of one account from the same files, and holds no digest and no time.
 */
export function writeMarker(what: string, words: readonly string[]): string {
  const parts = words.map((word) => encodeURIComponent(word.replace(/\p{Cs}/gu, "\ufffd")).replaceAll("--", "-%2D"));
  const key = parts.join(" ");
  const short = key.length <= MARKER_LENGTH ? key : createHash("sha256").update(key).digest("hex");
  return `<!-- axcess ${what} ${short} -->\n`;
}

const MARKER_LENGTH = 200;

function fenceSpan(text: string): string {
  const fence = "`".repeat(longestRun(text) + 1);
  // A space at both ends is taken away again by every reader of Markdown, unless there is nothing else.
  const isBare = text !== "" && (/^ +$/u.test(text) || !/^[ `]|[ `]$/u.test(text));
  return isBare ? `${fence}${text}${fence}` : `${fence} ${text} ${fence}`;
}

function longestRun(text: string): number {
  return (text.match(/`+/gu) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0);
}
