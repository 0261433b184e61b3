import { codeSpan } from "../../model/code-span.ts";
import { SENTENCE_LENGTH } from "./markdown-text.ts";

/** What GitHub takes as the body of a comment or an issue, with some room left; counted as {@link weigh} does. */
const LIMIT = 65_000;

/** A part of a page whose entries can be left out one by one, from the last. */
export interface MarkdownSection {
  /** Which part is cut first: the one with the highest number. */
  readonly rank: number;
  /** Stands there whatever is left out, with the exact count of what there is. */
  readonly title: string;
  /** Around the entries, where there are any: the head of a table, a fence. */
  readonly open?: string;
  readonly entries: readonly string[];
  readonly close?: string;
  /** What an entry is called: one, and several. */
  readonly noun: readonly [string, string];
  readonly end?: string;
}

/** Writes the parts in their order, and of each as much as the page can hold. `whole` says where all of it is. */
export function fitSections(sections: readonly MarkdownSection[], whole: string): string {
  const kept = chooseEntries(sections, whole);
  return sections.map((section, at) => write(section, kept[at] ?? 0, whole)).join("");
}

/** How much of a page a text takes: never less than its bytes, its UTF-16 units or its characters, with line feeds counted as two. */
export function weigh(text: string): number {
  return new TextEncoder().encode(text).length + (text.split("\n").length - 1);
}

/** How many entries of each part stand on the page: what is cut last chooses first. */
function chooseEntries(sections: readonly MarkdownSection[], whole: string): readonly number[] {
  const kept = sections.map(() => 0);
  let room = LIMIT - sections.reduce((sum, section) => sum + weighFrame(section, whole), 0);
  const order = sections.map((_, at) => at).sort((a, b) => rankOf(sections[a]) - rankOf(sections[b]) || a - b);
  for (const at of order) {
    for (const entry of sections[at]?.entries ?? []) {
      room -= weigh(entry);
      if (room < 0) return kept;
      kept[at] = (kept[at] ?? 0) + 1;
    }
  }
  return kept;
}

function rankOf(section: MarkdownSection | undefined): number {
  return section?.rank ?? 0;
}

function weighFrame(section: MarkdownSection, whole: string): number {
  const { title, open = "", close = "", end = "", entries } = section;
  const notice = entries.length === 0 ? "" : leftOut(section, entries.length, whole);
  return weigh(`${title}${open}${close}${notice}${end}`);
}

function write(section: MarkdownSection, kept: number, whole: string): string {
  const { title, open = "", close = "", end = "", entries } = section;
  const body = kept === 0 ? "" : `${open}${entries.slice(0, kept).join("")}${close}`;
  const notice = kept === entries.length ? "" : leftOut(section, entries.length - kept, whole);
  return `${title}${body}${notice}${end}`;
}

function leftOut({ noun: [one, several] }: MarkdownSection, count: number, whole: string): string {
  return `\n**${count} more ${count === 1 ? `${one} does` : `${several} do`} not fit on this page.** ${whole}\n`;
}

/** Where all of a plan is, for whoever does not see it here. */
export function pointTo(file: string | undefined, command: string): string {
  return file === undefined ? `All of it: ${codeSpan(command, SENTENCE_LENGTH)}` : `All of it is in ${codeSpan(file)}.`;
}
