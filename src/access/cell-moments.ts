import type { AssumptionCode } from "../model/access.ts";
import { type Address, kindOf } from "../model/address.ts";
import type { DraftChange } from "../model/kind.ts";
import type { Resource, WorldView } from "../model/resource.ts";
import { evaluateAccess } from "./effective-access.ts";
import { type Holding, listHolding } from "./permission-list.ts";
import { findPlaceDeciders, type PlanScene } from "./plan-scene.ts";

/** What a person has in a place at some moment of a plan. */
export interface CellSide {
  readonly holding: Holding;
  readonly roles: readonly string[];
  readonly isLowerBound: boolean;
  readonly assumptions: readonly AssumptionCode[];
}

/** A plan, and the one list for each set of permissions: whether two holdings are the same is then seen without looking into them. */
export interface Judging extends PlanScene {
  share(holding: Holding): Holding;
}

/** Where a person is looked at, and which changes make the moments. */
export interface Cell {
  readonly person: string;
  readonly place: Address;
  /** The changes that touch it, in the order in which they are numbered. */
  readonly changes: readonly DraftChange[];
  /** Grants that are taken not to be there. */
  readonly leftOut?: ReadonlySet<Address>;
}

/** Gives every set of permissions one list, the first that had it. */
export function makeShare(): Judging["share"] {
  const known = new Map<string, Holding>();
  return (holding) => {
    if (holding === "all") return holding;
    const key = holding.join("\u0000");
    const shared = known.get(key) ?? holding;
    known.set(key, shared);
    return shared;
  };
}

/** What a person has once some of the changes are done, by their mask. */
export function lookAtMoments(cell: Cell, judging: Judging): (mask: number) => CellSide {
  const sides = new Map<number, CellSide>();
  const viewAt = makeViews(cell, judging);
  const places = findPlaceDeciders(cell.place).places.filter((address) => kindOf(address) !== "restriction");
  return (mask) => {
    const known = sides.get(mask) ?? look(viewAt(mask), places, { cell, judging });
    sides.set(mask, known);
    return known;
  };
}

/** Of a place that is made by the plan, most moments come before it, or before what it is in. */
function look(
  view: WorldView,
  places: readonly Address[],
  { cell, judging }: { readonly cell: Cell; readonly judging: Judging },
): CellSide {
  return places.some((place) => view.get(place) === undefined) ? NOTHING : evaluate(view, cell, judging);
}

const NOTHING: CellSide = { holding: [], roles: [], isLowerBound: false, assumptions: [] };

/** What stands at an address before and after a change, and the change's place in masks; 0 where nothing is in between. */
interface Turn {
  readonly bit: number;
  readonly before: Resource | undefined;
  readonly after: Resource | undefined;
}

/** The worlds in between: what stands at an address once some of the changes are done. Every address is looked up once for all of them. */
function makeViews({ changes, leftOut }: Cell, { worlds, changedBy }: PlanScene): (mask: number) => WorldView {
  const turns = new Map<Address, Turn>();
  const findTurn = (address: Address): Turn => {
    if (leftOut?.has(address)) return { bit: 0, before: undefined, after: undefined };
    const change = changedBy.get(address);
    const before = worlds.live.get(address);
    if (change === undefined) return { bit: 0, before, after: before };
    const after = worlds.planned.get(address);
    const number = changes.indexOf(change);
    // By a change that counts for nothing here, what does not count may differ all the same.
    return number < 0 ? { bit: 0, before: after, after } : { bit: 1 << number, before, after };
  };
  return (mask) => ({
    get: (address) => {
      const turn = turns.get(address) ?? findTurn(address);
      turns.set(address, turn);
      return (mask & turn.bit) === 0 ? turn.before : turn.after;
    },
  });
}

function evaluate(view: WorldView, { person, place }: Cell, { settings, share }: Judging): CellSide {
  const { permissions: held, ...access } = evaluateAccess(view, `user:${person}`, place, settings);
  // Beside everything other roles say nothing.
  const telling = access.paths.filter(({ permissions }) => held !== "all" || permissions === "all");
  return {
    holding: share(listHolding({ permissions: held, ...access })),
    roles: [...new Set(telling.map(({ role }) => role))].sort(),
    isLowerBound: access.isLowerBound,
    assumptions: access.assumptions,
  };
}
