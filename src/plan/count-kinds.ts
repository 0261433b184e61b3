import { type Address, type KindName, kindOf } from "../model/address.ts";
import type { KindCount, PlanShard } from "../model/shard.ts";
import type { Drafted } from "./draft-plan.ts";

/**
 * How much of each kind a part has, and how much goes by its plan. What goes with it and is of another part counts here: the other
 * part is planned as if it were gone already, so that all parts together count everything once.
 */
export function countKinds(
  { worlds, cascades }: Pick<Drafted, "worlds" | "cascades">,
  isOurs: (address: Address) => boolean,
): PlanShard["counts"] {
  const going = new Set([...cascades].flatMap(([address, { certain }]) => [address, ...certain]));
  const counts = new Map<KindName, KindCount>();
  for (const { address, builtin } of worlds.live.values()) {
    const goes = going.has(address);
    if (builtin === true || !(goes || isOurs(address))) continue;
    const kind = kindOf(address) as KindName;
    const { total, gone } = counts.get(kind) ?? { total: 0, gone: 0 };
    counts.set(kind, { total: total + 1, gone: gone + (goes ? 1 : 0) });
  }
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}
