import type { AccessDelta, AccessShift, AccessSide, SetName } from "../model/access.ts";
import type { Address } from "../model/address.ts";
import type { MatrixTables } from "./fill-account.ts";
import { ALL, NONE, type PageShift, type PageSide, type SetNumber, UNKNOWN, WAYS } from "./page-model.ts";

/** What differences are told by, beside the tables. */
export interface ShiftInput {
  readonly access: AccessDelta;
  readonly sortOf: (shift: AccessShift) => PageShift["sort"];
  readonly personOf: (person: Address) => number;
  /** -1 for the account. */
  readonly placeOf: (place: AccessShift["place"]) => number;
  /** Undefined for what is no step. */
  readonly stepOf: (address: Address) => number | undefined;
}

/** The differences of a plan, people, places and changes by number. */
export function listShifts(input: ShiftInput, tables: MatrixTables): readonly PageShift[] {
  const { access, sortOf, personOf, placeOf, stepOf } = input;
  const setOf = (name: SetName): SetNumber => {
    if (name === "all") return ALL;
    return name === "none" ? NONE : tables.sets.setOf(access.sets[name] ?? []);
  };
  const sideOf = (side: AccessSide): number => tables.sides.numberOf(describeSide(side, setOf, tables));
  return access.shifts.map((shift) => ({
    person: personOf(shift.person),
    place: placeOf(shift.place),
    ...shift.within,
    before: sideOf(shift.before),
    after: sideOf(shift.after),
    gained: setOf(shift.gained),
    lost: setOf(shift.lost),
    sort: sortOf(shift),
    through: shift.through.flatMap((address) => stepOf(address) ?? []),
    ...(shift.until === undefined ? {} : { until: shift.until }),
    ...(shift.isPending ? { pending: 1 as const } : {}),
  }));
}

/** A plan tells which roles count, and not how each of them comes. */
function describeSide(
  { permissions, roles, isLowerBound }: AccessSide,
  setOf: (name: SetName) => SetNumber,
  tables: MatrixTables,
): PageSide {
  const total = setOf(permissions);
  const told = WAYS.indexOf("told");
  return {
    // Of several roles nobody says which holds what.
    paths: roles.map((role) => [told, tables.roles.numberOf(role), roles.length === 1 ? total : UNKNOWN]),
    total,
    ...(isLowerBound ? { low: 1 as const } : {}),
  };
}
