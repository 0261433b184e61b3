import type { ShownSummary } from "../../engine/require-summary.ts";
import { UsageError } from "../../model/errors.ts";
import type { Shard } from "../../model/shard.ts";
import { readSummary } from "../../plan/summarize-parts.ts";
import { harmless } from "../render/harmless.ts";
import type { Session } from "../session.ts";

/** A summary is a few lines for each part. */
const MOST_BYTES = 16 * 1024 * 1024;

/** Loads what is shown for the whole where a part is applied. Throws UsageError where it is none, or none is wanted. */
export async function loadSummary(
  session: Session,
  { shard, given }: { readonly shard: Shard | undefined; readonly given: string | false | undefined },
): Promise<ShownSummary | undefined> {
  if (given === undefined) return undefined;
  if (shard === undefined) {
    throw new UsageError("A summary is for a part of the account, and this is for all of it.", "Leave it out.");
  }
  if (given === false) return "none";
  if ((await session.files.kind(given)) !== "file" || ((await session.files.size(given)) ?? 0) > MOST_BYTES) {
    throw new UsageError(`There is no summary "${harmless(given)}".`, MAKE_ONE);
  }
  const summary = readSummary(new TextDecoder().decode(await session.files.read(given)));
  if (summary !== undefined) return summary;
  throw new UsageError(`"${harmless(given)}" is not a summary as axcess wrote it.`, MAKE_ONE);
}

const MAKE_ONE = "Make one of all plans: axcess summary PLAN... --out summary.json";
