import type { AccessSettings } from "../model/access.ts";
import type { Address } from "../model/address.ts";
import type { DraftChange, Worlds } from "../model/kind.ts";
import type { Resource } from "../model/resource.ts";
import { isPending } from "./effective-access.ts";

/** A plan as the evaluator sees it: both worlds, and which change turns one into the other at each address. */
export interface PlanScene {
  readonly worlds: Worlds;
  readonly settings: AccessSettings;
  /** The change by which an address differs: its own, or the deletion it goes with. */
  readonly changedBy: ReadonlyMap<Address, DraftChange>;
  /** What must be done before a change, whatever access says. */
  readonly waitsFor: (change: Address) => readonly Address[];
}

/** What decides on everybody's access to a place, and what a grant in it, or in what it is in, begins with. */
export interface PlaceDeciders {
  readonly places: readonly Address[];
  readonly grants: readonly Address[];
}

/** Finds what decides in a place: the same for everybody, so that it is put together once. */
export function findPlaceDeciders(place: Address): PlaceDeciders {
  const [organization = "", space, project] = place.slice(place.indexOf(":") + 1).split("/");
  const places: Address[] = [`organization:${organization}`];
  const grants: Address[] = [`org-member:${organization}/`];
  if (space !== undefined) {
    places.push(`space:${organization}/${space}`);
    grants.push(`space-member:${organization}/${space}/`);
    if (project !== undefined) {
      const path = `${organization}/${space}/${project}`;
      places.push(`project:${path}`, `restriction:${path}`);
      grants.push(`binding:${path}/`);
    }
  }
  return { places, grants };
}

/** What of a resource counts for access, as a text; two resources with the same text give the same. */
export function describeFacet(resource: Resource | undefined): string {
  if (resource === undefined) return "-";
  const { kind, spec, facts, unknown, creation } = resource;
  if (kind === "role") return Object.keys((spec["permissions"] ?? {}) as object).join(",");
  const role = unknown?.includes("role") === true ? `${spec["role"]}?` : spec["role"];
  return `+${role} ${spec["also"]} ${spec["private"]} ${facts?.["status"]} ${creation?.["invite"]}`;
}

/** True for somebody who was invited, or is by the plan, and has not come: they have what is given to them once they do. */
export function isAwaited(user: Resource | undefined): boolean {
  const status = user?.facts?.["status"];
  const invite = user?.creation?.["invite"];
  return isPending(user) || (status === undefined && invite !== undefined && invite !== "none");
}
