import { type Address, kindOf } from "../model/address.ts";
import type { DraftChange } from "../model/kind.ts";
import type { Resource } from "../model/resource.ts";
import { describeFacet, findPlaceDeciders, isAwaited, type PlanScene } from "./plan-scene.ts";

/** What stands at one address that decides on access, on both sides of a plan. */
export interface Decider {
  /** Two have the same number only where what counts for access is the same, on both sides. */
  readonly standing: number;
  /** The change by which the address differs. */
  readonly change: DraftChange | undefined;
  /** True where what counts for access differs by it. */
  readonly isMoved: boolean;
  /** Roles with a definition of their own that it gives, on either side. */
  readonly roles: readonly Address[];
}

/** Everything that decides on what one person may do in one place, in a fixed order; roles last. */
export interface CellDeciders {
  readonly deciders: readonly Decider[];
  /** True where the place is there before and after, and the person has come: only then the moments in between count. */
  readonly isOld: boolean;
}

/** What decides in a place, the same for everybody; and what a grant in it, or in what it is in, begins with. */
interface InPlace {
  readonly deciders: readonly Decider[];
  readonly grants: readonly string[];
  readonly isOld: boolean;
}

/** What one person has: looked up once for all places, since people are judged one after the other. */
interface OfPerson {
  readonly person: string;
  readonly user: Decider;
  readonly isAwaited: boolean;
  /** By what their addresses begin with. */
  readonly grants: Map<string, Decider>;
}

/** Makes what finds the deciders of a cell. What stands at an address is looked up and put into words once, not for each cell. */
export function makeCellDeciders(scene: PlanScene): (person: string, place: Address) => CellDeciders {
  const look = makeLook(scene);
  const inPlaces = new Map<Address, InPlace>();
  const roles = new Map<Address, Decider>();
  let last: OfPerson | undefined;
  return (person, place) => {
    const inPlace = inPlaces.get(place) ?? lookInPlace(place, scene, look);
    inPlaces.set(place, inPlace);
    if (last?.person !== person) last = lookAtPerson(person, scene, look);
    const deciders = [last.user, ...inPlace.deciders];
    const held: Address[] = [];
    for (const prefix of inPlace.grants) {
      const grant = lookOnce(prefix, last.grants, () => look(`${prefix}${person}` as Address));
      deciders.push(grant);
      for (const role of grant.roles) held.push(role);
    }
    for (const role of held.length < 2 ? held : new Set(held)) deciders.push(lookOnce(role, roles, () => look(role)));
    return { deciders, isOld: inPlace.isOld && !last.isAwaited };
  };
}

function lookOnce<K>(key: K, known: Map<K, Decider>, look: () => Decider): Decider {
  const found = known.get(key) ?? look();
  known.set(key, found);
  return found;
}

type Look = (address: Address) => Decider;

function makeLook({ worlds: { live, planned }, changedBy }: PlanScene): Look {
  const standings = new Map<string, number>();
  return (address) => {
    const [was, is] = [live.get(address), planned.get(address)];
    const change = changedBy.get(address);
    const before = describeFacet(was);
    const after = change === undefined ? before : describeFacet(is);
    // What a role holds is the same for all who hold it.
    const text = kindOf(address) === "role" ? address : `${before}\u0001${after}`;
    const standing = standings.get(text) ?? standings.size;
    standings.set(text, standing);
    return { standing, change, isMoved: before !== after, roles: listRoles(was, is) };
  };
}

function lookInPlace(place: Address, { worlds: { live, planned } }: PlanScene, look: Look): InPlace {
  const { places, grants } = findPlaceDeciders(place);
  return { deciders: places.map(look), grants, isOld: live.has(place) && planned.has(place) };
}

function lookAtPerson(person: string, { worlds: { live, planned } }: PlanScene, look: Look): OfPerson {
  const address: Address = `user:${person}`;
  // Whoever was invited and has not come has nothing that could be too much or missed for a moment.
  const user = live.get(address) ?? planned.get(address);
  return { person, user: look(address), isAwaited: isAwaited(user), grants: new Map() };
}

function listRoles(was: Resource | undefined, is: Resource | undefined): readonly Address[] {
  const roles: Address[] = [];
  for (const grant of [was, is]) {
    for (const role of [grant?.spec["role"], grant?.spec["also"]])
      if (isDefinedRole(role) && !roles.includes(role)) roles.push(role);
  }
  return roles;
}

function isDefinedRole(role: unknown): role is Address {
  return typeof role === "string" && role.includes(":");
}
