import type { BadMoment, OrderRule } from "../model/access.ts";
import { type Address, kindOf, pathText } from "../model/address.ts";
import { isSameJson } from "../model/json.ts";
import type { DraftChange } from "../model/kind.ts";
import { type Decider, makeCellDeciders } from "./cell-deciders.ts";
import { type Cell, type CellSide, type Judging, lookAtMoments, makeShare } from "./cell-moments.ts";
import { isHiddenRole } from "./grant-roles.ts";
import { type Holding, intersectHoldings, isEmpty, isWithin, subtractHolding } from "./permission-list.ts";
import { findPlaceDeciders, type PlanScene } from "./plan-scene.ts";
import { findSafeSequence, type SafeSequence } from "./safe-sequence.ts";

/** How one person's access to one place differs by a plan, through which changes, and what that means for their order. */
export interface CellVerdict {
  readonly before: CellSide;
  readonly after: CellSide;
  readonly gained: Holding;
  readonly lost: Holding;
  readonly gainedBy: readonly DraftChange[];
  readonly lostBy: readonly DraftChange[];
  readonly rules: readonly OrderRule[];
  readonly moments: readonly BadMoment[];
}

export type CellJudge = (person: string, place: Address) => CellVerdict | undefined;

/**
 * Makes the judge of a plan. Undefined where nothing that decides on the access changes. Cells in which the same roles change in
 * the same way are judged once: a plan has thousands of cells and few ways.
 */
export function makeCellJudge(scene: PlanScene): CellJudge {
  const known = new Map<string, Judgement>();
  const findDeciders = makeCellDeciders(scene);
  const judging: Judging = { ...scene, share: makeShare() };
  return (person, place) => {
    const { deciders, isOld } = findDeciders(person, place);
    const changes = listChanges(deciders);
    if (changes.length === 0) return undefined;
    const cell: OrderedCell = { person, place, changes, isOrdered: isOld && changes.length > 1 };
    const signature = describeCell(cell, deciders, scene);
    const judgement = known.get(signature) ?? judge(cell, judging);
    known.set(signature, judgement);
    return name(judgement, cell);
  };
}

interface OrderedCell extends Cell {
  /** True where it matters which of them comes first: what did not exist holds nothing that somebody could see too early, or miss. */
  readonly isOrdered: boolean;
}

/** A verdict in which changes are numbers. */
interface Judgement extends Omit<CellVerdict, "gainedBy" | "lostBy" | "rules" | "moments"> {
  readonly gainedBy: readonly number[];
  readonly lostBy: readonly number[];
  readonly rules: readonly (Omit<SafeSequence["rules"][number], "mask"> & { readonly permissions: Holding })[];
  readonly moments: readonly (Omit<SafeSequence["moments"][number], "mask"> & { readonly permissions: Holding })[];
}

function listChanges(deciders: readonly Decider[]): readonly DraftChange[] {
  const changes: DraftChange[] = [];
  for (const { change, isMoved } of deciders)
    if (change !== undefined && isMoved && !changes.includes(change)) changes.push(change);
  return changes.length < 2 ? changes : changes.sort((a, b) => rankOf(a) - rankOf(b));
}

/** Among orders that are equally safe, the one that people expect: make, bind, close, take away, give, open. */
function rankOf({ op, address }: DraftChange): number {
  const kind = kindOf(address);
  if (kind === "restriction") return op === "delete" ? 5 : 2;
  if (op === "delete") return kind === "binding" ? 6 : 3;
  if (kind === "binding") return 1;
  return kind === "space-member" || kind === "org-member" || kind === "space" ? 4 : 0;
}

/** A text that two cells share only when they come to the same. */
function describeCell(
  { place, changes, isOrdered }: OrderedCell,
  deciders: readonly Decider[],
  scene: PlanScene,
): string {
  let text = kindOf(place);
  for (const { standing, change } of deciders)
    text += change === undefined ? ` ${standing}` : ` ${standing}.${changes.indexOf(change)}`;
  return isOrdered ? `${text} after ${waitsOf(changes, scene).join(" ")}` : text;
}

/** For each change the mask of those among the same that it waits for anyway, also by way of each other. */
function waitsOf(changes: readonly DraftChange[], { waitsFor }: PlanScene): readonly number[] {
  const numbers = new Map(changes.map(({ address }, number) => [address, number]));
  const waits = changes.map(({ address }) =>
    waitsFor(address).reduce((mask, earlier) => {
      const number = numbers.get(earlier);
      return number === undefined ? mask : mask | (1 << number);
    }, 0),
  );
  for (const via of waits.keys()) {
    for (const change of waits.keys()) {
      if (((waits[change] as number) & (1 << via)) !== 0)
        waits[change] = (waits[change] as number) | (waits[via] as number);
    }
  }
  return waits;
}

function judge(cell: OrderedCell, judging: Judging): Judgement {
  const { changes } = cell;
  const full = (1 << changes.length) - 1;
  const sideAt = lookAtMoments(cell, judging);
  const holdingAt = (mask: number): Holding => sideAt(mask).holding;
  const [before, after] = [sideAt(0), sideAt(full)];
  const lost = judging.share(subtractHolding(before.holding, after.holding));
  const gained = judging.share(subtractHolding(after.holding, before.holding));
  const steps = { changes: changes.length, holdingAt };
  return {
    before,
    after,
    gained,
    lost,
    gainedBy: isEmpty(gained) ? [] : findCauses(steps, (from, to) => subtractHolding(to, from), gained),
    lostBy: isEmpty(lost) ? [] : findCauses(steps, subtractHolding, lost),
    ...(cell.isOrdered ? orderCell(cell, judging) : { rules: [], moments: [] }),
  };
}

