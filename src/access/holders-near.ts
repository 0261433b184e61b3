import { type Address, pathText } from "../model/address.ts";
import type { World } from "../model/resource.ts";

/** Answers who may have anything at all in a place: account admins, and whoever holds a grant there or in what the place is in; in any order. */
export type HoldersNear = (place: Address) => readonly Address[];

const GRANTS: ReadonlySet<string> = new Set(["org-member", "space-member", "binding"]);

/** Looks through a world once, so that nobody without any grant on the way to a place has to be judged there. */
export function indexHolders(world: World): HoldersNear {
  const accountAdmins: Address[] = [];
  const byContainer = new Map<string, Address[]>();
  for (const { address, kind, spec } of world.values()) {
    if (kind === "user" && spec["role"] === "admin") accountAdmins.push(address);
    if (!GRANTS.has(kind)) continue;
    const path = pathText(address);
    const slash = path.lastIndexOf("/");
    const holders = byContainer.get(path.slice(0, slash));
    const holder: Address = `user:${path.slice(slash + 1)}`;
    if (holders === undefined) byContainer.set(path.slice(0, slash), [holder]);
    else holders.push(holder);
  }
  return (place) => {
    const around = containerPaths(place).flatMap((path) => byContainer.get(path) ?? []);
    return [...new Set([...accountAdmins, ...around])];
  };
}

/** The paths of a place and of what it is in: `A/b/c`, `A/b`, `A`. */
export function containerPaths(place: Address): readonly string[] {
  const names = pathText(place).split("/");
  return names.map((_, index) => names.slice(0, index + 1).join("/"));
}
