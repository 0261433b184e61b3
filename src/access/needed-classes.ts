import { type Address, type ClassKey, classKey, kindOf, pathText } from "../model/address.ts";
import type { DraftChange, Worlds } from "../model/kind.ts";
import { type AccountIndex, placeAt } from "./account-index.ts";
import { describeFacet } from "./plan-scene.ts";

/** By change, the classes that have to be known to say whom it hits and how. Empty where it says so by itself. */
export type NeededClasses = ReadonlyMap<Address, readonly ClassKey[]>;

/**
 * Lists what has to be known of the account to judge changes: who else is in a place, what else is in it, and what else the
 * person holds there. Of a place that is new there is nothing to know. What is in a place that was not read yet is not listed.
 */
export function listNeededClasses(changes: readonly DraftChange[], worlds: Worlds, index: AccountIndex): NeededClasses {
  const live: Live = { ...worlds, index, hasPlace: (path) => worlds.live.has(placeAt(path)) };
  let everything: readonly ClassKey[] | undefined;
  return new Map(
    changes.map((change): readonly [Address, readonly ClassKey[]] => {
      if (!isMovedRole(change, worlds)) return [change.address, listAround(change, live)];
      everything ??= listEverything(live);
      return [change.address, everything];
    }),
  );
}

interface Live extends Worlds {
  readonly index: AccountIndex;
  hasPlace(path: string): boolean;
}

/** What everybody's access rests on. */
const BASE: readonly ClassKey[] = ["user@", "role@"];

function isMovedRole({ address }: DraftChange, worlds: Worlds): boolean {
  return kindOf(address) === "role" && worlds.live.has(address) && isMoved(address, worlds);
}

function isMoved(address: Address, { live, planned }: Worlds): boolean {
  return describeFacet(live.get(address)) !== describeFacet(planned.get(address));
}

function listAround({ op, address, after }: DraftChange, live: Live): readonly ClassKey[] {
  const path = pathText(address);
  const [organization = "", name] = path.split("/");
  const space = `${organization}/${name}`;
  switch (kindOf(address)) {
    case "org-member":
      // An admin has everything in it, whatever that is.
      if (!live.hasPlace(organization) || after?.spec["role"] === "admin") return [];
      return listOrganization(organization, op !== "create", live);
    case "space-member":
      return live.hasPlace(space) ? listSpace(space, live) : [];
    case "space":
      return op !== "create" && isMoved(address, live) ? listSpace(path, live) : [];
    case "binding":
      return live.hasPlace(parentOf(path)) ? [...listRosters(space), ...listProject(parentOf(path))] : [];
    case "restriction":
      return live.hasPlace(path) ? [...listRosters(space), ...listProject(path)] : [];
    case "project":
      return op === "delete" ? [...listRosters(space), ...listProject(path)] : [];
    default:
      return [];
  }
}

/** Somebody who joins has nothing in the organization yet; of somebody who is in it, the entries in its spaces count. */
function listOrganization(organization: string, isIn: boolean, live: Live): readonly ClassKey[] {
  const spaces = live.index.below("space", organization).filter((space) => live.live.has(space));
  return [
    ...BASE,
    classKey("org-member", placeAt(organization)),
    classKey("space", placeAt(organization)),
    ...spaces.flatMap((space) => [
      ...(isIn ? [classKey("space-member", space)] : []),
      ...listContent(pathText(space), live),
    ]),
  ];
}

function listSpace(space: string, live: Live): readonly ClassKey[] {
  return [...listRosters(space), ...listContent(space, live)];
}

function listRosters(space: string): readonly ClassKey[] {
  const organization = space.slice(0, space.indexOf("/"));
  return [...BASE, classKey("org-member", placeAt(organization)), classKey("space-member", placeAt(space))];
}

function listContent(space: string, live: Live): readonly ClassKey[] {
  const projects = live.index.below("project", space).filter((project) => live.live.has(project));
  return [classKey("project", placeAt(space)), ...projects.flatMap((project) => listProject(pathText(project)))];
}

function listProject(project: string): readonly ClassKey[] {
  return [classKey("binding", placeAt(project)), classKey("restriction", placeAt(project))];
}

/** All that may hold somebody with a role whose contents change. */
function listEverything(live: Live): readonly ClassKey[] {
  const keys: ClassKey[] = [...BASE, "organization@"];
  for (const { kind, address } of live.live.values()) {
    if (kind === "organization") keys.push(...listOrganization(pathText(address), true, live));
  }
  return keys;
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}
