import { UsageError } from "../model/errors.ts";
import { MOST_SHARDS, type Shard } from "../model/shard.ts";
import type { PartOption } from "./options.ts";

/** The part of an account that options name; undefined where they mean all of it. Throws UsageError where there is no such part. */
export function takePart(given: PartOption | undefined): Shard | undefined {
  if (given === undefined) return undefined;
  const { part, of, by = "organization" } = given;
  if (of > MOST_SHARDS || (part !== "account" && part > of)) {
    throw new UsageError(
      `There is no part ${part} of ${of}.`,
      `Shards are counted from 1 to \`shard.of\`, and there are at most ${MOST_SHARDS}.`,
    );
  }
  return { part, of, by };
}
