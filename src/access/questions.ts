import { type AccessSettings, ASSUMED, type EffectiveAccess } from "../model/access.ts";
import { type Address, compareAddresses, formatAddress, pathPart, pathText } from "../model/address.ts";
import { compareText } from "../model/json.ts";
import type { World } from "../model/resource.ts";
import { evaluateAccess } from "./effective-access.ts";

/** One person's access to one place. */
export interface AccessEntry {
  readonly person: Address;
  readonly place: Address;
  readonly access: EffectiveAccess;
}

/** Everybody who has a permission in a place, by address; with roles of unknown contents also who may have it. */
export function listHolders(
  world: World,
  permission: string,
  place: Address,
  settings: AccessSettings = ASSUMED,
): readonly AccessEntry[] {
  return listPeople(world)
    .map((person) => ({ person, place, access: evaluateAccess(world, person, place, settings) }))
    .filter(({ access }) => mayHold(access, permission));
}

/** Every organization, space and project where a person may do something, by address. */
export function listAccess(world: World, person: Address, settings: AccessSettings = ASSUMED): readonly AccessEntry[] {
  return [...world.values()]
    .filter(({ kind }) => PLACES.includes(kind))
    .map(({ address }) => ({ person, place: address, access: evaluateAccess(world, person, address, settings) }))
    .filter(({ access }) => access.paths.length > 0)
    .sort((a, b) => comparePlaces(a.place, b.place));
}

/** True when a person has a permission, or may have it by a role whose contents are not known. */
export function mayHold({ permissions, isLowerBound }: EffectiveAccess, permission: string): boolean {
  return permissions === "all" || permissions.has(permission) || isLowerBound;
}

/** Everybody the world speaks of: people, and holders of grants that are in no list of people, such as bots. */
export function listPeople(world: World): readonly Address[] {
  const people = new Set<Address>();
  for (const { address, kind } of world.values()) {
    if (kind === "user") people.add(address);
    else if (GRANTS.includes(kind)) people.add(formatAddress("user", [pathPart(address, -1)]));
  }
  return [...people].sort(compareAddresses);
}

/** Every organization, space and project of a world, by address. */
export function listPlaces(world: World): readonly Address[] {
  const places = [...world.values()].filter(({ kind }) => PLACES.includes(kind));
  return places.map(({ address }) => address).sort(compareAddresses);
}

const PLACES: readonly string[] = ["organization", "space", "project"];
const GRANTS: readonly string[] = ["org-member", "space-member", "binding"];

/** Places in the order of a tree: an organization, its spaces, their projects. */
function comparePlaces(a: Address, b: Address): number {
  return compareText(treeOrder(a), treeOrder(b));
}

/** A text by which a place sorts right after what it is in: the slash goes before every character of a name. */
function treeOrder(place: Address): string {
  return pathText(place).replaceAll("/", "\u0000");
}
