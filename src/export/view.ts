import { type Address, classKey, type KindName, kindOf, pathPart, pathText } from "../model/address.ts";
import type { Coverage, Observation } from "../model/plan.ts";
import type { Resource } from "../model/resource.ts";

/** An account as it was observed, and which part of it is to be told. */
export interface View {
  readonly observation: Observation;
  /** What of one kind stands in a place, sorted; in the account itself where there is no place. */
  readonly listIn: (kind: KindName, place: Address | undefined) => readonly Resource[];
  /** Grants of one kind in a place that an inherited admin right hides. */
  readonly listCovered: (kind: KindName, place: Address) => readonly Address[];
  readonly coverageOf: (kind: KindName, place: Address | undefined) => Coverage;
  /** True for the bot of a service key, as far as a member list says so. */
  readonly isBot: (email: string) => boolean;
  /** True where the place itself is told, not only something inside it. */
  readonly isTold: (place: Address) => boolean;
  /** True where the place, or something inside it, is told. */
  readonly isOpened: (place: Address) => boolean;
  /** True when nothing of the account is left aside. */
  readonly isWhole: boolean;
}

/** Arranges an observation by place. No scopes means the whole account; else they are organizations and spaces. */
export function viewAccount(observation: Observation, scopes: readonly Address[]): View {
  const { world, covered, coverage } = observation;
  const content = groupByClass([...world.values()], ({ address }) => address);
  const hidden = groupByClass([...covered], (address) => address);
  const bots = new Set(
    [...world.values()].flatMap(({ facts, address }) => (facts?.["bot"] === true ? pathPart(address, -1) : [])),
  );
  const isTold = (place: Address): boolean =>
    scopes.length === 0 || scopes.some((scope) => scope === place || pathText(place).startsWith(`${pathText(scope)}/`));
  return {
    observation,
    listIn: (kind, place) => content.get(keyOf(kind, place)) ?? [],
    listCovered: (kind, place) => hidden.get(keyOf(kind, place)) ?? [],
    coverageOf: (kind, place) => coverage.get(classKey(kind, place)) ?? coverage.get(kind) ?? "unreadable",
    isBot: (email) => bots.has(email),
    isTold,
    isOpened: (place) => isTold(place) || scopes.some((scope) => pathText(scope).startsWith(`${pathText(place)}/`)),
    isWhole: scopes.length === 0,
  };
}

function groupByClass<T>(items: readonly T[], addressOf: (item: T) => Address): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const address = addressOf(item);
    const key = `${kindOf(address)}@${parentPath(address)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

/** A restriction has the path of its project. */
function parentPath(address: Address): string {
  const path = pathText(address);
  return kindOf(address) === "restriction" ? path : path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

function keyOf(kind: KindName, place: Address | undefined): string {
  return `${kind}@${place === undefined ? "" : pathText(place)}`;
}
