import type { PathReason } from "./access.ts";
import { type Address, pathPart } from "./address.ts";

/** How each way to an access is told. */
export const PATH_REASONS: Readonly<Record<PathReason, string>> = {
  "account-admin": "account admin",
  "organization-admin": "organization admin",
  "space-admin": "space admin",
  "space-role": "role in the space",
  "organization-fallback": "organization role, since the space is public",
  "organization-role": "role in the organization",
  "project-binding": "role on the project",
};

/** A role as people call it, not yet made harmless: the word of a predefined role, the name of any other. */
export function nameRole(role: string): string {
  return role.includes(":") ? pathPart(role as Address, 0) : role;
}
