import { type Address, type KindName, pathPart, pathText } from "../model/address.ts";
import type { ResourceClass } from "../model/classed-world.ts";
import { ListMap } from "../model/list-map.ts";
import { DerivedMap } from "../model/map-view.ts";
import type { Resource, Spec } from "../model/resource.ts";

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

/** The e-mail that such a name spells. */
export function emailOfName(name: string): string {
  return pathPart(`user:${name}` as Address, -1);
}

/** True for a grant of which there is nothing to say but its role. */
export function isOrdinary({ builtin, unknown, facts }: Resource): boolean {
  return builtin !== true && unknown === undefined && facts === undefined;
}

/** How the grants of one kind in one place are made of what was read. */
interface GrantClass<T> {
  readonly kind: KindName;
  readonly place: Address;
  readonly make: (entry: T) => Resource;
  /** The spec alone. */
  readonly specOf: (entry: T) => Spec;
}

/**
 * The grants of one kind in one place. Those with nothing special about them are held as what they were read from, by name, and
 * made whenever they are asked for: nearly all are so, and in a large account all else together takes less.
 */
export function gatherGrants<T>(
  { kind, place, make, specOf }: GrantClass<T>,
  ordinary: readonly (readonly [name: string, entry: T])[],
  others: readonly Resource[],
): Gathered {
  const entries = ListMap.sorted(ordinary);
  if (entries === undefined)
    return { resources: [...others, ...ordinary.map(([, entry]) => make(entry))], classes: [] };
  if (entries.size === 0) return { resources: others, classes: [] };
  const prefix = `${kind}:${pathText(place)}/`;
  const [resources, specs] = [new DerivedMap(entries, make), new DerivedMap(entries, specOf)];
  return { resources: others, classes: [{ kind, prefix, resources, specs }] };
}
