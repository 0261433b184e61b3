import { type ClassKey, type KindName, parseClassKey } from "../model/address.ts";
import type { Coverage, Observation } from "../model/plan.ts";
import type { KindsByName } from "./kinds-by-name.ts";

/** How completely a class was read. Within a parent that is surely not there, there is surely nothing. */
export function coverageOfClass(key: ClassKey, observation: Observation, kinds: KindsByName): Coverage {
  const { kind, parent } = parseClassKey(key);
  if (parent !== undefined && !observation.world.has(parent)) {
    return coverageOfClass(kinds.classOf(parent), observation, kinds);
  }
  return observation.coverage.get(key) ?? observation.coverage.get(kind as KindName) ?? "unreadable";
}
