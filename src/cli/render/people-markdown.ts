import { type AccessShift, ASSUMPTIONS } from "../../model/access.ts";
import { type Address, pathPart } from "../../model/address.ts";
import type { ChangeOp } from "../../model/change.ts";
import { codeCell } from "../../model/code-span.ts";
import type { Plan } from "../../model/plan.ts";
import { hasUnnamed, listDifference } from "./difference-text.ts";
import { groupShifts, type ShiftSort, sortShift } from "./group-shifts.ts";
import type { MarkdownSection } from "./markdown-fit.ts";
import { codeList, SENTENCE_LENGTH } from "./markdown-text.ts";
import { listAssumptions } from "./people-text.ts";

/** So many people, places and changes stand in one row; people go on in further rows. */
const PEOPLE = 20;
const PLACES = 8;
const CHANGES = 5;

/** Who becomes an admin, who loses and who gains what: a table each, and what was not counted or is assumed. */
export function peopleSections(plan: Pick<Plan, "access" | "steps">): readonly MarkdownSection[] {
  const { shifts, sets } = plan.access;
  const ops = new Map(plan.steps.map(({ address, op }) => [address, op]));
  const sorted: Readonly<Record<ShiftSort, AccessShift[]>> = { admin: [], loses: [], gains: [] };
  for (const shift of shifts) sorted[sortShift(shift)].push(shift);
  const tables = SORTS.flatMap((sort) => tableOf(sort, sorted[sort], { sets, ops }));
  return [...tables, ...remarks(plan.access)];
}

const SORTS: readonly ShiftSort[] = ["admin", "loses", "gains"];

/** What is said of one person, and of several; where the table stands among what is cut. */
const TABLES: Readonly<Record<ShiftSort, { readonly words: readonly [string, string]; readonly rank: number }>> = {
  admin: { words: ["becomes an admin", "become admins"], rank: 5 },
  loses: { words: ["loses access", "lose access"], rank: 6 },
  gains: { words: ["gains access", "gain access"], rank: 7 },
};

interface Telling {
  readonly sets: Plan["access"]["sets"];
  readonly ops: ReadonlyMap<Address, ChangeOp>;
}

function tableOf(sort: ShiftSort, shifts: readonly AccessShift[], telling: Telling): readonly MarkdownSection[] {
  if (shifts.length === 0) return [];
  const { size } = new Set(shifts.map(({ person }) => person));
  const { words, rank } = TABLES[sort];
  const { shared, own } = groupShifts(shifts);
  const rows = [
    ...shared.flatMap(({ people, places, through }) => rowsOf({ people, places, through }, sort, telling)),
    ...own.flatMap((group) =>
      group.flatMap((shift) => rowsOf({ people: [shift], places: [shift], through: shift.through }, sort, telling)),
    ),
  ];
  return [
    {
      rank,
      title: `\n#### ${size} ${size === 1 ? `person ${words[0]}` : `people ${words[1]}`}\n`,
      open: "\n| who | where | what | through |\n| --- | --- | --- | --- |\n",
      entries: rows,
      noun: ["row", "rows"],
    },
  ];
}

interface Group {
  readonly people: readonly AccessShift[];
  readonly places: readonly AccessShift[];
  readonly through: readonly Address[];
}

/** The same difference of several people is told in the first row; who else has it stands in rows below. */
function rowsOf({ people, places, through }: Group, sort: ShiftSort, telling: Telling): readonly string[] {
  return places.slice(0, 1).flatMap((shift) => {
    const rows: string[] = [];
    for (let at = 0; at < people.length; at += PEOPLE) {
      const who = people
        .slice(at, at + PEOPLE)
        .map((each) => personWords(each, sort))
        .join(", ");
      const count = at === 0 && people.length > 1 ? `${people.length} people: ` : "";
      const rest =
        at === 0
          ? [placesWords(places), differenceWords(shift, telling), throughWords(through, telling)]
          : ["the same", "the same", "the same"];
      rows.push(`| ${[`${count}${who}`, ...rest].join(" | ")} |\n`);
    }
    return rows;
  });
}

function personWords({ person, isBot, isPending }: AccessShift, sort: ShiftSort): string {
  const pending = sort === "loses" ? "invitation not accepted yet" : "once the invitation is accepted";
  const marks = [...(isBot ? ["bot"] : []), ...(isPending ? [pending] : [])];
  return `${codeCell(pathPart(person, 0))}${marks.length === 0 ? "" : ` (${marks.join(", ")})`}`;
}

function placesWords(places: readonly AccessShift[]): string {
  const shown = places.slice(0, PLACES).map(placeWords);
  const more = places.length > PLACES ? [`and ${places.length - PLACES} more places`] : [];
  return [...shown, ...more].join("<br>");
}

function placeWords({ place, within: { spaces, projects } }: AccessShift): string {
  const inside = [...countWords(spaces, "space"), ...countWords(projects, "project")];
  const where = place === "account" ? "the whole account" : codeCell(place);
  return `${where}${inside.length === 0 ? "" : `, and ${inside.join(" and ")} in it`}`;
}

function countWords(count: number, word: string): readonly string[] {
  return count === 0 ? [] : [`${count} ${word}${count === 1 ? "" : "s"}`];
}

function differenceWords(shift: AccessShift, { sets }: Telling): string {
  return listDifference(shift, sets)
    .map(({ label, words, named }) => {
      const text = named.length === 0 ? words : `${words}: ${named.join(", ")}`;
      return `${label} ${codeCell(text, SENTENCE_LENGTH)}`;
    })
    .join("<br>");
}

function throughWords(through: readonly Address[], { ops }: Telling): string {
  return codeList(
    through.map((address) => {
      const op = ops.get(address);
      return op === undefined ? address : `${op} ${address}`;
    }),
    CHANGES,
    codeCell,
  );
}

/** Classes that were not read whole, what is assumed, and where long lists of permissions are. */
function remarks({ shifts, sets, unseen }: Plan["access"]): readonly MarkdownSection[] {
  const lines = [
    ...(unseen.length === 0 ? [] : [`- Not counted, since they were not read whole: ${codeList(unseen, PEOPLE)}\n`]),
    ...listAssumptions(shifts).map((code) => `- Assumed: ${ASSUMPTIONS[code]}\n`),
    ...(shifts.some((shift) => hasUnnamed(shift, sets))
      ? ["- Sets of permissions in brackets are listed in the JSON of the plan, under `access.sets`.\n"]
      : []),
  ];
  return lines.length === 0 ? [] : [{ rank: 8, title: "\n", entries: lines, noun: ["remark", "remarks"] }];
}
