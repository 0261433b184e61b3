import { type Address, type ClassKey, type KindName, kindOf, pathText } from "../model/address.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import { isSameJson, type Json } from "../model/json.ts";
import type { Coverage, Desired, Memory, Observation } from "../model/plan.ts";
import { type Resource, remoteOf, type Spec, type World } from "../model/resource.ts";
import { isReference, type KindsByName } from "./kinds-by-name.ts";

/** An observation in which everything that is to be renamed already stands under its new address. */
export interface Aligned {
  readonly observation: Observation;
  /** New address to the one the platform still has. */
  readonly renamed: ReadonlyMap<Address, Address>;
  readonly notes: readonly Diagnostic[];
}

/** Moves what is to be renamed, and all that hangs on it, to its new addresses, so that comparing sees one thing and not two. */
export function alignRenames(desired: Pick<Desired, "renames">, observation: Observation, kinds: KindsByName): Aligned {
  const renamed = new Map<Address, Address>();
  const notes: Diagnostic[] = [];
  let current = observation;
  // Containers first: what is in them is looked for under the container's new name.
  for (const { name } of kinds.all) {
    const { moves, clashes } = findMoves(desired.renames, name, current.world);
    current = moves.size === 0 ? current : moveAll(current, moves, kinds);
    for (const [source, wanted] of moves) renamed.set(wanted, source);
    for (const clash of clashes) notes.push(clash);
  }
  return { observation: current, renamed, notes };
}

/**
 * What axcess wrote last, under the names that everything is to have. Where something was written down under both, because it
 * changed while the rename of what it is in had to wait, that counts which speaks of the object that is there.
 */
export function alignWritten(
  written: Memory["lastWritten"],
  { renamed, observation }: Aligned,
  kinds: KindsByName,
): Memory["lastWritten"] {
  if (renamed.size === 0) return written;
  // Containers first, as they were aligned.
  const levels = kinds.all.map(
    ({ name }) => new Map([...renamed].flatMap(([to, from]) => (kinds.of(to).name === name ? [[from, to]] : []))),
  );
  const aligned = new Map(written);
  for (const [address, last] of written) {
    const wanted = levels.reduce((current, moves) => moveAddress(current, moves, kinds), address);
    if (wanted === address) continue;
    const there = remoteOf(observation.world.get(wanted));
    if (!written.has(wanted) || isSameJson(last.remote, there)) aligned.set(wanted, last);
  }
  return aligned;
}

function findMoves(
  renames: Desired["renames"],
  kind: string,
  live: World,
): { readonly moves: ReadonlyMap<Address, Address>; readonly clashes: readonly Diagnostic[] } {
  const moves = new Map<Address, Address>();
  const clashes: Diagnostic[] = [];
  for (const [wanted, previous] of renames) {
    const former = kindOf(wanted) === kind ? previous.filter((address) => live.has(address)) : [];
    if (former.length > 1 || (former.length > 0 && live.has(wanted))) clashes.push(describeBoth(wanted, former));
    else for (const source of former) moves.set(source, wanted);
  }
  return { moves, clashes };
}

function moveAll(observation: Observation, moves: ReadonlyMap<Address, Address>, kinds: KindsByName): Observation {
  const move = (address: Address): Address => moveAddress(address, moves, kinds);
  const world = new Map<Address, Resource>();
  for (const resource of observation.world.values()) {
    const address = move(resource.address);
    world.set(address, {
      ...resource,
      address,
      spec: moveSpec(resource.spec, kinds.of(resource.address).refersTo, move),
    });
  }
  const coverage = new Map<ClassKey | KindName, Coverage>();
  for (const [key, value] of observation.coverage) coverage.set(moveClass(key, move), value);
  return { ...observation, world, coverage, covered: new Set([...observation.covered].map(move)) };
}

/** The address of something once its container, or it itself, has been moved. */
export function moveAddress(address: Address, moves: ReadonlyMap<Address, Address>, kinds: KindsByName): Address {
  for (let at: Address | undefined = address; at !== undefined; at = kinds.of(at).parentOf(at)) {
    const target = moves.get(at);
    if (target !== undefined)
      return `${kindOf(address)}:${pathText(target)}${pathText(address).slice(pathText(at).length)}`;
  }
  return address;
}

/** A spec in which what is referred to has its new address. */
export function moveSpec(spec: Spec, refersTo: readonly string[], move: (address: Address) => Address): Spec {
  if (refersTo.length === 0) return spec;
  return Object.fromEntries(
    Object.entries(spec).map(([field, value]) => [field, refersTo.includes(field) ? moveValue(value, move) : value]),
  );
}

function moveValue(value: Json, move: (address: Address) => Address): Json {
  const moveOne = (one: Json): Json => (isReference(one) ? move(one) : one);
  if (value === null || typeof value !== "object") return moveOne(value);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [String(moveOne(key)), moveOne(one)]));
}

function moveClass(key: ClassKey | KindName, move: (address: Address) => Address): ClassKey | KindName {
  const at = key.indexOf("@");
  const parent = key.slice(at + 1);
  return at < 0 || parent === "" ? key : `${key.slice(0, at)}@${move(parent as Address)}`;
}

function describeBoth(wanted: Address, former: readonly Address[]): Diagnostic {
  return {
    code: "AX306",
    severity: "warning",
    summary: "Nothing is renamed where more than one could be meant",
    detail: `${wanted} is to be the new name of ${former.join(" and ")}, but more than one of these names is taken on the platform.`,
    fix: "Take the line under `previously` out, or delete what is there too much.",
  };
}
