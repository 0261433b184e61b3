import type { AccessDelta, AccessShift, AccessSide, SetName } from "../../model/access.ts";
import { describeRole } from "./access-words.ts";
import { isGain, isLoss, listCome, listGone } from "./group-shifts.ts";
import { harmless } from "./harmless.ts";
import { wrapList } from "./wrap-list.ts";

/** So many permissions are named; of more the number is told, and the name of their set in the JSON. */
const NAMED = 8;

type Sets = AccessDelta["sets"];

/** What goes, what comes, what stays and until when, one labelled line each; long lists go on in further lines. */
export function renderDifference(shift: AccessShift, sets: Sets, indent: string): readonly string[] {
  const [loses, gains] = [isLoss(shift), isGain(shift)];
  const lines = [
    ...(loses ? [line("loses", lossWords(shift, sets), lossSet(shift))] : []),
    ...(gains ? [line("gains", gainWords(shift, sets), gainSet(shift))] : []),
    ...restLines(shift, sets),
  ];
  return [
    ...lines.flatMap(({ label, words, set }) => {
      const head = `${indent}${label}: ${words}`;
      const named = set === undefined ? [] : listPermissions(set, sets);
      if (named.length === 0 || named.length > NAMED) return [head];
      return wrapList(`${head}: `, named.map(harmless), `${indent}    `);
    }),
    ...(shift.until === undefined ? [] : [`${indent}gained until: ${harmless(shift.until)}`]),
  ];
}

/** True where the permissions of a difference are told by number only. */
export function hasUnnamed(shift: AccessShift, sets: Sets): boolean {
  return [lossSet(shift), gainSet(shift)].some((set) => set !== undefined && listPermissions(set, sets).length > NAMED);
}

interface Line {
  readonly label: string;
  readonly words: string;
  /** The set whose members are named behind the words. */
  readonly set: SetName | undefined;
}

function line(label: string, words: string, set?: SetName): Line {
  return { label, words, set };
}

function lossSet({ before, lost }: AccessShift): SetName | undefined {
  return before.permissions === "all" ? undefined : lost;
}

function gainSet({ gained }: AccessShift): SetName {
  return gained;
}

function lossWords(shift: AccessShift, sets: Sets): string {
  const { before, after, lost } = shift;
  if (isNothing(after) && before.permissions !== "none") {
    return `all access, which was ${describeSide(before, sets, lossSet(shift))}`;
  }
  if (before.permissions === "all") return describeSide(before, sets);
  if (lost === "none") return describeUnknown(listGone(shift).length > 0 ? listGone(shift) : before.roles);
  const whole = `${before.isLowerBound ? "at least " : ""}${countPermissions(before.permissions, sets)}`;
  const some = `${boundOf(before, after)}${listPermissions(lost, sets).length} of ${whole}`;
  return `${some}${markOf(lost, sets)}${roleWords(before.roles)}`;
}

function gainWords(shift: AccessShift, sets: Sets): string {
  const { before, after, gained } = shift;
  if (gained === "all" || isNothing(before)) return describeSide(after, sets, gained);
  if (gained === "none") return describeUnknown(listCome(shift).length > 0 ? listCome(shift) : after.roles);
  return `${boundOf(after, before)}${countPermissions(gained, sets)}${markOf(gained, sets)}`;
}

/** What a person is left with, or had before: a difference is judged by what it is a difference of. */
function restLines(shift: AccessShift, sets: Sets): readonly Line[] {
  const { before, after } = shift;
  const [loses, gains] = [isLoss(shift), isGain(shift)];
  if (loses && !gains) return isNothing(after) ? [] : [line("keeps", describeSide(after, sets))];
  if (loses) return [line("afterwards", describeSide(after, sets))];
  const had = [line("before", describeSide(before, sets))];
  if (shift.gained === "all") return had;
  return isNothing(before) ? [] : [...had, line("afterwards", describeSide(after, sets))];
}

/** `at least 12 permissions as member`; the set that is named along is marked where it is too long for that. */
function describeSide(side: AccessSide, sets: Sets, named?: SetName): string {
  const { permissions, roles, isLowerBound } = side;
  if (permissions === "all") return `everything${roleWords(roles)}`;
  if (permissions === "none") return isLowerBound ? describeUnknown(roles) : "nothing";
  const mark = named === undefined ? "" : markOf(named, sets);
  return `${isLowerBound ? "at least " : ""}${countPermissions(permissions, sets)}${mark}${roleWords(roles)}`;
}

function describeUnknown(roles: readonly string[]): string {
  return roles.length === 0 ? "something that is not known" : `what ${joinRoles(roles)} holds, which is not known`;
}

/** What one side has more than the other is more than is known where the one is a lower bound, and less where the other is. */
function boundOf(one: AccessSide, other: AccessSide): string {
  if (other.isLowerBound) return one.isLowerBound ? "by what is known, " : "at most ";
  return one.isLowerBound ? "at least " : "";
}

function isNothing({ permissions, isLowerBound }: AccessSide): boolean {
  return permissions === "none" && !isLowerBound;
}

function roleWords(roles: readonly string[]): string {
  return roles.length === 0 ? "" : ` as ${joinRoles(roles)}`;
}

function joinRoles(roles: readonly string[]): string {
  return roles.map(describeRole).join(" and ");
}

function countPermissions(set: SetName, sets: Sets): string {
  const { length } = listPermissions(set, sets);
  return `${length} ${length === 1 ? "permission" : "permissions"}`;
}

function markOf(set: SetName, sets: Sets): string {
  return listPermissions(set, sets).length > NAMED ? ` [${harmless(set)}]` : "";
}

/** The members of a set; `all` and `none` stand in no table. */
function listPermissions(set: SetName, sets: Sets): readonly string[] {
  return Object.hasOwn(sets, set) ? (sets[set] ?? []) : [];
}
