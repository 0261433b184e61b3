import { codeSpan } from "../../model/code-span.ts";
import { namePart } from "../../model/shard.ts";
import type { Summary, SummaryPart } from "../../model/summary.ts";
import { harmless } from "./harmless.ts";
import type { Paint } from "./paint.ts";

/** What each part does, what stops the whole, and whether the parts may be applied. */
export function renderSummary(summary: Summary, paint: Paint): string {
  const { parts, blocks } = summary;
  const width = Math.max(...parts.map(({ part }) => namePart(part).length));
  const lines = [
    paint.strong(`Parts: ${parts.length - 1} shards by ${summary.by}, and the account part`),
    ...parts.map((part) => `  ${namePart(part.part).padEnd(width)}  ${countWords(part)}`),
    "",
    ...(blocks.length === 0 ? [] : [paint.strong("Blocked as a whole: no part may be applied")]),
    ...blocks.flatMap(({ code, detail, release }) => [
      `  ${paint.error("blocked")} ${code}: ${harmless(detail)}`,
      `      ${release}`,
    ]),
    ...(blocks.length === 0 ? [] : [""]),
    `${paint.strong(`Summary: ${verdict(summary)}`)}  ${paint.faint(summary.digest)}`,
  ];
  return lines.map((line) => `${line}\n`).join("");
}

/** The same at the head of a page. */
export function renderSummaryMarkdown({ parts, blocks, by }: Summary): string {
  const rows = parts.map((part) => `| ${namePart(part.part)} | ${countWords(part)} |\n`);
  const stops = blocks.map(
    ({ code, detail, release }) => `- ${codeSpan(code)} ${codeSpan(detail, 300)} ${codeSpan(release)}\n`,
  );
  return [
    `\n${parts.length - 1} shards by ${by}, and the account part:\n\n| part | changes |\n| --- | --- |\n`,
    ...rows,
    ...(stops.length === 0 ? [] : ["\n**Blocked as a whole: no part may be applied**\n\n", ...stops]),
  ].join("");
}

function countWords({ creates, updates, deletes, held, blocked }: SummaryPart): string {
  const counts: readonly (readonly [number, string])[] = [
    [creates, "to create"],
    [updates, "to update"],
    [deletes, "to delete"],
    [held, "held"],
    [blocked, "blocked"],
  ];
  const words = counts.flatMap(([number, word]) => (number === 0 ? [] : [`${number} ${word}`]));
  return words.length === 0 ? "no changes" : words.join(", ");
}

function verdict({ blocks }: Summary): string {
  return blocks.length === 0 ? "the parts may be applied, the account part first." : "no part may be applied.";
}
