import type { Address, ClassKey, KindName } from "../model/address.ts";
import type { Coverage, Observation } from "../model/plan.ts";
import type { KindsByName } from "./kinds-by-name.ts";

/** How completely a class was read. Within a parent that is surely not there, there is surely nothing. */
export function coverageOfClass(key: ClassKey, observation: Observation, kinds: KindsByName): Coverage {
  const at = key.indexOf("@");
  const parent = key.slice(at + 1) as Address | "";
  if (parent !== "" && !observation.world.has(parent)) {
    return coverageOfClass(kinds.classOf(parent), observation, kinds);
  }
  return observation.coverage.get(key) ?? observation.coverage.get(key.slice(0, at) as KindName) ?? "unreadable";
}
