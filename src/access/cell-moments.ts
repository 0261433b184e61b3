import type { AssumptionCode } from "../model/access.ts";
import type { Address } from "../model/address.ts";
import type { DraftChange } from "../model/kind.ts";
import type { Resource, WorldView } from "../model/resource.ts";
import { evaluateSpot } from "./effective-access.ts";
import { type Holding, listHolding } from "./permission-list.ts";
import type { PlanScene } from "./plan-scene.ts";
import { findSpot, type Spot } from "./scene.ts";

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
  const seen = new Map<Holding, Holding>();
  return (holding) => {
    const met = seen.get(holding);
    if (holding === "all" || met !== undefined) return met ?? holding;
    const key = holding.join("\u0000");
    const shared = known.get(key) ?? holding;
    known.set(key, shared);
    seen.set(holding, shared);
    return shared;
  };
}

/** What a person has once some of the changes are done, by their mask. */
export function lookAtMoments(cell: Cell, judging: Judging): (mask: number) => CellSide {
  const sides: CellSide[] = [];
  const turns = new Map<Address, Turn>();
  const turnAt = (address: Address): Turn => {
    const turn = turns.get(address) ?? findTurn(address, cell, judging);
    turns.set(address, turn);
    return turn;
  };
  const spot = findSpot(`user:${cell.person}`, cell.place) as Spot;
  const isThere = makePresence(spot.places.map(turnAt));
  return (mask) => {
    // Of a place that is made by the plan, most moments come before it, or before what it is in.
    if (!isThere(mask)) return NOTHING;
    sides[mask] ??= evaluate({ get: (address) => stateAt(turnAt(address), mask) }, spot, judging);
    return sides[mask];
  };
}

/** True for the moments at which all of some addresses are there: after they are made, and before they go. */
function makePresence(turns: readonly Turn[]): (mask: number) => boolean {
  const without = (side: "before" | "after"): number =>
    turns.reduce((mask, turn) => (turn[side] === undefined ? mask | turn.bit : mask), 0);
  const [made, gone] = [without("before"), without("after")];
  const isEver = turns.every(({ before, after }) => before !== undefined || after !== undefined);
  return (mask) => isEver && (mask & made) === made && (mask & gone) === 0;
}

const NOTHING: CellSide = { holding: [], roles: [], isLowerBound: false, assumptions: [] };

/** What stands at an address before and after a change, and the change's place in masks; 0 where nothing is in between. */
interface Turn {
  readonly bit: number;
  readonly before: Resource | undefined;
  readonly after: Resource | undefined;
}

/** Every address is looked up once for all moments. */
function findTurn(address: Address, { changes, leftOut }: Cell, { worlds, changedBy }: PlanScene): Turn {
  if (leftOut?.has(address)) return { bit: 0, before: undefined, after: undefined };
  const change = changedBy.get(address);
  const before = worlds.live.get(address);
  if (change === undefined) return { bit: 0, before, after: before };
  const after = worlds.planned.get(address);
  const number = changes.indexOf(change);
  // By a change that counts for nothing here, what does not count may differ all the same.
  return number < 0 ? { bit: 0, before: after, after } : { bit: 1 << number, before, after };
}

/** What stands there once the changes of a mask are done. */
function stateAt({ bit, before, after }: Turn, mask: number): Resource | undefined {
  return (mask & bit) === 0 ? before : after;
}

function evaluate(view: WorldView, spot: Spot, { settings, share }: Judging): CellSide {
  const access = evaluateSpot(view, spot, settings);
  // Beside everything other roles say nothing.
  const telling = access.paths.filter(({ permissions }) => access.permissions !== "all" || permissions === "all");
  return {
    holding: share(listHolding(access)),
    roles: [...new Set(telling.map(({ role }) => role))].sort(),
    isLowerBound: access.isLowerBound,
    assumptions: access.assumptions,
  };
}
