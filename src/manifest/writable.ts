import type { Address } from "../model/address.ts";
import type { RoleRef } from "../model/manifest.ts";
import { accessSchema } from "./access-schema.ts";
import { readAddress } from "./read-address.ts";
import { isEmail, isEmailDomain, normalizeEmail } from "./read-email.ts";
import { matchPermissions } from "./resolve-permissions.ts";
import { type GrantLevel, resolveRole } from "./resolve-role.ts";
import { PREDEFINED_WORDS, PROJECT_ROLES, predefinedLookalike } from "./role-words.ts";

/** Where a role is given. */
export type { GrantLevel } from "./resolve-role.ts";

/** Texts of a manifest whose form the schema fixes: by a definition, or at the top. */
type FixedText = "name" | "roleName" | "description" | "account";

/** True when a manifest can hold a text in a place of that form. */
export function isWritable(form: FixedText, text: string): boolean {
  const { $defs, properties } = accessSchema();
  const { pattern, minLength = 0, maxLength = Number.POSITIVE_INFINITY } = $defs?.[form] ?? properties?.[form] ?? {};
  // Half of a pair of code units cannot be stored in a file.
  if (/\p{Cs}/u.test(text)) return false;
  const length = [...text].length;
  return length >= minLength && length <= maxLength && (pattern === undefined || new RegExp(pattern, "u").test(text));
}

/** True when a manifest can name a person by this e-mail. */
export function isWritableEmail(email: string): boolean {
  return normalizeEmail(email) === email && isEmail(email);
}

/** True when a manifest can name an identity provider by this e-mail domain. */
export function isWritableDomain(domain: string): boolean {
  return isEmailDomain(domain) && isWritableWord(domain);
}

/** True when a manifest can hold a text where the schema asks for nothing but some text. */
export function isWritableWord(text: string): boolean {
  return text !== "" && !/\p{Cs}/u.test(text);
}

/** True when a manifest means exactly this by what stands behind the colon. */
export function isWritableAddress(address: Address): boolean {
  return isWritableWord(address) && readAddress(address) === address;
}

/** True when a manifest can declare a custom role of this name. */
export function isWritableRole(name: string): boolean {
  return isWritable("roleName", name) && predefinedLookalike(name) === undefined;
}

/** True when a manifest can list a permission by its identifier. */
export function isWritablePermission(permission: string): boolean {
  return !permission.includes("*") && matchPermissions(permission).length > 0;
}

/**
 * The word by which a manifest gives a role at a level; undefined when none means exactly that role there. A custom role has
 * its name for a word and must be among those that the manifest declares.
 */
export function wordOfRole(
  level: GrantLevel,
  role: RoleRef,
  declared: ReadonlyMap<string, string>,
): string | undefined {
  const words = [...PREDEFINED_WORDS, ...PROJECT_ROLES, ...(declared.has(role) ? [declared.get(role) ?? ""] : [])];
  return words.find((word) => resolveRole(level, word) === role);
}
