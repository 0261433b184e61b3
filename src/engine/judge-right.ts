import { SPACE_ROLE_PERMISSIONS } from "../access/predefined-roles.ts";
import { type Address, formatAddress, pathOf } from "../model/address.ts";
import type { CallerStanding } from "./caller-standing.ts";
import type { WriteNeed } from "./write-needs.ts";

/** Whether a key has a right; `unknown` where nothing that can be read says so. */
export type Right = "has" | "lacks" | "unknown";

/** Ids of the place that a write is for; undefined where it is not there yet. */
export interface WritePlace {
  readonly organization: string | undefined;
  readonly space: string | undefined;
}

/** The organization and the space of an address, and their ids where they have one; nothing is there under what is no place. */
export function placeOf(address: Address, idOf: (place: Address) => string | undefined): WritePlace {
  const { organization, space } = placesOf(address);
  return { organization: idOf(organization), space: space && idOf(space) };
}

/** The addresses that the organization and the space of something have, whatever kind it is of. */
export function placesOf(address: Address): { readonly organization: Address; readonly space: Address | undefined } {
  const path = pathOf(address);
  return {
    organization: formatAddress("organization", path.slice(0, 1)),
    space: path.length < 2 ? undefined : formatAddress("space", path.slice(0, 2)),
  };
}

/** Judges one need in one place. `lacks` is said only where it is certain: a call that might go through is tried. */
export function judgeRight(need: WriteNeed, standing: CallerStanding, place: WritePlace): Right {
  const right = judgePlace(need, standing, place);
  if (right === "lacks" || need.developer !== true) return right;
  if (standing.isDeveloper === undefined) return "unknown";
  return standing.isDeveloper ? right : "lacks";
}

function judgePlace(need: WriteNeed, standing: CallerStanding, place: WritePlace): Right {
  if (standing.accountAdmin === "yes") return "has";
  if (standing.accountAdmin === "unknown") return "unknown";
  if (need.scope === "account") return judgeAnywhere(need, standing);
  const role = place.organization === undefined ? undefined : standing.organizations.get(place.organization);
  if (role === "admin" || (role !== undefined && need.organizationRoles?.includes(role) === true)) return "has";
  if (need.scope === "organization") return role === undefined ? "unknown" : judgeAnywhere(need, standing);
  const held = place.space === undefined ? undefined : standing.spaces.get(place.space);
  return judgeHeld(need, held === "public" ? PUBLIC_ROLES[role ?? ""] : held);
}

/** What a role in the organization gives in its public spaces: the same as the role of that name there; none, nothing. */
const PUBLIC_ROLES: Readonly<Record<string, ReadonlySet<string>>> = { ...SPACE_ROLE_PERMISSIONS, none: new Set() };

/** Permissions of the whole account may stand in a custom role of any place. */
function judgeAnywhere({ permission }: WriteNeed, { anywhere }: CallerStanding): Right {
  if (permission === undefined) return "lacks";
  if (anywhere === undefined) return "unknown";
  return anywhere.has(permission) ? "has" : "lacks";
}

function judgeHeld({ permission, byOtherMeans }: WriteNeed, held: ReadonlySet<string> | "all" | undefined): Right {
  if (held === undefined) return "unknown";
  if (held === "all" || (permission !== undefined && held.has(permission))) return "has";
  return byOtherMeans === true ? "unknown" : "lacks";
}
