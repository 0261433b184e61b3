import { KINDS } from "../kinds/registry.ts";
import type { Memory } from "../model/plan.ts";
import { NO_LIMITS } from "../model/policy.ts";
import { aimAtPart } from "../plan/shard-plan.ts";
import type { Sight } from "./read-sight.ts";

/** What was seen of a part as it is, without what other parts of a divided account have. */
export function lookAtPart(sight: Sight, memory: Memory): Sight {
  if (sight.shard === undefined) return sight;
  const { input } = aimAtPart({ ...sight, memory, kinds: KINDS, limits: NO_LIMITS, asItIs: true }, sight.shard);
  return { ...sight, desired: input.desired, observation: input.observation };
}
