import { type Address, compareAddresses } from "../model/address.ts";
import { groupCycles } from "./find-cycles.ts";

/** One change after another, for a reason that may have to give way. */
export interface Wish {
  readonly first: Address;
  readonly second: Address;
}

/** What each change comes after, and the wishes that could not be had. */
export interface Arrangement<W extends Wish> {
  readonly waitsFor: ReadonlyMap<Address, readonly Address[]>;
  readonly broken: readonly W[];
}

/**
 * Adds wishes to what must be, each list of which is sorted, the most important first. Wishes of one rank that would have changes wait for each other give way
 * together, so that the outcome does not depend on the order in which they are told.
 */
export function arrange<W extends Wish>(
  must: ReadonlyMap<Address, readonly Address[]>,
  ranks: readonly (readonly W[])[],
): Arrangement<W> {
  // Of most changes nobody wishes anything: what they come after stays the list that it is.
  const wished = new Map<Address, Set<Address>>();
  const waitsOf = (address: Address): Set<Address> => {
    const known = wished.get(address) ?? new Set(must.get(address));
    wished.set(address, known);
    return known;
  };
  const isNew = ({ first, second }: Wish): boolean =>
    first !== second && must.has(first) && must.has(second) && !waitsOf(second).has(first);
  const broken: W[] = [];
  for (const wishes of ranks) {
    const news = wishes.filter(isNew);
    for (const { first, second } of news) waitsOf(second).add(first);
    if (news.length === 0) continue;
    const groups = groupCycles(must.keys(), (address) => wished.get(address) ?? must.get(address) ?? []);
    for (const wish of news) {
      if (groups.get(wish.first) !== groups.get(wish.second)) continue;
      waitsOf(wish.second).delete(wish.first);
      broken.push(wish);
    }
  }
  const waitsFor = new Map(must);
  for (const [address, earlier] of wished) waitsFor.set(address, [...earlier].sort(compareAddresses));
  return { waitsFor, broken };
}
