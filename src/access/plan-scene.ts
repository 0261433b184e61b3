import type { AccessSettings } from "../model/access.ts";
import { type Address, kindOf } from "../model/address.ts";
import type { DraftChange, Worlds } from "../model/kind.ts";
import type { Resource } from "../model/resource.ts";

/** A plan as the evaluator sees it: both worlds, and which change turns one into the other at each address. */
export interface PlanScene {
  readonly worlds: Worlds;
  readonly settings: AccessSettings;
  /** The change by which an address differs: its own, or the deletion it goes with. */
  readonly changedBy: ReadonlyMap<Address, DraftChange>;
  /** What must be done before a change, whatever access says. */
  readonly waitsFor: (change: Address) => readonly Address[];
}

/** Everything that decides on what a person may do in a place, in a fixed order; roles last. */
export function listDeciders(person: string, place: Address, { worlds }: PlanScene): readonly Address[] {
  const [organization = "", space, project] = place.slice(place.indexOf(":") + 1).split("/");
  const deciders: Address[] = [
    `user:${person}`,
    `organization:${organization}`,
    `org-member:${organization}/${person}`,
  ];
  if (space !== undefined) {
    const path = `${organization}/${space}`;
    deciders.push(`space:${path}`, `space-member:${path}/${person}`);
    if (project !== undefined) {
      const below = `${path}/${project}`;
      deciders.push(`project:${below}`, `restriction:${below}`, `binding:${below}/${person}`);
    }
  }
  const roles = new Set<Address>();
  for (const decider of deciders) {
    for (const world of [worlds.live, worlds.planned]) addRoles(world.get(decider), roles);
  }
  return [...deciders, ...roles];
}

/** What of a resource counts for access, as a text; two resources with the same text give the same. */
export function describeFacet(resource: Resource | undefined): string {
  if (resource === undefined) return "-";
  const { kind, spec, facts, unknown, creation } = resource;
  if (kind === "role") return Object.keys((spec["permissions"] ?? {}) as object).join(",");
  const role = unknown?.includes("role") === true ? `${spec["role"]}?` : spec["role"];
  return `+${role} ${spec["also"]} ${spec["private"]} ${facts?.["status"]} ${creation?.["invite"]}`;
}

/** The worlds in between: what stands at an address once some of the changes are done. */
export function viewAfter(
  { worlds, changedBy }: PlanScene,
  isDone: (change: DraftChange) => boolean,
): { readonly get: (address: Address) => Resource | undefined } {
  return {
    get: (address) => {
      const change = changedBy.get(address);
      const world = change !== undefined && isDone(change) ? worlds.planned : worlds.live;
      return world.get(address);
    },
  };
}

function addRoles(resource: Resource | undefined, roles: Set<Address>): void {
  if (resource === undefined || kindOf(resource.address) === "user") return;
  for (const field of ["role", "also"]) {
    const role = resource.spec[field];
    if (typeof role === "string" && role.includes(":")) roles.add(role as Address);
  }
}

/** True for somebody who was invited, or is by the plan, and has not come: they have what is given to them once they do. */
export function isAwaited(user: Resource | undefined): boolean {
  const status = user?.facts?.["status"];
  const invite = user?.creation?.["invite"];
  return (
    status === "INVITED" || status === "EXPIRED" || (status === undefined && invite !== undefined && invite !== "none")
  );
}
