import { type AccessShift, ASSUMPTIONS, type AssumptionCode } from "../../model/access.ts";
import type { Address } from "../../model/address.ts";
import type { ChangeOp } from "../../model/change.ts";
import type { Plan } from "../../model/plan.ts";
import { listPerson } from "./access-words.ts";
import { hasUnnamed, renderDifference } from "./difference-text.ts";
import { groupShifts, type SharedShifts, type ShiftSort, sortShift } from "./group-shifts.ts";
import { harmless } from "./harmless.ts";
import type { Paint } from "./paint.ts";
import { wrapList } from "./wrap-list.ts";

/**
 * Who becomes an admin, who loses and who gains what, where and through which changes; then what was not counted and what is
 * assumed. Whoever loses is always named. "" where nobody's access differs and everything was seen.
 */
export function renderPeople(plan: Pick<Plan, "access" | "steps">, paint: Paint): string {
  const { shifts, unseen } = plan.access;
  const ops = new Map(plan.steps.map(({ address, op }) => [address, op]));
  const sorted: Readonly<Record<ShiftSort, AccessShift[]>> = { admin: [], loses: [], gains: [] };
  for (const shift of shifts) sorted[sortShift(shift)].push(shift);
  const lines = [
    ...SORTS.flatMap((sort) => sortLines(sort, sorted[sort], { sets: plan.access.sets, ops, paint })),
    ...(shifts.some((shift) => hasUnnamed(shift, plan.access.sets)) ? [SETS_TOLD] : []),
    ...(unseen.length === 0 ? [] : wrapList(UNSEEN, unseen.map(harmless), "    ")),
    ...listAssumptions(shifts).map((code) => `  Assumed: ${ASSUMPTIONS[code]}`),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

const SORTS: readonly ShiftSort[] = ["admin", "loses", "gains"];

/** What is said of one person, and of several. */
const HEADINGS: Readonly<Record<ShiftSort, readonly [string, string]>> = {
  admin: ["becomes an admin", "become admins"],
  loses: ["loses access", "lose access"],
  gains: ["gains access", "gain access"],
};

const HEADING_PAINTS = { admin: "warning", loses: "removed", gains: "added" } as const satisfies Record<
  ShiftSort,
  keyof Paint
>;

const SETS_TOLD = "  Sets of permissions in brackets are listed in the plan's JSON (--format json), under access.sets.";
const UNSEEN = "  Not counted, since they were not read whole: ";

interface Telling {
  readonly sets: Plan["access"]["sets"];
  readonly ops: ReadonlyMap<Address, ChangeOp>;
  readonly paint: Paint;
}

function sortLines(sort: ShiftSort, shifts: readonly AccessShift[], telling: Telling): readonly string[] {
  if (shifts.length === 0) return [];
  const { size } = new Set(shifts.map(({ person }) => person));
  const [one, several] = HEADINGS[sort];
  const heading = size === 1 ? `1 person ${one}` : `${size} people ${several}`;
  const { shared, own } = groupShifts(shifts);
  return [
    `  ${telling.paint[HEADING_PAINTS[sort]](heading)}`,
    ...shared.flatMap((group) => sharedLines(group, sort, telling)),
    ...own.flatMap((group) => ownLines(group, sort, telling)),
  ];
}

/** The same difference of several people, told once, with all its places and all their names. */
function sharedLines({ people, places, through }: SharedShifts, sort: ShiftSort, telling: Telling): readonly string[] {
  const names = people.map((each) => personWords(each, sort));
  const size = telling.paint.strong(`${people.length} people`);
  return places
    .slice(0, 1)
    .flatMap((shift) => [
      ...(places.length === 1
        ? [`    ${size} ${placeWords(shift)}`]
        : [`    ${size} on ${countPlaces(places)}`, ...places.map((each) => `      ${placeWords(each)}`)]),
      ...wrapList("      ", names, "      "),
      ...shiftLines({ ...shift, through }, telling, "      "),
    ]);
}

/** `10 projects`; places of several kinds are told as places. */
function countPlaces(places: readonly AccessShift[]): string {
  const kinds = new Set(places.map(({ place }) => place.split(":", 1)[0]));
  const [kind = ""] = kinds;
  return `${places.length} ${kinds.size === 1 ? kind : "place"}s`;
}

/** Everything of one person; a single place stands on the line of the name. */
function ownLines(group: readonly AccessShift[], sort: ShiftSort, telling: Telling): readonly string[] {
  const [first] = group;
  if (first === undefined) return [];
  const name = telling.paint.strong(personWords(first, sort));
  if (group.length === 1) return [`    ${name} ${placeWords(first)}`, ...shiftLines(first, telling, "      ")];
  return [
    `    ${name}`,
    ...group.flatMap((shift) => [`      ${placeWords(shift)}`, ...shiftLines(shift, telling, "        ")]),
  ];
}

function shiftLines(shift: AccessShift, { sets, ops }: Telling, indent: string): readonly string[] {
  return [
    ...renderDifference(shift, sets, indent),
    ...shift.through.map((address) => {
      const op = ops.get(address);
      return `${indent}through: ${op === undefined ? "" : `${op} `}${harmless(address)}`;
    }),
  ];
}

function personWords({ person, isBot, isPending }: AccessShift, sort: ShiftSort): string {
  const pending = sort === "loses" ? "invitation not accepted yet" : "once the invitation is accepted";
  const marks = [...(isBot ? ["bot"] : []), ...(isPending ? [pending] : [])];
  return `${listPerson(person)}${marks.length === 0 ? "" : ` (${marks.join(", ")})`}`;
}

function placeWords({ place, within: { spaces, projects } }: AccessShift): string {
  const where = place === "account" ? "the whole account" : harmless(place);
  const inside = [...countWords(spaces, "space"), ...countWords(projects, "project")];
  return `on ${where}${inside.length === 0 ? "" : `, and on ${inside.join(" and ")} in it`}`;
}

function countWords(count: number, word: string): readonly string[] {
  return count === 0 ? [] : [`${count} ${word}${count === 1 ? "" : "s"}`];
}

/** Each assumption once, in the order in which the project lists them. */
export function listAssumptions(shifts: readonly AccessShift[]): readonly AssumptionCode[] {
  const made = new Set(shifts.flatMap(({ assumptions }) => assumptions));
  return (Object.keys(ASSUMPTIONS) as readonly AssumptionCode[]).filter((code) => made.has(code));
}
