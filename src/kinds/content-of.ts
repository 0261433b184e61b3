import { type Address, pathText } from "../model/address.ts";
import type { World } from "../model/resource.ts";
import { groupWorld } from "./group-world.ts";

/** Everything whose path begins with the path of a container: what the platform deletes along with it. */
export function contentOf(container: Address, live: World): readonly Address[] {
  return groupWorld(live).content.get(pathText(container)) ?? [];
}
