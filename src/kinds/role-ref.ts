import { formatAddress, pathOf } from "../model/address.ts";
import type { JsonObject } from "../model/json.ts";
import type { PredefinedRole, RoleRef } from "../model/manifest.ts";

const WIRE_NAMES: Readonly<Record<PredefinedRole, string>> = {
  admin: "ADMIN",
  member: "MEMBER",
  "read-only": "READ_ONLY",
  annotator: "ANNOTATOR",
};

/** True for the words that name a predefined role of an account, organization or space. */
export function isPredefinedRole(role: string): role is PredefinedRole {
  return Object.hasOwn(WIRE_NAMES, role);
}

/** The role object that REST v2 membership calls take; custom roles go by id. */
export function encodeRole(role: string, idOf: (address: RoleRef & `role:${string}`) => string): JsonObject {
  if (isPredefinedRole(role)) return { type: "PREDEFINED", name: WIRE_NAMES[role] };
  return { type: "CUSTOM", id: idOf(role as `role:${string}`) };
}

/** A predefined role as REST v2 spells it (`READ_ONLY`), in the manifest's spelling; unknown words are kept in lower case. */
export function decodePredefinedRole(name: string): string {
  return name.toLowerCase().replaceAll("_", "-");
}

/** The role address that stands for a role id nobody lists, such as that of a deleted role. Cannot be taken for a role's name. */
export function unlistedRole(id: string): `role:${string}` {
  return formatAddress("role", [`\u0000${id}`]);
}

/** The address that stands for a space whose id nobody lists. */
export function unlistedSpace(id: string): `space:${string}` {
  return formatAddress("space", [`\u0000${id}`]);
}

/** The id behind an address that stands for something nobody lists; undefined for every other address. */
export function unlistedId(address: `${string}:${string}`): string | undefined {
  const [name = ""] = pathOf(address);
  return name.startsWith("\u0000") ? name.slice(1) : undefined;
}

/** A role as people read it: the word of a predefined role, the name of any other. */
export function nameRole(role: string): string {
  return isPredefinedRole(role) ? role : (pathOf(role as `role:${string}`)[0] ?? role);
}
