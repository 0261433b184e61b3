import { type Address, compareAddresses, pathText } from "../model/address.ts";
import type { Worlds } from "../model/kind.ts";
import { organizationOf } from "./organization.ts";
import { projectOf } from "./project.ts";
import { restrictionAddress } from "./restriction-address.ts";
import { spaceOf } from "./space.ts";

// A project that is new and restricted is closed before anybody is let in: nobody then loses by its restriction what they had for
// a moment, also where a run stops in the middle. A project that was there already is closed after its bindings are made.

/** New projects that are restricted, in the order in which they are closed: one after the other within an organization. */
interface Closings {
  /** By the path of an organization or a space: its last restriction. */
  readonly last: ReadonlyMap<string, Address>;
  /** By restriction: the one before it in its organization. */
  readonly before: ReadonlyMap<Address, Address>;
}

/** A plan asks once for every grant. */
const known = new WeakMap<Worlds, Closings>();

/** What letting somebody into an organization or a space had better come after. */
export function closingsIn(container: Address, worlds: Worlds): readonly Address[] {
  return orNothing(listClosings(worlds).last.get(pathText(container)));
}

/** What the restriction of a new project had better come after; undefined for one of a project that was there already. */
export function closingsBefore(restriction: Address, worlds: Worlds): readonly Address[] | undefined {
  if (!isNew(restriction, worlds)) return undefined;
  return orNothing(listClosings(worlds).before.get(restriction));
}

/** The restriction of a project that is new; nothing where it was there already or stays open. */
export function closingOf(project: Address, worlds: Worlds): readonly Address[] {
  const restriction = restrictionAddress(project);
  return worlds.planned.has(restriction) && isNew(restriction, worlds) ? [restriction] : [];
}

function isNew(restriction: Address, { live }: Worlds): boolean {
  return !live.has(projectOf(restriction));
}

function listClosings(worlds: Worlds): Closings {
  const closings = known.get(worlds) ?? makeClosings(worlds);
  known.set(worlds, closings);
  return closings;
}

function makeClosings(worlds: Worlds): Closings {
  const last = new Map<string, Address>();
  const before = new Map<Address, Address>();
  const fresh = [...worlds.planned.values()].filter(
    ({ kind, address }) => kind === "restriction" && isNew(address, worlds),
  );
  for (const address of fresh.map((resource) => resource.address).sort(compareAddresses)) {
    const organization = pathText(organizationOf(address));
    const earlier = last.get(organization);
    if (earlier !== undefined) before.set(address, earlier);
    last.set(organization, address);
    last.set(pathText(spaceOf(address)), address);
  }
  return { last, before };
}

function orNothing(address: Address | undefined): readonly Address[] {
  return address === undefined ? [] : [address];
}
