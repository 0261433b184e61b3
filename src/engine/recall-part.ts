import { headOf } from "../model/ledger.ts";
import type { Manifest } from "../model/manifest.ts";
import type { Memory } from "../model/plan.ts";
import type { Shard } from "../model/shard.ts";
import type { LedgerPlace } from "../state/open-store.ts";
import { readMemory } from "../state/recall-parts.ts";
import type { Hear } from "./engine-event.ts";
import { makeOwnTest } from "./own-doubts.ts";
import { recallOnly } from "./read-sight.ts";

/** Of which part of the account something is remembered; without a shard, of all of it. */
export interface RememberedPart {
  readonly manifest: Manifest;
  readonly shard: Shard | undefined;
  readonly now: Date;
}

/** What the ledger remembers, for a plan of a part. It is only read: where there is none, nothing is remembered and none is made. */
export async function recallPart(
  place: LedgerPlace,
  { manifest, shard, now }: RememberedPart,
  hear: Hear,
): Promise<Memory> {
  const { memory: recollection, notes, exists, heads } = await readMemory(place);
  hear({ type: "noted", diagnostics: notes });
  const memory = recallOnly(recollection, hear, { exists, isOurs: makeOwnTest(manifest, shard, now) });
  if (shard === undefined || !exists) return memory;
  // What was used up of approvals of a part stands in the part itself.
  return { ...memory, head: heads.get(shard.part) ?? headOf([]) };
}
