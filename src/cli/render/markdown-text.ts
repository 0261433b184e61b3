import { createHash } from "node:crypto";
import { codeSpan, longestRun } from "../../model/code-span.ts";

/** So many characters of one sentence, or of a line in a fenced block. */
export const SENTENCE_LENGTH = 600;

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
