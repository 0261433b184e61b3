import type { AccessDelta, AccessShift, AccessSide, SetName } from "../model/access.ts";
import { pathText } from "../model/address.ts";
import { compareText } from "../model/json.ts";
import type { CellSide } from "./cell-moments.ts";
import type { Holding } from "./permission-list.ts";
import type { RawShift } from "./tell-shifts.ts";

/** Gives every set of permissions a name, so that a thousand shifts do not spell the same forty permissions, and puts the shifts in order. */
export function nameShifts(raw: readonly RawShift[]): Pick<AccessDelta, "sets" | "shifts"> {
  const names = new Map<string, SetName>();
  // The same verdict stands for many people: its lists are the very same, and are looked at once.
  const seen = new Map<Holding, SetName>();
  const sets: Record<SetName, readonly string[]> = {};
  const nameOf = (holding: Holding): SetName => {
    if (holding === "all") return "all";
    if (holding.length === 0) return "none";
    const met = seen.get(holding);
    if (met !== undefined) return met;
    const key = holding.join("\u0000");
    const name = names.get(key) ?? `p${names.size + 1}`;
    names.set(key, name);
    seen.set(holding, name);
    sets[name] = holding;
    return name;
  };
  const describe = (side: CellSide): AccessSide => ({
    permissions: nameOf(side.holding),
    roles: side.roles,
    isLowerBound: side.isLowerBound,
  });
  const shifts = sortShifts(raw).map(({ person, place, within, verdict, until, isPending, isBot }): AccessShift => {
    const { before, after, gained, lost, gainedBy, lostBy } = verdict;
    return {
      person,
      place,
      within,
      before: describe(before),
      after: describe(after),
      gained: nameOf(gained),
      lost: nameOf(lost),
      through: [...new Set([...gainedBy, ...lostBy].map(({ address }) => address))].sort(),
      givenBy: gainedBy.map(({ address }) => address).sort(),
      takenBy: lostBy.map(({ address }) => address).sort(),
      ...(until === undefined ? {} : { until }),
      isPending,
      isBot,
      assumptions: [...new Set([...before.assumptions, ...after.assumptions])].sort(),
    };
  });
  return { sets, shifts };
}

function sortShifts(raw: readonly RawShift[]): readonly RawShift[] {
  const placed = raw.map((shift) => ({ shift, order: treeOrder(shift) }));
  placed.sort((a, b) => compareText(a.shift.person, b.shift.person) || compareText(a.order, b.order));
  return placed.map(({ shift }) => shift);
}

/** The account first, then places in the order of a tree: the slash goes before every character of a name. */
function treeOrder({ place }: RawShift): string {
  return place === "account" ? "" : pathText(place).replaceAll("/", "\u0000");
}
