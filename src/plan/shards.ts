import { type Address, type ClassKey, kindOf, parseClassKey, pathText } from "../model/address.ts";
import type { Desired } from "../model/plan.ts";
import type { PartName, Sharding } from "../model/shard.ts";
import { moveAddress } from "./align-renames.ts";
import { hashText } from "./digest.ts";
import type { KindsByName } from "./kinds-by-name.ts";

/** Which part of a divided account has what. By addresses alone: no two runs of one manifest see it differently. */
export interface Division {
  /** The one part that makes, changes and removes it. */
  partOf(address: Address): PartName;
  partOfClass(key: ClassKey): PartName;
  /** The part of what stands in a container. */
  partOfContent(container: Address): PartName;
  /** The kinds that contain what is dealt out, from the outermost, and that itself as the last. */
  readonly chain: readonly string[];
}

/** Deals an account out. What is to be renamed has one part under all of its names. */
export function divide({ of, by }: Sharding, renames: Desired["renames"], kinds: KindsByName): Division {
  const chain = listChain(by, kinds);
  const identify = makeIdentity(renames, chain, kinds);
  const known = new Map<string, number>();
  const shardOf = (unit: Address): number => {
    const met = known.get(unit);
    if (met !== undefined) return met;
    const shard = assignShard(pathText(identify(unit)), of);
    known.set(unit, shard);
    return shard;
  };
  const partOfContent = (container: Address): PartName => {
    for (let at: Address | undefined = container; at !== undefined; at = kinds.of(at).parentOf(at)) {
      if (kindOf(at) === by) return shardOf(at);
    }
    return "account";
  };
  const partIn = (parent: Address | undefined): PartName => (parent === undefined ? "account" : partOfContent(parent));
  return {
    partOf: (address) => partIn(kinds.of(address).parentOf(address)),
    partOfClass: (key) => partIn(parseClassKey(key).parent),
    partOfContent,
    chain,
  };
}

/**
 * The shard, from 1, that a path belongs to, by rendezvous hashing: that whose hash with the path is the highest. Another path
 * changes nothing for this one, and one shard more takes only what falls to it.
 */
export function assignShard(path: string, of: number): number {
  let best = { shard: 1, weight: "" };
  for (let shard = 1; shard <= of; shard += 1) {
    const weight = hashText(`${shard}\n${path}`);
    if (weight > best.weight) best = { shard, weight };
  }
  return best.shard;
}

function listChain(by: string, kinds: KindsByName): readonly string[] {
  const chain: string[] = [];
  for (let name: string | undefined = by; name !== undefined; ) {
    chain.unshift(name);
    const above: string = name;
    name = kinds.all.find((kind) => kind.name === above)?.parentKind;
  }
  return chain;
}

/** Gives all names of one container the same: the first old one, so that a rename moves nothing while it is under way. */
function makeIdentity(
  renames: Desired["renames"],
  chain: readonly string[],
  kinds: KindsByName,
): (address: Address) => Address {
  const levels: ReadonlyMap<Address, Address>[] = [];
  const identify = (address: Address): Address =>
    levels.reduce((current, level) => moveAddress(current, level, kinds), address);
  // Containers first: what is in them is told by the container's identity.
  for (const kind of chain) {
    const ofKind = [...renames].filter(([wanted]) => kindOf(wanted) === kind);
    levels.push(joinNames(ofKind.map(([wanted, previous]) => [...previous, wanted].map(identify))));
  }
  return identify;
}

/** By name, the first name of all that are connected with it. */
function joinNames(groups: readonly (readonly Address[])[]): ReadonlyMap<Address, Address> {
  const wanted = new Set(groups.map((group) => group.at(-1)));
  const joined = new Map<Address, readonly Address[]>();
  // Names that nothing else is to have come first: of a chain of renames the oldest counts.
  const inOrder = [false, true].flatMap((isNew) => groups.filter(([oldest]) => wanted.has(oldest) === isNew));
  for (const group of inOrder) {
    const names = [...new Set(group.flatMap((name) => joined.get(name) ?? [name]))];
    for (const name of names) joined.set(name, names);
  }
  return new Map([...joined].flatMap(([name, names]) => names.slice(0, 1).map((first) => [name, first] as const)));
}
