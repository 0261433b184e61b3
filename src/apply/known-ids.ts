import { type Address, formatAddress, type KindName, kindOf, pathOf } from "../model/address.ts";
import type { Step } from "../model/change.ts";
import { Impossible } from "../model/errors.ts";
import type { Json } from "../model/json.ts";
import { type RemoteRef, type Resource, remoteOf, type Spec, type World } from "../model/resource.ts";

/** The platform's ids that a run knows, under the names that hold once the plan is done. */
export interface KnownIds {
  /** Throws Impossible for what has no id yet: the order of the steps forbids that. */
  idOf(address: Address): string;
  addressOf(kind: KindName, id: string): Address | undefined;
  /** Notes the ids of what a step made, or found made already. */
  learn(step: Step, remote: RemoteRef, how: "written" | "found"): void;
  /** True for what this run made itself; not for what was there already. */
  isMade(address: Address): boolean;
  /** What was there when the plan was made, by the name that holds once the plan is done. */
  seenAt(address: Address): Resource | undefined;
  /** The spec with the new addresses of what this plan renames, so that a rename is not taken for a change of what refers to it. */
  withNewNames(spec: Spec): Spec;
}

/** Collects the ids of a live world, and those that steps which rename give to the new addresses. */
export function collectIds(observed: World, steps: readonly Step[]): KnownIds {
  const ids = new Map<Address, string>();
  const addresses = new Map<string, Address>();
  const renamed = new Map<Address, Address>();
  const made = new Set<Address>();
  const put = (address: Address, kind: KindName, remote: RemoteRef | undefined): void => {
    const id = remote?.["id"];
    if (id === undefined) return;
    ids.set(address, id);
    addresses.set(`${kind} ${id}`, address);
  };
  for (const resource of observed.values()) put(resource.address, resource.kind, remoteOf(resource));
  const oldNames = new Map<string, readonly string[]>();
  for (const step of steps) {
    if (step.renamedFrom === undefined) continue;
    renamed.set(step.renamedFrom, step.address);
    oldNames.set(JSON.stringify(pathOf(step.address)), pathOf(step.renamedFrom));
    put(step.address, step.kind, step.remote);
  }
  return {
    idOf: (address) => {
      const id = ids.get(address) ?? ids.get(nameBefore(address, oldNames));
      if (id === undefined) throw new Impossible(`${address} has no id of the platform yet`);
      return id;
    },
    addressOf: (kind, id) => addresses.get(`${kind} ${id}`),
    learn: (step, remote, how) => {
      put(step.address, step.kind, remote);
      if (step.op === "create" && how === "written") made.add(step.address);
    },
    seenAt: (address) => observed.get(address) ?? observed.get(nameBefore(address, oldNames)),
    isMade: (address) => made.has(address),
    withNewNames: (spec) =>
      Object.fromEntries(Object.entries(spec).map(([field, value]) => [field, renameIn(value, renamed)])),
  };
}

function renameIn(value: Json, renamed: ReadonlyMap<Address, Address>): Json {
  if (value === null || typeof value !== "object") return renamed.get(value as Address) ?? value;
  const rename = (one: Json): Json => renamed.get(one as Address) ?? one;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [String(rename(key)), rename(one)]));
}

/** The address of something before the containers it stands in were renamed. */
function nameBefore(address: Address, oldNames: ReadonlyMap<string, readonly string[]>): Address {
  const path = pathOf(address);
  for (let length = path.length - 1; length > 0; length -= 1) {
    const before = oldNames.get(JSON.stringify(path.slice(0, length)));
    if (before !== undefined) return formatAddress(kindOf(address), [...before, ...path.slice(length)]);
  }
  return address;
}
