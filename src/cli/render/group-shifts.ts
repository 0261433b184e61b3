import type { AccessDelta, AccessShift, AccessSide } from "../../model/access.ts";
import type { Address } from "../../model/address.ts";

/** Where a reader looks for a difference: new admins first, then whoever loses, also where they gain too, then the rest. */
export type ShiftSort = "admin" | "loses" | "gains";

/** How many different people gain something, become an admin, and lose something. */
export interface PeopleCount {
  readonly gain: number;
  readonly admins: number;
  readonly lose: number;
}

/** One difference of several people, in every place where exactly these have exactly it. */
export interface SharedShifts {
  /** One of each person. */
  readonly people: readonly AccessShift[];
  /** One of each place. */
  readonly places: readonly AccessShift[];
  /** The changes that bring it about in any of the places. */
  readonly through: readonly Address[];
}

/** Differences that are told together: the very same one of several people, or all those of one person. */
export interface ShiftGroups {
  /** Several people with the same difference, at one place or more. */
  readonly shared: readonly SharedShifts[];
  /** Everything else, by person. */
  readonly own: readonly (readonly AccessShift[])[];
}

/** Says under which heading a difference stands. */
export function sortShift(shift: AccessShift): ShiftSort {
  if (shift.gained === "all") return "admin";
  return isLoss(shift) ? "loses" : "gains";
}

/** True where something goes, or may go with a role whose contents are not known. */
export function isLoss(shift: AccessShift): boolean {
  const { before, after, lost } = shift;
  if (after.permissions === "all") return false;
  if (lost !== "none" || before.permissions === "all") return true;
  return before.isLowerBound && (!after.isLowerBound || (isUnknown(shift) && listGone(shift).length > 0));
}

/** True where something comes, or may come with a role whose contents are not known. */
export function isGain(shift: AccessShift): boolean {
  const { before, after, gained } = shift;
  if (gained !== "none") return true;
  if (before.permissions === "all") return false;
  return after.isLowerBound && (!before.isLowerBound || (isUnknown(shift) && listCome(shift).length > 0));
}

/** The roles of before that do not count afterwards. */
export function listGone({ before, after }: AccessShift): readonly string[] {
  return before.roles.filter((role) => !after.roles.includes(role));
}

/** The roles of afterwards that did not count before. */
export function listCome({ before, after }: AccessShift): readonly string[] {
  return after.roles.filter((role) => !before.roles.includes(role));
}

/** True where no permission is known to come or go: only the roles are. */
function isUnknown({ gained, lost }: AccessShift): boolean {
  return gained === "none" && lost === "none";
}

/** Counts people, each once however many places are theirs. */
export function countPeople({ shifts }: AccessDelta): PeopleCount {
  const count = (fits: (shift: AccessShift) => boolean): number =>
    new Set(shifts.filter(fits).map(({ person }) => person)).size;
  return { gain: count(isGain), admins: count(({ gained }) => gained === "all"), lose: count(isLoss) };
}

/** Puts together what is told together, in the order in which it comes first. Its time grows with the number of differences. */
export function groupShifts(shifts: readonly AccessShift[]): ShiftGroups {
  const alike = [...gather(shifts, placedKey).values()];
  const several = alike.filter((group) => group.length > 1);
  const taken = new Set(several.flat());
  const own = gather(
    shifts.filter((shift) => !taken.has(shift)),
    ({ person }: AccessShift): Address => person,
  );
  return { shared: [...gather(several, groupKey).values()].map(mergePlaces), own: [...own.values()] };
}

/** Each group is of one place: their first differences are one of each. */
function mergePlaces(groups: readonly (readonly AccessShift[])[]): SharedShifts {
  const [people = []] = groups;
  const places = groups.flatMap((group) => group.slice(0, 1));
  return { people, places, through: [...new Set(places.flatMap(({ through }) => through))] };
}

function gather<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

/** Everything of a difference but whose it is. Neither addresses nor roles hold line breaks or tabs, so none runs into the next. */
function placedKey(shift: AccessShift): string {
  const { place, within, through } = shift;
  return [place, `${within.spaces}/${within.projects}`, differenceKey(shift), ...through].join("\n");
}

/** What a difference is and whose, wherever it is. */
function groupKey(group: readonly AccessShift[]): string {
  const people = group.map(({ person, isPending, isBot }) => `${person}\t${isPending}\t${isBot}`);
  return [...group.slice(0, 1).map(differenceKey), ...people].join("\n");
}

function differenceKey({ before, after, gained, lost, until }: AccessShift): string {
  return [sideKey(before), sideKey(after), gained, lost, until].join("\n");
}

function sideKey({ permissions, roles, isLowerBound }: AccessSide): string {
  return `${permissions}\t${isLowerBound}\t${roles.join("\t")}`;
}
