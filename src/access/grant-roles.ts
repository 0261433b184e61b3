import type { AccessPath, PathReason } from "../model/access.ts";
import type { Resource, WorldView } from "../model/resource.ts";
import { permissionsOf } from "./role-contents.ts";

/** The roles of one grant that are told and are no admin roles: of a space membership there may be two. */
export function listRolesIn(grant: Resource | undefined, reason: PathReason, world: WorldView): readonly AccessPath[] {
  if (grant === undefined) return [];
  const roles = [grant.spec["role"], grant.spec["also"]].filter((role) => typeof role === "string" && role !== "admin");
  return roles.map((role) => ({
    reason,
    grant: grant.address,
    role: String(role),
    permissions: permissionsOf(String(role), world),
  }));
}

/** The role of a grant that the server does not show: nobody knows what it gives, and it may be an admin role. */
export function listHiddenRole(grant: Resource | undefined, reason: PathReason): readonly AccessPath[] {
  return isHiddenRole(grant) ? [{ reason, grant: grant.address, role: "?", permissions: "unknown" }] : [];
}

/** True for a grant of which only that it is there is known, or that it may be. */
export function isHiddenRole(grant: Resource | undefined): grant is Resource {
  return grant?.unknown?.includes("role") === true && grant.spec["role"] === undefined;
}
