import { type Address, formatAddress, pathPart } from "../model/address.ts";
import type { World } from "../model/resource.ts";

/** A world never changes once it is asked, and is asked for each person. */
const known = new WeakMap<World, ReadonlySet<Address>>();

/** Everybody whom the account knows as a bot of a service key, or by a grant alone: no person who could be counted on. */
export function listBots(world: World): ReadonlySet<Address> {
  const bots = known.get(world) ?? findBots(world);
  known.set(world, bots);
  return bots;
}

/** An entry of a space may be foreign for other reasons, such as a right that is inherited. */
function findBots(world: World): ReadonlySet<Address> {
  const bots = new Set<Address>();
  for (const { address, kind, builtin } of world.values()) {
    const isForeign = builtin === true && (kind === "org-member" || kind === "binding");
    if (isForeign) bots.add(formatAddress("user", [pathPart(address, -1)]));
  }
  return bots;
}
