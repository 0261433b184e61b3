import type { AccessPath, AccessSettings, AssumptionCode } from "../model/access.ts";
import { type Address, kindOf, pathText } from "../model/address.ts";
import type { Resource, WorldView } from "../model/resource.ts";

/** Everything that decides what one person may do in one place. */
export interface Scene {
  readonly world: WorldView;
  readonly settings: AccessSettings;
  readonly user: Resource | undefined;
  readonly orgMember: Resource | undefined;
  readonly space: Resource | undefined;
  readonly spaceMember: Resource | undefined;
  readonly binding: Resource | undefined;
  readonly isRestricted: boolean;
}

/** What a person comes to by some of the grants: those that count, those that do not, and on which assumptions. */
export interface Verdict {
  readonly paths: readonly AccessPath[];
  readonly cutOff: readonly AccessPath[];
  readonly assumptions: readonly AssumptionCode[];
}

/** The places an access may be to, each in the one before. */
const PLACES: readonly string[] = ["organization", "space", "project"];

/** The addresses of all that decides what one person may do in one place: those of the place and its containers, and below them. */
export interface Spot {
  readonly person: Address;
  readonly place: Address;
  /** The outermost first. */
  readonly places: readonly Address[];
  readonly orgMember: Address;
  readonly spaceMember: Address | undefined;
  readonly binding: Address | undefined;
  readonly restriction: Address | undefined;
}

/** Puts the addresses together; undefined for what is no place. */
export function findSpot(person: Address, place: Address): Spot | undefined {
  const depth = PLACES.indexOf(kindOf(place)) + 1;
  const names = pathText(place).split("/");
  if (depth === 0 || names.length !== depth) return undefined;
  const paths = names.map((_name, above) => names.slice(0, above + 1).join("/"));
  const [organization, space, project] = paths;
  const holder = pathText(person);
  return {
    person,
    place,
    places: paths.map((path, above): Address => `${PLACES[above]}:${path}` as Address),
    orgMember: `org-member:${organization}/${holder}`,
    spaceMember: space === undefined ? undefined : `space-member:${space}/${holder}`,
    binding: project === undefined ? undefined : `binding:${project}/${holder}`,
    restriction: project === undefined ? undefined : `restriction:${project}`,
  };
}

/** Looks up what decides; undefined for a place that is not there or whose containers are not. */
export function setScene(world: WorldView, spot: Spot, settings: AccessSettings): Scene | undefined {
  if (spot.places.some((place) => world.get(place) === undefined)) return undefined;
  const find = (address: Address | undefined): Resource | undefined =>
    address === undefined ? undefined : world.get(address);
  return {
    world,
    settings,
    user: world.get(spot.person),
    orgMember: world.get(spot.orgMember),
    space: find(spot.places[1]),
    spaceMember: find(spot.spaceMember),
    binding: find(spot.binding),
    isRestricted: find(spot.restriction) !== undefined,
  };
}
