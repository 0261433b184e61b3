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

/** Looks up what decides; undefined for what is no place, and for a place that is not there or whose containers are not. */
export function setScene(
  world: WorldView,
  { person, place }: { readonly person: Address; readonly place: Address },
  settings: AccessSettings,
): Scene | undefined {
  const depth = PLACES.indexOf(kindOf(place)) + 1;
  const names = pathText(place).split("/");
  if (depth === 0 || names.length !== depth) return undefined;
  const paths = names.map((_name, above) => names.slice(0, above + 1).join("/"));
  const places = paths.map((path, above) => world.get(`${PLACES[above]}:${path}` as Address));
  if (places.includes(undefined)) return undefined;
  const [organization, space, project] = paths;
  const find = (kind: string, at: string | undefined, below = ""): Resource | undefined =>
    at === undefined ? undefined : world.get(`${kind}:${at}${below}`);
  const holder = `/${pathText(person)}`;
  return {
    world,
    settings,
    user: world.get(person),
    orgMember: find("org-member", organization, holder),
    space: places[1],
    spaceMember: find("space-member", space, holder),
    binding: find("binding", project, holder),
    isRestricted: find("restriction", project) !== undefined,
  };
}
