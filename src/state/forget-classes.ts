import { type Address, type ClassKey, classKey, kindOf, parseClassKey } from "../model/address.ts";
import { ClassedWorld } from "../model/classed-world.ts";
import type { KindLogic } from "../model/kind.ts";
import type { Observation } from "../model/plan.ts";

/**
 * What was read, without some classes and what is in them, so that a reading that adds to it reads these anew. Of a kind that is
 * listed for the whole account at once everything is forgotten.
 */
export function forgetClasses(
  observation: Observation,
  classes: ReadonlySet<ClassKey>,
  kinds: readonly KindLogic[],
): Observation {
  if (classes.size === 0) return observation;
  const byName = new Map<string, KindLogic>(kinds.map((kind) => [kind.name, kind]));
  const isForgotten = (address: Address): boolean =>
    classes.has(classKey(kindOf(address), byName.get(kindOf(address))?.parentOf(address)));
  const listed = new Set<string>([...classes].map((key) => parseClassKey(key).kind));
  const { glimpse } = observation;
  return {
    ...observation,
    world: ClassedWorld.from(observation.world, (address) => !isForgotten(address)),
    coverage: new Map([...observation.coverage].filter(([key]) => !classes.has(key as ClassKey) && !listed.has(key))),
    covered: new Set([...observation.covered].filter((address) => !isForgotten(address))),
    ...(glimpse !== undefined && {
      glimpse: {
        ...glimpse,
        loose: new Set([...glimpse.loose].filter((key) => !classes.has(key))),
        assumed: new Set([...glimpse.assumed].filter((address) => !isForgotten(address))),
      },
    }),
  };
}
