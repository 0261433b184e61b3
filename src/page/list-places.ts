import { listPlaces } from "../access/questions.ts";
import { type Address, kindOf, pathPart, pathText } from "../model/address.ts";
import { compareText } from "../model/json.ts";
import type { Resource, World } from "../model/resource.ts";
import type { PagePlace, Sides } from "./page-model.ts";

/** The worlds on both sides of a plan. */
export interface Both {
  readonly before: World;
  readonly after: World;
}

/** A place with the address by which the worlds know it. */
export interface KnownPlace {
  readonly address: Address;
  readonly path: string;
  readonly told: PagePlace;
}

/** Places in the order of a tree, each right behind what it is in; what they are in is added where nobody named it. */
export function orderPlaces(addresses: Iterable<Address>, worlds: Both): readonly KnownPlace[] {
  const paths = new Set<string>();
  for (const address of addresses) {
    const names = pathText(address).split("/");
    for (const depth of names.keys()) paths.add(names.slice(0, depth + 1).join("/"));
  }
  const sorted = [...paths].sort((a, b) => compareText(treeOrder(a), treeOrder(b)));
  const numbers = new Map(sorted.map((path, number) => [path, number]));
  return sorted.map((path) => {
    const address = placeAt(path);
    const within = numbers.get(path.slice(0, Math.max(0, path.lastIndexOf("/")))) ?? -1;
    return { address, path, told: describePlace(address, within, worlds) };
  });
}

/** Every place of either world. */
export function listAllPlaces({ before, after }: Both): ReadonlySet<Address> {
  return new Set([...listPlaces(before), ...listPlaces(after)]);
}

/** On which sides something holds. */
export function sidesOf(before: boolean, after: boolean): Sides {
  return ((before ? 1 : 0) + (after ? 2 : 0)) as Sides;
}

/** The address of what stands under a path in the tree of places. */
function placeAt(path: string): Address {
  const kinds = ["organization", "space", "project"] as const;
  return `${kinds[path.split("/").length - 1] as string}:${path}`;
}

function describePlace(address: Address, within: number, { before, after }: Both): PagePlace {
  const closed = sidesOf(isClosed(before, address), isClosed(after, address));
  return {
    depth: (address.split("/").length - 1) as PagePlace["depth"],
    name: pathPart(address, -1),
    within,
    there: sidesOf(before.has(address), after.has(address)),
    ...(closed === 0 ? {} : { closed }),
  };
}

function isClosed(world: World, address: Address): boolean {
  const place: Resource | undefined = world.get(address);
  if (kindOf(address) === "project") return place !== undefined && world.has(`restriction:${pathText(address)}`);
  return kindOf(address) === "space" && place?.spec["private"] === true;
}

/** The slash goes before every character of a name. */
function treeOrder(path: string): string {
  return path.replaceAll("/", "\u0000");
}
