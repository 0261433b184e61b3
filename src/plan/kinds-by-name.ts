import { type Address, type ClassKey, classKey, kindOf } from "../model/address.ts";
import { Impossible } from "../model/errors.ts";
import type { Json } from "../model/json.ts";
import type { KindLogic } from "../model/kind.ts";
import type { Resource, World } from "../model/resource.ts";

/** The kinds a planner was handed, found by the kind of an address. */
export interface KindsByName {
  readonly all: readonly KindLogic[];
  of(address: Address): KindLogic;
  classOf(address: Address): ClassKey;
  /** The resources that the spec refers to by address. */
  referencesOf(resource: Resource | undefined): readonly Address[];
  /** What must exist before the resource can, whatever its kind says of it and whatever its spec refers to. */
  prerequisitesOf(resource: Resource | undefined, world: World): readonly Address[];
  /** Place in the order in which things are made. */
  rankOf(address: Address): number;
}

/** Indexes kinds by name. */
export function indexKinds(kinds: readonly KindLogic[]): KindsByName {
  const byName = new Map<string, { readonly kind: KindLogic; readonly rank: number }>(
    kinds.map((kind, rank) => [kind.name, { kind, rank }]),
  );
  const find = (address: Address): { readonly kind: KindLogic; readonly rank: number } => {
    const found = byName.get(kindOf(address));
    if (found === undefined) throw new Impossible(`no kind is registered for ${address}`);
    return found;
  };
  const referencesOf = (resource: Resource): readonly Address[] =>
    find(resource.address).kind.refersTo.flatMap((field) => listReferences(resource.spec[field] ?? null));
  return {
    all: kinds,
    of: (address) => find(address).kind,
    classOf: (address) => classKey(kindOf(address), find(address).kind.parentOf(address)),
    referencesOf: (resource) => (resource === undefined ? [] : referencesOf(resource)),
    prerequisitesOf: (resource, world) =>
      resource === undefined ? [] : [...find(resource.address).kind.needs(resource, world), ...referencesOf(resource)],
    rankOf: (address) => find(address).rank,
  };
}

function listReferences(value: Json): readonly Address[] {
  if (value === null || typeof value !== "object") return isReference(value) ? [value] : [];
  return Object.entries(value).flat().filter(isReference);
}

/** True for a field value that is an address, and not the bare word of a predefined role. */
export function isReference(value: unknown): value is Address {
  return typeof value === "string" && value.includes(":");
}
