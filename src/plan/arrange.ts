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
 * Adds wishes to what must be, the most important first. Wishes of one rank that would have changes wait for each other give way
 * together, so that the outcome does not depend on the order in which they are told.
 */
export function arrange<W extends Wish>(
  must: ReadonlyMap<Address, readonly Address[]>,
  ranks: readonly (readonly W[])[],
): Arrangement<W> {
  const waits = new Map<Address, Set<Address>>([...must].map(([address, earlier]) => [address, new Set(earlier)]));
  const broken: W[] = [];
  for (const wishes of ranks) {
    const news = wishes.filter(({ first, second }) => isNew(first, second, waits));
    for (const { first, second } of news) waits.get(second)?.add(first);
    if (news.length === 0) continue;
    const groups = groupCycles(waits.keys(), (address) => waits.get(address) ?? []);
    for (const wish of news) {
      if (groups.get(wish.first) !== groups.get(wish.second)) continue;
      waits.get(wish.second)?.delete(wish.first);
      broken.push(wish);
    }
  }
  const sorted = [...waits].map(([address, earlier]) => [address, [...earlier].sort(compareAddresses)] as const);
  return { waitsFor: new Map(sorted), broken };
}

function isNew(first: Address, second: Address, waits: ReadonlyMap<Address, ReadonlySet<Address>>): boolean {
  return first !== second && waits.has(first) && waits.get(second)?.has(first) === false;
}
