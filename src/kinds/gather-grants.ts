import { type Address, type KindName, pathText } from "../model/address.ts";
import type { ResourceClass } from "../model/classed-world.ts";
import { DerivedMap } from "../model/map-view.ts";
import type { Resource } from "../model/resource.ts";
import { SortedMap } from "../model/sorted-map.ts";

/** A grant with what it was read from, and the end of its address where that is the name of somebody known. */
export interface Seen<T> {
  readonly entry: T;
  readonly resource: Resource;
  readonly name: string | undefined;
}

/** What was found in one place, as a reading of a kind tells it. */
interface Gathered {
  readonly resources: readonly Resource[];
  readonly classes: readonly ResourceClass[];
}

/** The end of the address of each person's grants, by the platform's id of the person, as far as that is known. */
export type NameOf = (userId: string) => string | undefined;

/** Each name is looked for once, and is one text wherever the person stands. */
export function makeNames(personOf: (userId: string) => Address | undefined): NameOf {
  const names = new Map<string, string | undefined>();
  return (userId) => {
    if (!names.has(userId)) {
      const person = personOf(userId);
      names.set(userId, person && pathText(person));
    }
    return names.get(userId);
  };
}

/**
 * Sorts out the grants of one kind in one place. Those with nothing special about them are held as what they were read from, and
 * made again whenever they are asked for: nearly all are, and in a large account all else together takes less.
 */
export function gatherGrants<T>(
  { kind, place, make }: { readonly kind: KindName; readonly place: Address; readonly make: (entry: T) => Resource },
  found: readonly Seen<T>[],
): Gathered {
  const isOrdinary = ({ resource, name }: Seen<T>): boolean =>
    name !== undefined && resource.builtin !== true && resource.unknown === undefined && resource.facts === undefined;
  const ordinary = found.filter(isOrdinary);
  const entries = SortedMap.of(ordinary.map(({ name, entry }) => [name as string, entry] as const));
  if (entries === undefined || entries.size === 0)
    return { resources: found.map(({ resource }) => resource), classes: [] };
  return {
    resources: found.filter((each) => !isOrdinary(each)).map(({ resource }) => resource),
    classes: [{ kind, prefix: `${kind}:${pathText(place)}/`, resources: new DerivedMap(entries, make) }],
  };
}
