import { type Address, kindOf, pathPart, pathText } from "../model/address.ts";
import type { BelongingsScene } from "../model/kind.ts";
import type { World } from "../model/resource.ts";

/** How many places are named. */
const MOST_NAMED = 3;

/**
 * Places that may lose their last admin by the deletion of an account or organization admin, without anybody being able to see it:
 * the right hides an entry of the person's own, and nobody else has one as an admin.
 */
export function tellUnseenPosts(person: Address, { covered, live, planned }: BelongingsScene): readonly string[] {
  const email = pathPart(person, 0);
  const hidden = [...covered].filter((grant) => pathPart(grant, -1) === email).map(placeOf);
  if (hidden.length === 0) return [];
  const governed = listGoverned(live, planned);
  const places = [...new Set(hidden)].filter((place) => !governed.has(place) && planned.has(place)).sort();
  if (places.length === 0) return [];
  const more = places.length > MOST_NAMED ? ` and ${places.length - MOST_NAMED} more` : "";
  return [
    `The person's admin right hides whether they were added to ${places.slice(0, MOST_NAMED).join(", ")}${more} themselves. Nobody else is an active admin by an entry there: it may be left to those who administer what is above.`,
  ];
}

function placeOf(grant: Address): Address {
  const path = pathText(grant);
  const kind = kindOf(grant) === "org-member" ? "organization" : "space";
  return `${kind}:${path.slice(0, path.lastIndexOf("/"))}`;
}

/** Places in which somebody who can sign in will be an admin by an entry of their own. */
function listGoverned(live: World, planned: World): ReadonlySet<Address> {
  const governed = new Set<Address>();
  for (const { kind, address, spec, builtin } of planned.values()) {
    if (kind !== "org-member" && kind !== "space-member") continue;
    const holder = live.get(`user:${pathPart(address, -1)}`);
    const status = holder?.facts?.["status"];
    const isActive = holder !== undefined && builtin !== true && status !== "INVITED" && status !== "EXPIRED";
    if (isActive && (spec["role"] === "admin" || spec["also"] === "admin")) governed.add(placeOf(address));
  }
  return governed;
}
