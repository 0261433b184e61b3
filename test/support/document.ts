import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

/** Root of the repository. */
export const ROOT: URL = new URL("../../", import.meta.url);

/** A document of the repository, by its path from the root. */
export function readDocument(path: string): string {
  return readFileSync(new URL(path, ROOT), "utf8");
}

/** A fenced block. Lines are counted from 0; `body` has no fences. */
export interface Block {
  readonly language: string;
  readonly body: readonly string[];
  /** Line of the opening fence. */
  readonly start: number;
  /** Line of the closing fence. */
  readonly end: number;
  /** Comments such as `<!-- file: access.yaml -->` on the lines right above the block, nearest last. */
  readonly marks: readonly string[];
}

/** Every fenced block of a document, in order. */
export function listBlocks(text: string): readonly Block[] {
  const lines = text.split("\n");
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const language = /^```(\w*)$/u.exec(lines[at] ?? "")?.[1];
    if (language === undefined) continue;
    const end = lines.indexOf("```", at + 1);
    if (end < 0) throw new Error(`line ${at + 1} opens a block that never ends`);
    blocks.push({ language, body: lines.slice(at + 1, end), start: at, end, marks: marksAbove(lines, at) });
    at = end;
  }
  return blocks;
}

/** Headings with the anchor that GitHub gives them. Lines in fenced blocks are none. */
export function listAnchors(text: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const line of withoutBlocks(text)) {
    const title = /^#{1,6} (.*)$/u.exec(line)?.[1];
    if (title === undefined) continue;
    const slug = title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .trim()
      .replaceAll(" ", "-");
    let unique = slug;
    for (let count = 1; anchors.has(unique); count += 1) unique = `${slug}-${count}`;
    anchors.add(unique);
  }
  return anchors;
}

/** Targets of links that stay in the repository. */
export function listLocalLinks(text: string): readonly string[] {
  return withoutBlocks(text)
    .flatMap((line) => [...line.replace(/`[^`]*`/gu, "").matchAll(/\]\(([^)\s]+)\)/gu)])
    .map((match) => match[1] ?? "")
    .filter((target) => !/^[a-z]+:/u.test(target));
}

/** What a link in a document points to: a file of the repository and an anchor in it, "" for none. */
export function resolveLink(document: string, target: string): { readonly file: URL; readonly anchor: string } {
  const [path = "", anchor = ""] = target.split("#");
  const from = new URL(document, ROOT);
  return { file: path === "" ? from : new URL(path, pathToFileURL(from.pathname)), anchor };
}

/** The text under a heading, up to the next heading of the same or a higher level. */
export function sectionOf(text: string, heading: string): string {
  const lines = text.split("\n");
  const start = lines.indexOf(heading);
  if (start < 0) return "";
  const level = heading.indexOf(" ");
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => /^#+ /u.test(line) && line.indexOf(" ") <= level);
  return rest.slice(0, end < 0 ? rest.length : end).join("\n");
}

function marksAbove(lines: readonly string[], at: number): readonly string[] {
  const marks: string[] = [];
  for (let line = at - 1; line >= 0; line -= 1) {
    const mark = /^<!-- (.*) -->$/u.exec(lines[line] ?? "")?.[1];
    if (mark === undefined) break;
    marks.unshift(mark);
  }
  return marks;
}

function withoutBlocks(text: string): readonly string[] {
  let isInside = false;
  return text.split("\n").filter((line) => {
    const isFence = line.startsWith("```");
    if (isFence) isInside = !isInside;
    return !isFence && !isInside;
  });
}
