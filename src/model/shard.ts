import type { KindName } from "./address.ts";
import type { Digest } from "./change.ts";

/** What is dealt out to shards: with one of these goes all that stands in it. */
export type ShardUnit = "organization" | "space";

/** What can be dealt out. */
export const SHARD_UNITS: readonly ShardUnit[] = ["organization", "space"];

/** More ledgers than that are read by no run. */
export const MOST_SHARDS = 1000;

/** A part of an account: a shard by its number, counted from 1, or what belongs to the account itself. */
export type PartName = "account" | number;

/** Into how many shards an account is divided, and by what. */
export interface Sharding {
  readonly of: number;
  readonly by: ShardUnit;
}

/** How an account is divided, and was. */
export interface Division extends Sharding {
  /** The highest number of a shard that there ever was: what it wrote is remembered, also where there are fewer now. */
  readonly most: number;
}

/** One part of a divided account. */
export interface Shard extends Sharding {
  readonly part: PartName;
}

/** How much there is of a kind, and how much of that goes. */
export interface KindCount {
  readonly total: number;
  readonly gone: number;
}

/** What the plan of one part says of the whole that it is a part of. */
export interface PlanShard extends Shard {
  /** Over everything that is wanted of the account, and the policy: the same for every part of one manifest. */
  readonly whole: Digest;
  /** Organizations or spaces that were seen, and that are left to other parts. */
  readonly elsewhere: number;
  /** What the policy allows of the whole, before any flag. */
  readonly allows: { readonly maxRemovals: number; readonly maxRemovalPercent: number };
  /** Cases, as sentences, in which an assertion no longer holds in this part once all of its and the account part's changes are done. */
  readonly breaks: readonly string[];
  /** What is of this part, and whatever else goes with it. */
  readonly counts: Readonly<Partial<Record<KindName, KindCount>>>;
}

/** A part as `--shard` has it. */
export function spellShard({ part, of }: Pick<Shard, "part" | "of">): string {
  return `${part}/${of}`;
}

/** What people call a part. */
export function namePart(part: PartName): string {
  return part === "account" ? "the account part" : `shard ${part}`;
}

/** The numbers of all shards that there are and were; none where the account never was divided. */
export function listShards(division: Pick<Division, "most"> | undefined): readonly number[] {
  return Array.from({ length: division?.most ?? 0 }, (_, index) => index + 1);
}

/** The flags that a division comes from, as words of a command line. */
export function spellSharding(shard: Shard | undefined): readonly string[] {
  if (shard === undefined) return [];
  return ["--shard", spellShard(shard), ...(shard.by === "organization" ? [] : ["--shard-by", shard.by])];
}
