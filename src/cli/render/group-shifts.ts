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

/** Differences that are told together: the very same one of several people, or all those of one person. */
export interface ShiftGroups {
  /** Several people with the same difference at one place through the same changes. */
  readonly shared: readonly (readonly AccessShift[])[];
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

/** Puts together what is told together, in the order in which it comes first. */
export function groupShifts(shifts: readonly AccessShift[]): ShiftGroups {
  const alike = [...gather(shifts, differenceKey).values()];
  const shared = alike.filter((group) => group.length > 1);
  const taken = new Set(shared.flat());
  const own = gather(
    shifts.filter((shift) => !taken.has(shift)),
    ({ person }: AccessShift): Address => person,
  );
  return { shared, own: [...own.values()] };
}

function gather(
  shifts: readonly AccessShift[],
  keyOf: (shift: AccessShift) => string,
): ReadonlyMap<string, readonly AccessShift[]> {
  const groups = new Map<string, AccessShift[]>();
  for (const shift of shifts) {
    const key = keyOf(shift);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [shift]);
    else group.push(shift);
  }
  return groups;
}

/** Everything of a difference but whose it is. Neither addresses nor roles hold line breaks or tabs, so none runs into the next. */
function differenceKey({ place, within, before, after, gained, lost, through, until }: AccessShift): string {
  const inside = `${within.spaces}/${within.projects}`;
  return [place, inside, sideKey(before), sideKey(after), gained, lost, until, ...through].join("\n");
}

function sideKey({ permissions, roles, isLowerBound }: AccessSide): string {
  return `${permissions}\t${isLowerBound}\t${roles.join("\t")}`;
}
