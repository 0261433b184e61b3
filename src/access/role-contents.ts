import type { PermissionSet } from "../model/access.ts";
import { type Address, formatAddress, pathPart } from "../model/address.ts";
import type { WorldView } from "../model/resource.ts";
import { PROJECT_ROLE_PERMISSIONS, SPACE_ROLE_PERMISSIONS } from "./predefined-roles.ts";

/**
 * What a role holds. A role of the world counts first, whether custom or predefined; then the documented contents of a predefined
 * one. Never a guess: a role that neither has is `unknown`.
 */
export function permissionsOf(role: string, world: WorldView): PermissionSet {
  if (!role.includes(":")) return predefinedPermissions(role, world);
  const listed = listedPermissions(role as Address, world);
  return listed ?? documentedIn(PROJECT_ROLE_PERMISSIONS, pathPart(role as Address, 0)) ?? "unknown";
}

/** Of the roles that are no admin: those are judged before contents matter. */
function predefinedPermissions(word: string, world: WorldView): PermissionSet {
  const documented = documentedIn(SPACE_ROLE_PERMISSIONS, word);
  if (documented === undefined) return "unknown";
  const address = LISTED[word] as Address;
  // A custom role may happen to have the name of a predefined one.
  const listed = world.get(address)?.builtin === true ? listedPermissions(address, world) : undefined;
  return listed ?? documented;
}

/** By word, under which address an account lists a predefined role of its spaces. */
const LISTED: Readonly<Record<string, Address>> = Object.fromEntries(
  Object.keys(SPACE_ROLE_PERMISSIONS).map((word) => [word, formatAddress("role", [listedName(word)])]),
);

/** `Read Only` for `read-only`. */
function listedName(word: string): string {
  return word.replace(
    /(^|-)(\w)/gu,
    (_all, dash: string, letter: string) => `${dash === "" ? "" : " "}${letter.toUpperCase()}`,
  );
}

function listedPermissions(address: Address, world: WorldView): ReadonlySet<string> | undefined {
  const held = world.get(address)?.spec["permissions"];
  if (held === null || typeof held !== "object") return undefined;
  const known = contents.get(held) ?? new Set(Object.keys(held));
  contents.set(held, known);
  return known;
}

/** What never changes is put into a set once. */
const contents = new WeakMap<object, ReadonlySet<string>>();

/** A role may have any name, also one that every object knows, such as `constructor`. */
function documentedIn(
  roles: Readonly<Record<string, ReadonlySet<string>>>,
  name: string,
): ReadonlySet<string> | undefined {
  return Object.hasOwn(roles, name) ? roles[name] : undefined;
}
