import type { Address } from "../model/address.ts";
import type { World } from "../model/resource.ts";

/** Everything whose path begins with the path of a container: what the platform deletes along with it. */
export function contentOf(container: Address, live: World): readonly Address[] {
  const prefix = `:${container.slice(container.indexOf(":") + 1)}`;
  const inside: Address[] = [];
  for (const { address, kind } of live.values()) {
    if (address === container || kind === "user" || kind === "role") continue;
    const path = address.slice(address.indexOf(":"));
    if (path.startsWith(`${prefix}/`) || (kind === "restriction" && path === prefix)) inside.push(address);
  }
  return inside;
}
