import { type Address, pathText } from "../model/address.ts";
import type { Worlds } from "../model/kind.ts";
import { organizationOf } from "./organization.ts";
import { projectOf } from "./project.ts";
import { restrictionAddress } from "./restriction-address.ts";
import { spaceOf } from "./space.ts";

// A project that is new and restricted is closed before anybody is let in: nobody then loses by its restriction what they had for
// a moment, also where a run stops in the middle. A project that was there already is closed after its bindings are made.

/** By the path of a space, the restrictions of its new projects; by that of an organization, those in its public spaces. */
type Closings = ReadonlyMap<string, readonly Address[]>;

/** A plan asks once for every grant. */
const known = new WeakMap<Worlds, Closings>();

/** What letting somebody into an organization or a space had better come after. */
export function closingsIn(container: Address, worlds: Worlds): readonly Address[] {
  const closings = known.get(worlds) ?? listClosings(worlds);
  known.set(worlds, closings);
  return closings.get(pathText(container)) ?? [];
}

/** The restriction of a project that is new; nothing where it was there already or stays open. */
export function closingOf(project: Address, worlds: Worlds): readonly Address[] {
  const restriction = restrictionAddress(project);
  return worlds.planned.has(restriction) && isNew(restriction, worlds) ? [restriction] : [];
}

/** True for the restriction of a project that was not there before. */
export function isNew(restriction: Address, { live }: Worlds): boolean {
  return !live.has(projectOf(restriction));
}

function listClosings(worlds: Worlds): Closings {
  const closings = new Map<string, Address[]>();
  const add = (container: Address, closing: Address): void => {
    const others = closings.get(pathText(container));
    if (others === undefined) closings.set(pathText(container), [closing]);
    else others.push(closing);
  };
  for (const { kind, address } of worlds.planned.values()) {
    if (kind !== "restriction" || !isNew(address, worlds)) continue;
    const space = spaceOf(address);
    add(space, address);
    // The role in the organization leads into what is public.
    if (worlds.planned.get(space)?.spec["private"] !== true) add(organizationOf(address), address);
  }
  return closings;
}
