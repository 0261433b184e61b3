import { KNOWN_PERMISSIONS } from "../manifest/known-permissions.ts";
import { type Address, formatAddress, kindOf, parseAddress } from "../model/address.ts";
import { UsageError } from "../model/errors.ts";
import { harmless } from "../model/harmless.ts";
import type { World } from "../model/resource.ts";
import { findClosest } from "./find-closest.ts";

/** Whose access is asked for, and where; left out: everybody's, everywhere. */
export interface Topic {
  readonly person?: Address;
  readonly place?: Address;
}

/** A person by e-mail, or by `user:` address. Throws UsageError. */
export function readPerson(text: string): Address<"user"> {
  const email = text.startsWith("user:") ? text.slice("user:".length) : text;
  if (email.includes("@") && !/\s/u.test(email)) return formatAddress("user", [email.toLowerCase()]);
  throw new UsageError(
    `"${harmless(text)}" is no e-mail address.`,
    "Name the person as the manifest does: jane@acme.io",
  );
}

/** An organization, space or project by its address. Throws UsageError. */
export function readPlace(text: string): Address {
  const parsed = parseAddress(text);
  const depth = { organization: 1, space: 2, project: 3 }[parsed?.kind ?? ""];
  if (parsed !== undefined && parsed.path.length === depth) return formatAddress(parsed.kind, parsed.path);
  throw new UsageError(
    `"${harmless(text)}" is no organization, space or project.`,
    'Write its address: "space:Platform Team/team-alpha"',
  );
}

/** A permission by its identifier; unknown ones are allowed where the account has them, so only a near miss is refused. Throws UsageError. */
export function readPermission(text: string, world: World): string {
  if (KNOWN_PERMISSIONS.includes(text) || isHeldBySomeRole(text, world)) return text;
  const closest = findClosest(text.toUpperCase(), [...KNOWN_PERMISSIONS]);
  throw new UsageError(
    `"${harmless(text)}" is no permission that is known, and no role of this account holds it.`,
    closest === undefined
      ? "See the permissions under `roles` in the manifest's schema: axcess schema"
      : `Did you mean ${closest}?`,
  );
}

/** Refuses to answer about a place or a person that is not there: "nothing" would be true, and misleading. */
export function requireInWorld(address: Address, world: World): void {
  if (world.has(address)) return;
  const names = [...world.keys()].filter((other) => kindOf(other) === kindOf(address));
  const closest = findClosest(address, names);
  throw new UsageError(
    `${harmless(address)} is not there.`,
    closest === undefined ? undefined : `Did you mean ${harmless(closest)}?`,
  );
}

function isHeldBySomeRole(permission: string, world: World): boolean {
  for (const { kind, spec } of world.values()) {
    const held = kind === "role" ? spec["permissions"] : undefined;
    if (held !== null && typeof held === "object" && Object.hasOwn(held, permission)) return true;
  }
  return false;
}
