import { codeCell, codeSpan } from "../../model/code-span.ts";
import { type DriftItem, sourceOfDrift } from "../../plan/find-drift.ts";
import { type DriftView, driftFieldLines, driftSpecLines, planCommand, summarizeDrift } from "./drift-text.ts";
import { assertionSections } from "./held-markdown.ts";
import { fitSections, type MarkdownSection } from "./markdown-fit.ts";
import { codeList, SENTENCE_LENGTH, writeMarker } from "./markdown-text.ts";

/** What a page about drift is of: the account, and the files of the manifest as they were named. */
export interface DriftPage {
  readonly account: string;
  readonly files: readonly string[];
  /** Classes that could not be read whole. */
  readonly unread: readonly string[];
}

/** So many differences of one thing are told. */
const DIFFERENCES = 8;

/** Drift as the text of one issue that is kept up to date: a hidden marker line, the verdict, what fails, then thing by thing. */
export function renderDriftMarkdown(view: DriftView, { account, files, unread }: DriftPage): string {
  const { drift, failures, because, flags } = view;
  const ahead =
    drift.ahead.length === 0
      ? ""
      : `\nNot applied yet: ${drift.ahead.length}, see ${codeSpan(planCommand(flags), SENTENCE_LENGTH)}\n`;
  const unknown =
    because === undefined
      ? ""
      : `\nWho did it is not known, since the audit log cannot be read: ${codeSpan(because, SENTENCE_LENGTH)}\n`;
  const sections: readonly MarkdownSection[] = [
    {
      rank: 0,
      title: `${writeMarker("drift", [account, ...files])}### Drift of ${codeSpan(account)}: ${judge(view)}\n\n**${summarizeDrift(drift.items)}**\n`,
      entries: [],
      noun: ["", ""],
    },
    ...assertionSections(failures, "does"),
    ...itemSection(view),
    ...(unread.length === 0
      ? []
      : [
          {
            rank: 4,
            title: "\n#### Not read whole, so that more may be otherwise than is seen\n\n",
            entries: unread.map((key) => `- ${codeSpan(key)}\n`),
            noun: ["class", "classes"] as const,
          },
        ]),
    { rank: 0, title: `${unknown}${ahead}`, entries: [], noun: ["", ""] },
  ];
  return fitSections(sections, "All of it: `axcess drift`");
}

/** The verdict: what fails goes before what differs, and what differs before what was not seen. */
function judge({ drift: { items, unread }, failures }: DriftView): string {
  if (failures.length > 0) return "an assertion does not hold";
  if (items.length > 0) return "the account is not as axcess left it";
  return unread.length > 0 ? "none seen, but not everything could be read" : "none";
}

function itemSection({ drift: { items }, records }: DriftView): readonly MarkdownSection[] {
  if (items.length === 0) return [];
  const rows = items.map((item) => {
    const record = records.get(item);
    const who =
      record === undefined
        ? ""
        : `${codeCell(record.by)} at ${codeCell(record.at)}${record.operation === "" ? "" : `: ${codeCell(record.operation)}`}`;
    return `| ${[item.sort, whereWords(item), differenceWords(item), who].join(" | ")} |\n`;
  });
  return [
    {
      rank: 5,
      title: "\n#### What is otherwise\n",
      open: "\n| how | what | difference | last recorded change |\n| --- | --- | --- | --- |\n",
      entries: rows,
      noun: ["row", "rows"],
    },
  ];
}

function whereWords(item: DriftItem): string {
  const source = sourceOfDrift(item);
  const place = source === undefined ? "" : `<br>${codeCell(source)}`;
  return `${codeCell(item.address)}${place}${item.group === undefined ? "" : `<br>through ${codeCell(`group:${item.group}`)}`}`;
}

function differenceWords(item: DriftItem): string {
  const { sort, fields, movedTo } = item;
  const lines = [
    ...fields.flatMap(driftFieldLines),
    ...(sort === "extra" || sort === "expired" ? driftSpecLines(item) : []),
  ];
  const moved = movedTo === undefined ? [] : [`it is there under another name: ${codeCell(movedTo)}`];
  return [...(lines.length === 0 ? [] : [codeList(lines, DIFFERENCES, codeCell)]), ...moved].join("<br>");
}
