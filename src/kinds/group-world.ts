import { type Address, type KindName, pathText } from "../model/address.ts";
import type { World } from "../model/resource.ts";

/** Addresses of a world by what they hang on, each list in the order of the world. */
export interface GroupedWorld {
  /** By the path of a container: everything below it, at any depth. */
  readonly content: ReadonlyMap<string, readonly Address[]>;
  /** By the last name of a person's address: what the person holds anywhere. */
  readonly grants: ReadonlyMap<string, readonly Address[]>;
}

/** A plan asks for thousands of cascades in the same world, and a world never changes once it is planned with. */
const known = new WeakMap<World, GroupedWorld>();

/** A world in groups, made when they are first asked for. Not for a world that is still being filled. */
export function groupWorld(world: World): GroupedWorld {
  const grouped = known.get(world) ?? makeGroups(world);
  known.set(world, grouped);
  return grouped;
}

/** Kinds whose path is no path of places, though it may look like one. */
const OUTSIDE: ReadonlySet<KindName> = new Set(["user", "role", "saml-provider", "saml-mapping"]);

function makeGroups(world: World): GroupedWorld {
  const content = new Map<string, Address[]>();
  const grants = new Map<string, Address[]>();
  for (const { address, kind } of world.values()) {
    if (OUTSIDE.has(kind)) continue;
    const path = pathText(address);
    for (let slash = path.indexOf("/"); slash >= 0; slash = path.indexOf("/", slash + 1))
      add(content, path.slice(0, slash), address);
    // A restriction has the path of its project.
    if (kind === "restriction") add(content, path, address);
    if (kind === "org-member" || kind === "space-member" || kind === "binding")
      add(grants, path.slice(path.lastIndexOf("/") + 1), address);
  }
  return { content, grants };
}

function add(lists: Map<string, Address[]>, key: string, address: Address): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [address]);
  else list.push(address);
}
