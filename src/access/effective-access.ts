import {
  type AccessPath,
  type AccessSettings,
  ASSUMED,
  type AssumptionCode,
  type EffectiveAccess,
  type PathReason,
} from "../model/access.ts";
import { type Address, kindOf } from "../model/address.ts";
import type { Resource, WorldView } from "../model/resource.ts";
import { listHiddenRole, listRolesIn } from "./grant-roles.ts";
import { judgeBinding } from "./judge-binding.ts";
import { findSpot, type Scene, type Spot, setScene, type Verdict } from "./scene.ts";

/**
 * What a person may do in an organization, a space or a project, and every grant that gives it. Built-in admin roles are above
 * restrictions; a role in the space, or in public spaces the organization role, is inherited by its projects unless they are
 * restricted; a role on the project adds to it. Nothing denies. In a place that is not there nobody has anything. Costs a handful
 * of look-ups, whatever the size of the world.
 *
 * Source: https://www.arize.com/docs/ax/security-and-settings/sso-and-rbac, pages on roles and on project restrictions; where they are
 * silent the settings decide, and the answer names what it assumes.
 */
export function evaluateAccess(
  world: WorldView,
  person: Address,
  place: Address,
  settings: AccessSettings = ASSUMED,
): EffectiveAccess {
  const spot = findSpot(person, place);
  const access = spot === undefined ? summarize(NOTHING) : evaluateSpot(world, spot, settings);
  return { ...access, isPending: isPending(world.get(person)) };
}

/** The same, for whoever asks of one person in one place again and again. */
export function evaluateSpot(
  world: WorldView,
  spot: Spot,
  settings: AccessSettings,
): Omit<EffectiveAccess, "isPending"> {
  const scene = setScene(world, spot, settings);
  return summarize(scene === undefined ? NOTHING : judgePlace(kindOf(spot.place), scene));
}

const NOTHING: Verdict = { paths: [], cutOff: [], assumptions: [] };

function judgePlace(kind: string, scene: Scene): Verdict {
  const above = bypasses(scene);
  const firm = [...above, ...listHiddenRoles(scene)];
  if (kind === "organization") return { ...NOTHING, paths: [...firm, ...belongs(scene)] };
  const flow = inherited(scene);
  if (kind === "space") return { ...flow, paths: [...firm, ...flow.paths] };
  const { paths, ...rest } = judgeProject(scene, flow, above.length > 0);
  return { ...rest, paths: [...firm, ...paths] };
}

function judgeProject(scene: Scene, flow: Verdict, isAbove: boolean): Verdict {
  const direct = judgeBinding(scene, isAbove);
  // Whoever is above the restriction keeps everything by that alone.
  const inheritedPaths = scene.isRestricted ? [] : flow.paths;
  const cutOff = scene.isRestricted && !isAbove ? flow.paths : [];
  return {
    paths: [...inheritedPaths, ...direct.paths],
    cutOff: [...cutOff, ...direct.cutOff],
    assumptions: [...new Set([...(scene.isRestricted ? [] : flow.assumptions), ...direct.assumptions])],
  };
}

/** The built-in admin roles above a place: they can do everything in it. */
function bypasses({ user, orgMember, spaceMember }: Scene): readonly AccessPath[] {
  const candidates: readonly (readonly [Resource | undefined, PathReason])[] = [
    [user, "account-admin"],
    [orgMember, "organization-admin"],
    [spaceMember, "space-admin"],
  ];
  return candidates.flatMap(([resource, reason]) =>
    resource?.spec["role"] === "admin"
      ? [{ reason, grant: resource.address, role: "admin", permissions: "all" as const }]
      : [],
  );
}

/** Roles that the server does not show: each may be an admin role, which no restriction and no privacy of a space cuts off. */
function listHiddenRoles({ orgMember, spaceMember }: Scene): readonly AccessPath[] {
  return [...listHiddenRole(orgMember, "organization-role"), ...listHiddenRole(spaceMember, "space-role")];
}

/** Being in an organization: what its roles hold there is not published, and not guessed. */
function belongs({ world, orgMember }: Scene): readonly AccessPath[] {
  return listRolesIn(orgMember, "organization-role", world).map((path) => ({ ...path, permissions: "unknown" }));
}

/** What a space gives to all its projects: by an entry of one's own, else, in a public space, by the organization role. */
function inherited({ world, orgMember, space, spaceMember }: Scene): Verdict {
  if (spaceMember !== undefined) return { ...NOTHING, paths: listRolesIn(spaceMember, "space-role", world) };
  if (orgMember === undefined) return NOTHING;
  const isPrivate = space?.spec["private"];
  if (isPrivate === true) return NOTHING;
  const assumptions: readonly AssumptionCode[] = isPrivate === undefined ? ["public-unless-said"] : [];
  // A role that the server does not show gives something here as well, unless it is an admin role: what closes the place may take it.
  const paths = [
    ...listRolesIn(orgMember, "organization-fallback", world),
    ...listHiddenRole(orgMember, "organization-fallback"),
  ];
  return { paths, cutOff: [], assumptions };
}

function summarize({ paths, cutOff, assumptions }: Verdict): Omit<EffectiveAccess, "isPending"> {
  const isAll = paths.some(({ permissions }) => permissions === "all");
  return {
    permissions: isAll ? "all" : joinSets(paths),
    paths,
    isLowerBound: !isAll && paths.some(({ permissions }) => permissions === "unknown"),
    cutOff,
    assumptions,
  };
}

function joinSets(paths: readonly AccessPath[]): ReadonlySet<string> {
  const sets = paths.flatMap(({ permissions }) =>
    permissions === "all" || permissions === "unknown" ? [] : permissions,
  );
  const [only] = sets;
  return sets.length === 1 && only !== undefined ? only : new Set(sets.flatMap((permissions) => [...permissions]));
}

/** True for somebody who was invited and has not come. Of a declared person nothing is known: they are taken to have come. */
export function isPending(user: Resource | undefined): boolean {
  const status = user?.facts?.["status"];
  return status === "INVITED" || status === "EXPIRED";
}