type Order = Pick<Judgement, "rules" | "moments">;

/** What the order of the changes must heed. A grant that may be there unseen is taken to be there, and then not to be: both must be safe. */
function orderCell(cell: Cell, judging: Judging): Order {
  const seen = orderBySight(cell, judging);
  const hidden = listHidden(cell, judging);
  if (hidden.length === 0) return seen;
  const other = orderBySight({ ...cell, leftOut: new Set(hidden) }, judging);
  return { rules: joinNew(seen.rules, other.rules), moments: joinNew(seen.moments, other.moments) };
}

function joinNew<T extends { readonly permissions: Holding }>(known: readonly T[], others: readonly T[]): readonly T[] {
  const isSame = (one: T, other: T): boolean => isSameJson({ ...one, permissions: [] }, { ...other, permissions: [] });
  return [...known, ...others.filter((other) => !known.some((one) => isSame(one, other)))];
}

function orderBySight(cell: Cell, judging: Judging): Order {
  const sideAt = lookAtMoments(cell, judging);
  const holdingAt = (mask: number): Holding => sideAt(mask).holding;
  const [before, after] = [holdingAt(0), holdingAt((1 << cell.changes.length) - 1)];
  const kept = intersectHoldings(before, after);
  const { rules, moments } = findSafeSequence(waitsOf(cell.changes, judging), (mask) => {
    if (!isWithin(holdingAt(mask), [before, after])) return "excess";
    return isWithin(kept, [holdingAt(mask)]) ? "fine" : "gap";
  });
  const wrongAt = (mask: number, is: "excess" | "gap"): Holding =>
    is === "excess"
      ? subtractHolding(subtractHolding(holdingAt(mask), before), after)
      : subtractHolding(kept, holdingAt(mask));
  return {
    rules: rules.map(({ mask, ...rule }) => ({ ...rule, permissions: wrongAt(mask, rule.avoids) })),
    moments: moments.map(({ mask, ...moment }) => ({ ...moment, permissions: wrongAt(mask, moment.is) })),
  };
}

/** The grants of a person that nobody sees, and that no change touches. */
function listHidden({ person, place }: Cell, { worlds, changedBy }: PlanScene): readonly Address[] {
  const grants = findPlaceDeciders(place).grants.map((grant): Address => `${grant}${person}`);
  return grants.filter((grant) => !changedBy.has(grant) && isHiddenRole(worlds.live.get(grant)));
}

/** The changes that, done at some moment, bring about a part of the difference. */
function findCauses(
  steps: { readonly changes: number; readonly holdingAt: (mask: number) => Holding },
  differ: (from: Holding, to: Holding) => Holding,
  difference: Holding,
): readonly number[] {
  const causes: number[] = [];
  for (let change = 0; change < steps.changes; change += 1) {
    const bit = 1 << change;
    // Most bring about their part once all others are done: the last moments tell soonest.
    for (let mask = (1 << steps.changes) - 1; mask >= 0; mask -= 1) {
      if ((mask & bit) !== 0) continue;
      const [from, to] = [steps.holdingAt(mask), steps.holdingAt(mask | bit)];
      if (from === to) continue;
      const part = differ(from, to);
      if (isEmpty(intersectHoldings(part, difference))) continue;
      causes.push(change);
      break;
    }
  }
  return causes;
}

const NONE: readonly never[] = [];

/** Puts the changes of a cell for the numbers of its kind. */
function name(judgement: Judgement, { person, place, changes }: Cell): CellVerdict {
  const { before, after, gained, lost, gainedBy, lostBy } = judgement;
  const at = (number: number): DraftChange => changes[number] as DraftChange;
  const where = { person: `user:${person}` as const, place };
  // Most cells have no rules: thousands of them share one empty list.
  return {
    before,
    after,
    gained,
    lost,
    gainedBy: gainedBy.length === 0 ? NONE : withoutPlaces(gainedBy.map(at), place),
    lostBy: lostBy.length === 0 ? NONE : lostBy.map(at),
    rules:
      judgement.rules.length === 0
        ? NONE
        : judgement.rules.map(({ first, second, ...rule }) => ({
            ...rule,
            first: at(first).address,
            second: at(second).address,
            ...where,
          })),
    moments:
      judgement.moments.length === 0
        ? NONE
        : judgement.moments.map(({ change, ...moment }) => ({ ...moment, change: at(change).address, ...where })),
  };
}

/** A new place gives nobody anything by itself, if there is a grant to name. */
function withoutPlaces(changes: readonly DraftChange[], place: Address): readonly DraftChange[] {
  const grants = changes.filter(({ address, op }) => op !== "create" || !isOnTheWay(address, place));
  return grants.length > 0 ? grants : changes;
}

function isOnTheWay(address: Address, place: Address): boolean {
  const kind = kindOf(address);
  const isPlace = kind === "organization" || kind === "space" || kind === "project";
  return isPlace && `${pathText(place)}/`.startsWith(`${pathText(address)}/`);
}
