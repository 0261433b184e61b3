import { type Address, kindOf, pathText } from "../model/address.ts";
import { compareText } from "../model/json.ts";
import type { Worlds } from "../model/kind.ts";

/** The addresses of both worlds of a plan, found by what they are in. Of the account it reads nothing but the list of addresses. */
export interface AccountIndex {
  /** Addresses of a kind whose path begins with that of a container, of either world, sorted. */
  below(kind: string, container: string): readonly Address[];
  /** The same, by the person they end with, names as in addresses. */
  byPerson(kind: string, container: string): ReadonlyMap<string, readonly Address[]>;
}

/** Makes the index. Addresses sort by what they are in, so that the content of a container is a run of the sorted list. */
export function indexAccount({ live, planned }: Worlds, changed: Iterable<Address>): AccountIndex {
  let sorted: readonly Address[] | undefined;
  // Where nothing changes nobody asks, and the list alone is half as large as the account.
  const listOld = (): readonly Address[] => {
    sorted ??= sortOnce([...live.keys()]);
    return sorted;
  };
  const made = sortOnce([...new Set(changed)].filter((address) => planned.has(address) && !live.has(address)));
  const grouped = new Map<string, ReadonlyMap<string, readonly Address[]>>();
  const below = (kind: string, container: string): readonly Address[] => {
    const prefix = `${kind}:${container}/`;
    const found = [...runOf(listOld(), prefix), ...runOf(made, prefix)];
    return sortOnce(found);
  };
  return {
    below,
    byPerson: (kind, container) => {
      const key = `${kind}:${container}`;
      const known = grouped.get(key) ?? groupByPerson(below(kind, container));
      grouped.set(key, known);
      return known;
    },
  };
}

/** The person an address of a grant ends with, as addresses spell it. */
export function personIn(grant: Address): string {
  return grant.slice(grant.lastIndexOf("/") + 1);
}

/** The path of what a grant is given in. */
export function containerOf(grant: Address): string {
  const path = pathText(grant);
  return path.slice(0, path.lastIndexOf("/"));
}

function groupByPerson(grants: readonly Address[]): ReadonlyMap<string, readonly Address[]> {
  const groups = new Map<string, Address[]>();
  for (const grant of grants) {
    const person = personIn(grant);
    const group = groups.get(person);
    if (group === undefined) groups.set(person, [grant]);
    else group.push(grant);
  }
  return groups;
}

/** Observed worlds are sorted already: finding that out is much cheaper than sorting. */
function sortOnce(addresses: readonly Address[]): readonly Address[] {
  const isSorted = addresses.every((address, at) => at === 0 || (addresses[at - 1] as Address) <= address);
  return isSorted ? addresses : [...addresses].sort(compareText);
}

function runOf(sorted: readonly Address[], prefix: string): readonly Address[] {
  const start = firstNotBelow(sorted, (address) => address < prefix);
  const end = firstNotBelow(sorted, (address) => address < prefix || address.startsWith(prefix));
  return sorted.slice(start, end);
}

/** The first place in a sorted list from which on a claim is false. */
function firstNotBelow(sorted: readonly Address[], isBelow: (address: Address) => boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBelow(sorted[middle] as Address)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The address of what stands under a path in the hierarchy of places. */
export function placeAt(path: string): Address {
  const depth = path.split("/").length;
  return `${depth === 1 ? "organization" : depth === 2 ? "space" : "project"}:${path}`;
}

/** True for the kinds that give one person something in one place. */
export function isGrant(address: Address): boolean {
  const kind = kindOf(address);
  return kind === "org-member" || kind === "space-member" || kind === "binding";
}
