import type { AccessPath, AssumptionCode, EffectiveAccess, PathReason } from "../model/access.ts";
import { type Address, kindOf, pathText } from "../model/address.ts";
import type { Resource, World } from "../model/resource.ts";
import { permissionsOf } from "./role-contents.ts";

/**
 * What a person may do in an organization, a space or a project, and every grant that gives it. Built-in admin roles are above
 * restrictions; a role in the space, or in public spaces the organization role, is inherited by its projects unless they are
 * restricted; a role on the project adds to it. Nothing denies. Costs a handful of look-ups, whatever the size of the world.
 *
 * Source: https://www.arize.com/docs/ax/security-and-settings/sso-and-rbac, pages on roles and on project restrictions; where they are
 * silent the answer names its assumption.
 */
export function evaluateAccess(world: World, person: Address, place: Address): EffectiveAccess {
  const user = world.get(person);
  const names = pathText(place).split("/");
  const find = (kind: string, depth: number, below = ""): Resource | undefined =>
    names.length < depth ? undefined : world.get(`${kind}:${names.slice(0, depth).join("/")}${below}`);
  const grant = (kind: string, depth: number): Resource | undefined => find(kind, depth, `/${pathText(person)}`);
  const scene: Scene = {
    world,
    user,
    orgMember: grant("org-member", 1),
    space: find("space", 2),
    spaceMember: grant("space-member", 2),
    binding: grant("binding", 3),
    isRestricted: find("restriction", 3) !== undefined,
  };
  const answer = judgePlace(kindOf(place), scene);
  return { ...summarize(answer), isPending: isPending(user) };
}

interface Scene {
  readonly world: World;
  readonly user: Resource | undefined;
  readonly orgMember: Resource | undefined;
  readonly space: Resource | undefined;
  readonly spaceMember: Resource | undefined;
  readonly binding: Resource | undefined;
  readonly isRestricted: boolean;
}

interface Answer {
  readonly paths: readonly AccessPath[];
  readonly cutOff: readonly AccessPath[];
  readonly assumptions: readonly AssumptionCode[];
}

const NOTHING: Answer = { paths: [], cutOff: [], assumptions: [] };

function judgePlace(kind: string, scene: Scene): Answer {
  switch (kind) {
    case "organization":
      return { ...NOTHING, paths: [...bypasses(scene), ...belongs(scene)] };
    case "space": {
      const { paths, assumptions } = inherited(scene);
      return { paths: [...bypasses(scene), ...paths], cutOff: [], assumptions };
    }
    case "project":
      return judgeProject(scene);
    default:
      return NOTHING;
  }
}

function judgeProject(scene: Scene): Answer {
  const above = bypasses(scene);
  const flow = inherited(scene);
  const direct = bound(scene);
  // Whoever is above the restriction keeps everything by that alone.
  const inheritedPaths = scene.isRestricted ? [] : flow.paths;
  const cutOff = scene.isRestricted && above.length === 0 ? flow.paths : [];
  return {
    paths: [...above, ...inheritedPaths, ...direct.paths],
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

/** Being in an organization: what its roles hold there is not published, and not guessed. */
function belongs({ world, orgMember }: Scene): readonly AccessPath[] {
  return rolesIn(orgMember, "organization-role", world).map((path) => ({ ...path, permissions: "unknown" }));
}

/** What a space gives to all its projects: by an entry of one's own, else, in a public space, by the organization role. */
function inherited({ world, orgMember, space, spaceMember }: Scene): Answer {
  if (spaceMember !== undefined) return { ...NOTHING, paths: rolesIn(spaceMember, "space-role", world) };
  if (orgMember === undefined) return NOTHING;
  const isPrivate = space?.spec["private"];
  if (isPrivate === true) return NOTHING;
  const assumptions: readonly AssumptionCode[] = isPrivate === undefined ? ["public-unless-said"] : [];
  return { paths: rolesIn(orgMember, "organization-fallback", world), cutOff: [], assumptions };
}

/** What a role on the project gives, as far as its holder may enter at all. */
function bound({ world, user, orgMember, space, spaceMember, binding }: Scene): Answer {
  const paths = rolesIn(binding, "project-binding", world);
  if (paths.length === 0) return NOTHING;
  if (orgMember === undefined && user?.spec["role"] !== "admin") {
    return { paths: [], cutOff: paths, assumptions: ["binding-needs-organization"] };
  }
  const isShutOut = spaceMember === undefined && space?.spec["private"] === true && orgMember?.spec["role"] !== "admin";
  if (isShutOut && user?.spec["role"] !== "admin") {
    return { paths: [], cutOff: paths, assumptions: ["binding-does-not-open-private-space"] };
  }
  const isAnnotator = spaceMember?.spec["role"] === "annotator";
  return { paths, cutOff: [], assumptions: isAnnotator ? ["annotator-may-hold-binding"] : [] };
}

/** The roles of one grant that are no admin roles: of a space membership there may be two. */
function rolesIn(grant: Resource | undefined, reason: PathReason, world: World): readonly AccessPath[] {
  if (grant === undefined) return [];
  const roles = [grant.spec["role"], grant.spec["also"]].filter((role) => typeof role === "string" && role !== "admin");
  const paths = roles.map((role) => ({
    reason,
    grant: grant.address,
    role: String(role),
    permissions: permissionsOf(String(role), world),
  }));
  const isHidden = grant.unknown?.includes("role") === true && grant.spec["role"] === undefined;
  return isHidden ? [...paths, { reason, grant: grant.address, role: "?", permissions: "unknown" }] : paths;
}

function summarize({ paths, cutOff, assumptions }: Answer): Omit<EffectiveAccess, "isPending"> {
  const isAll = paths.some(({ permissions }) => permissions === "all");
  const union = new Set<string>();
  for (const { permissions } of paths) {
    if (permissions !== "all" && permissions !== "unknown") for (const permission of permissions) union.add(permission);
  }
  return {
    permissions: isAll ? "all" : union,
    paths,
    isLowerBound: !isAll && paths.some(({ permissions }) => permissions === "unknown"),
    cutOff,
    assumptions,
  };
}

/** True for somebody who was invited and has not come. Of a declared person nothing is known: they are taken to have come. */
export function isPending(user: Resource | undefined): boolean {
  const status = user?.facts?.["status"];
  return status === "INVITED" || status === "EXPIRED";
}
