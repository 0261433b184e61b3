import type { AccessShift, AccessSide, SetName } from "../../model/access.ts";
import { describeRole } from "./access-words.ts";
import { isGain, isLoss, listCome, listGone } from "./group-shifts.ts";
import { harmless } from "./harmless.ts";
import {
  countPermissions,
  describeUnknownRoles,
  listPermissions,
  markOf,
  NAMED,
  type Sets,
} from "./permission-words.ts";
import { wrapList } from "./wrap-list.ts";

/** One part of a difference: what it is a part of, how much, and which, where these are few. */
export interface DifferencePart {
  readonly label: string;
  readonly words: string;
  /** Permissions by name, safe to print; none where they are too many, or there is nothing to name. */
  readonly named: readonly string[];
}

/** What goes, what comes, what stays and until when, part by part. */
export function listDifference(shift: AccessShift, sets: Sets): readonly DifferencePart[] {
  const [loses, gains] = [isLoss(shift), isGain(shift)];
  const lines = [
    ...(loses ? [line("loses", lossWords(shift, sets), lossSet(shift)), ...unknownLossLines(shift, sets)] : []),
    ...(gains ? [line("gains", gainWords(shift, sets), shift.gained), ...unknownGainLines(shift, sets)] : []),
    ...restLines(shift, sets),
  ];
  return [
    ...lines.map(({ label, words, set }) => {
      const named = set === undefined ? [] : listPermissions(set, sets);
      return { label, words, named: named.length > NAMED ? [] : named.map(harmless) };
    }),
    ...(shift.until === undefined ? [] : [{ label: "gained until", words: harmless(shift.until), named: [] }]),
  ];
}

/** The same, one labelled line each; long lists go on in further lines. */
export function renderDifference(shift: AccessShift, sets: Sets, indent: string): readonly string[] {
  return listDifference(shift, sets).flatMap(({ label, words, named }) => {
    const head = `${indent}${label}: ${words}`;
    return named.length === 0 ? [head] : wrapList(`${head}: `, named, `${indent}    `);
  });
}

/** True where the permissions of a difference are told by number only. */
export function hasUnnamed(shift: AccessShift, sets: Sets): boolean {
  return [lossSet(shift), shift.gained].some((set) => set !== undefined && listPermissions(set, sets).length > NAMED);
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

function lossWords(shift: AccessShift, sets: Sets): string {
  const { before, after, lost } = shift;
  if (isNothing(after) && before.permissions !== "none") {
    return `all access, which was ${describeSide(before, sets, lossSet(shift))}`;
  }
  if (before.permissions === "all") return describeSide(before, sets);
  if (listPermissions(lost, sets).length === 0) {
    const gone = listGone(shift).length > 0 ? listGone(shift) : before.roles;
    return describeUnknownRoles(lost, sets) ?? describeUnknown(gone);
  }
  const whole = `${before.isLowerBound ? "at least " : ""}${countPermissions(before.permissions, sets)}`;
  const some = `${boundOf(before, after)}${listPermissions(lost, sets).length} of ${whole}`;
  return `${some}${markOf(lost, sets)}${roleWords(before.roles)}`;
}

function gainWords(shift: AccessShift, sets: Sets): string {
  const { before, after, gained } = shift;
  if (gained === "all" || isNothing(before)) return describeSide(after, sets, gained);
  if (listPermissions(gained, sets).length === 0) {
    const come = listCome(shift).length > 0 ? listCome(shift) : after.roles;
    return describeUnknownRoles(gained, sets) ?? describeUnknown(come);
  }
  return `${boundOf(after, before)}${countPermissions(gained, sets)}${markOf(gained, sets)}`;
}

/** What goes with roles of unknown contents beside permissions that are known; where everything goes, the roles are told. */
function unknownLossLines({ before, after, lost }: AccessShift, sets: Sets): readonly Line[] {
  if (before.permissions === "all" || isNothing(after)) return [];
  return unknownLines("loses", lost, sets);
}

/** What comes with roles of unknown contents beside permissions that are known; where there was nothing, the roles are told. */
function unknownGainLines({ before, gained }: AccessShift, sets: Sets): readonly Line[] {
  return isNothing(before) ? [] : unknownLines("gains", gained, sets);
}

function unknownLines(label: string, set: SetName, sets: Sets): readonly Line[] {
  const words = describeUnknownRoles(set, sets);
  return words === undefined || listPermissions(set, sets).length === 0 ? [] : [line(label, words)];
}

/** What a person is left with, which is named where it is little, or had before: a difference is judged by what it is a difference of. */
function restLines(shift: AccessShift, sets: Sets): readonly Line[] {
  const { before, after } = shift;
  const [loses, gains] = [isLoss(shift), isGain(shift)];
  const left = (label: string): Line => line(label, describeSide(after, sets), after.permissions);
  if (loses && !gains) return isNothing(after) ? [] : [left("keeps")];
  if (loses) return [left("afterwards")];
  const had = [line("before", describeSide(before, sets))];
  if (shift.gained === "all") return had;
  return isNothing(before) ? [] : [...had, left("afterwards")];
}

/** `at least 12 permissions as member`; the set that is named along is marked where it is too long for that. */
function describeSide(side: AccessSide, sets: Sets, named?: SetName): string {
  const { permissions, roles, isLowerBound } = side;
  if (permissions === "all") return `everything${roleWords(roles)}`;
  if (listPermissions(permissions, sets).length === 0) {
    return isLowerBound ? (describeUnknownRoles(permissions, sets) ?? describeUnknown(roles)) : "nothing";
  }
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
