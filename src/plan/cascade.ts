import { type Address, compareAddresses } from "../model/address.ts";
import type { Cascade } from "../model/kind.ts";
import type { World } from "../model/resource.ts";
import type { KindsByName } from "./kinds-by-name.ts";
import type { Draft } from "./match.ts";

/** Drafts without the deletions that another deletion brings along, and what each deletion brings along. */
export interface Cascaded {
  readonly drafts: readonly Draft[];
  readonly cascades: ReadonlyMap<Address, Cascade>;
}

/** Finds out what goes along with each deletion. What surely goes along is not deleted by a step of its own. */
export function resolveCascades(drafts: readonly Draft[], live: World, kinds: KindsByName): Cascaded {
  const cascades = new Map<Address, Cascade>();
  const gone = new Set<Address>();
  for (const { op, address } of drafts) {
    if (op !== "delete") continue;
    const cascade = kinds.of(address).cascadeOf(address, live);
    cascades.set(address, { certain: sort(cascade.certain), possible: sort(cascade.possible) });
    for (const other of cascade.certain) gone.add(other);
  }
  const kept = drafts.filter(({ op, address }) => op !== "delete" || !gone.has(address));
  const keptAddresses = new Set(kept.map(({ address }) => address));
  return { drafts: kept, cascades: new Map([...cascades].filter(([address]) => keptAddresses.has(address))) };
}

/** Everything that goes or may go along with a deletion, or nothing where there is none. */
export function listCascade(cascade: Cascade | undefined): readonly Address[] {
  return cascade === undefined ? [] : [...cascade.certain, ...cascade.possible].sort(compareAddresses);
}

function sort(addresses: readonly Address[]): readonly Address[] {
  return [...addresses].sort(compareAddresses);
}
