import type { PermissionSet } from "../model/access.ts";
import { type Address, formatAddress, pathOf } from "../model/address.ts";
import type { World } from "../model/resource.ts";
import { PROJECT_ROLE_PERMISSIONS, SPACE_ROLE_PERMISSIONS } from "./predefined-roles.ts";

/** The names under which an account lists the predefined roles of its spaces. */
const LISTED_NAMES: Readonly<Record<string, string>> = {
  member: "Member",
  "read-only": "Read Only",
  annotator: "Annotator",
};

/**
 * What a role holds. A role of the world counts first, whether custom or predefined; then the documented contents of a predefined
 * one. Never a guess: a role that neither has is `unknown`.
 */
export function permissionsOf(role: string, world: World): PermissionSet {
  if (!role.includes(":")) return predefinedPermissions(role, world);
  const listed = listedPermissions(role as Address, world);
  return listed ?? PROJECT_ROLE_PERMISSIONS[pathOf(role as Address)[0] ?? ""] ?? "unknown";
}

function predefinedPermissions(word: string, world: World): PermissionSet {
  if (word === "admin") return "all";
  const address = formatAddress("role", [LISTED_NAMES[word] ?? word]);
  // A custom role may happen to have the name of a predefined one.
  const listed = world.get(address)?.builtin === true ? listedPermissions(address, world) : undefined;
  return listed ?? SPACE_ROLE_PERMISSIONS[word] ?? "unknown";
}

function listedPermissions(address: Address, world: World): ReadonlySet<string> | undefined {
  const held = world.get(address)?.spec["permissions"];
  return held !== null && typeof held === "object" ? new Set(Object.keys(held)) : undefined;
}
