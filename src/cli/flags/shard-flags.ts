import type { Command } from "commander";
import { UsageError } from "../../model/errors.ts";
import { MOST_SHARDS, SHARD_UNITS, type Shard, type ShardUnit } from "../../model/shard.ts";
import { harmless } from "../render/harmless.ts";

/** The flags as commander leaves them. */
export interface RawShardFlags {
  readonly shard?: string;
  readonly shardBy?: string;
}

/** Adds the flags that confine a plan to one part of a divided account. */
export function addShardFlags(command: Command): void {
  command
    .option("--shard <i/n>", "only this part of the account: 1/N to N/N, or account/N, which goes first")
    .option("--shard-by <unit>", "what is dealt out to shards: organization (default) or space");
}

/** Checks the flags; undefined where the whole account is meant. Throws UsageError. */
export function readShard({ shard, shardBy }: RawShardFlags): Shard | undefined {
  if (shard === undefined) {
    if (shardBy === undefined) return undefined;
    throw new UsageError("--shard-by needs --shard.", "Give both: --shard 1/4 --shard-by space");
  }
  const [, part = "", count = ""] = /^(account|[1-9]\d{0,3})\/([1-9]\d{0,3})$/u.exec(shard) ?? [];
  const of = Number(count);
  const number = part === "account" ? 1 : Number(part);
  if (part === "" || number > of || of > MOST_SHARDS) {
    throw new UsageError(
      `--shard wants one of several parts, such as 3/8, or account/8, not "${harmless(shard)}".`,
      `Shards are counted from 1, and there are at most ${MOST_SHARDS}.`,
    );
  }
  return { part: part === "account" ? "account" : number, of, by: readUnit(shardBy) };
}

function readUnit(word = "organization"): ShardUnit {
  const unit = SHARD_UNITS.find((known) => known === word);
  if (unit !== undefined) return unit;
  throw new UsageError(`--shard-by knows ${SHARD_UNITS.join(" and ")}, not "${harmless(word)}".`);
}
