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
  const isHidden = grant?.unknown?.includes("role") === true && grant.spec["role"] === undefined;
  return isHidden ? [{ reason, grant: grant.address, role: "?", permissions: "unknown" }] : [];
}
