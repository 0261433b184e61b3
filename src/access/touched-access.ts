import { type Address, kindOf, pathText } from "../model/address.ts";
import type { DraftChange, Worlds } from "../model/kind.ts";
import type { Resource } from "../model/resource.ts";
import { type AccountIndex, containerOf, isGrant, personIn } from "./account-index.ts";
import { describeFacet } from "./plan-scene.ts";

/** Where one person's access may differ by a plan: paths of places, each with all that is in it. */
export interface TouchedPlaces {
  /** True where a built-in right over the whole account comes or goes. */
  account: boolean;
  readonly organizations: Set<string>;
  readonly spaces: Set<string>;
  readonly projects: Set<string>;
}

/** By person, as addresses spell them. */
export type Touched = ReadonlyMap<string, TouchedPlaces>;

export interface Touching {
  readonly changes: readonly DraftChange[];
  readonly goneWith: ReadonlyMap<Address, readonly Address[]>;
  readonly worlds: Worlds;
  readonly index: AccountIndex;
}

/** Finds whose access a plan may change, and where: in proportion to what its changes touch, but for one look at every grant where the contents of a role change. */
export function findTouched(touching: Touching): Touched {
  const touched = new Map<string, TouchedPlaces>();
  const touch = (person: string): TouchedPlaces => {
    const known = touched.get(person) ?? {
      account: false,
      organizations: new Set<string>(),
      spaces: new Set<string>(),
      projects: new Set<string>(),
    };
    touched.set(person, known);
    return known;
  };
  const { changes, goneWith, worlds } = touching;
  const roles = new Set<Address>();
  for (const change of changes) {
    const { address } = change;
    if (isGrant(address)) touchGrant(address, touch);
    else if (kindOf(address) === "role") roles.add(address);
    else touchPlace(change, touching, touch);
    for (const gone of goneWith.get(address) ?? []) if (isGrant(gone)) touchGrant(gone, touch);
  }
  touchHolders(keepChanged(roles, worlds), worlds, touch);
  return touched;
}

type Touch = (person: string) => TouchedPlaces;

function touchGrant(grant: Address, touch: Touch): void {
  const places = touch(personIn(grant));
  const container = containerOf(grant);
  const kind = kindOf(grant);
  const level =
    kind === "org-member" ? places.organizations : kind === "space-member" ? places.spaces : places.projects;
  level.add(container);
}

function touchPlace({ address, op }: DraftChange, { worlds, index }: Touching, touch: Touch): void {
  const path = pathText(address);
  const space = path.split("/").slice(0, 2).join("/");
  switch (kindOf(address)) {
    case "user":
      if ([worlds.live, worlds.planned].some((world) => world.get(address)?.spec["role"] === "admin"))
        touch(path).account = true;
      return;
    case "space": {
      const isMoved = describeFacet(worlds.live.get(address)) !== describeFacet(worlds.planned.get(address));
      // A new space holds nothing yet; who is let into it by name is a change of its own.
      if (op === "create" || !isMoved) return;
      for (const person of listEntrants(path, index)) touch(person).spaces.add(path);
      return;
    }
    case "project":
      if (op === "delete") for (const person of listEntrants(space, index)) touch(person).projects.add(path);
      return;
    case "restriction":
      touchRestricted(path, { worlds, index }, touch);
      return;
    default:
      return;
  }
}

/** In a new project nobody has anything yet that a restriction could take: who comes to have something there does so by a grant. */
function touchRestricted(project: string, { worlds, index }: Pick<Touching, "worlds" | "index">, touch: Touch): void {
  if (!worlds.live.has(`project:${project}`)) return;
  for (const person of listEntrants(containerOf(`project:${project}`), index)) touch(person).projects.add(project);
}

/** Everybody who may be let into a space by a grant of their own: its members, and those of the organization. */
function listEntrants(space: string, index: AccountIndex): ReadonlySet<string> {
  return new Set([
    ...index.byPerson("space-member", space).keys(),
    ...index.byPerson("org-member", space.slice(0, space.indexOf("/"))).keys(),
  ]);
}

/** The roles of which what they hold differs, among those that were there before. */
function keepChanged(roles: ReadonlySet<Address>, { live, planned }: Worlds): ReadonlySet<Address> {
  return new Set(
    [...roles].filter((role) => live.has(role) && describeFacet(live.get(role)) !== describeFacet(planned.get(role))),
  );
}

/** Whoever holds such a role only by a change of the plan is touched by that change. */
function touchHolders(roles: ReadonlySet<Address>, { live }: Worlds, touch: Touch): void {
  if (roles.size === 0) return;
  for (const resource of live.values()) {
    if (isGrant(resource.address) && holdsAny(resource, roles)) touchGrant(resource.address, touch);
  }
}

function holdsAny({ spec }: Resource, roles: ReadonlySet<Address>): boolean {
  return roles.has(spec["role"] as Address) || roles.has(spec["also"] as Address);
}
