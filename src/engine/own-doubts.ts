import { KINDS } from "../kinds/registry.ts";
import type { Address } from "../model/address.ts";
import type { Manifest } from "../model/manifest.ts";
import type { Shard } from "../model/shard.ts";
import { indexKinds } from "../plan/kinds-by-name.ts";
import { divide } from "../plan/shards.ts";
import { makeDesired } from "../state/desired.ts";
import type { Ledger } from "../state/ledger.ts";
import type { Recollection } from "../state/memory.ts";

/** True for what is of the part of the account that a run is for. */
export type IsOurs = (address: Address) => boolean;

/** Tells what is of a part; without a part, everything is. */
export function makeOwnTest(manifest: Manifest, shard: Shard | undefined, now: Date): IsOurs {
  if (shard === undefined) return () => true;
  const { renames } = makeDesired({ manifest, kinds: KINDS, now });
  const { partOf } = divide(shard, renames, indexKinds(KINDS));
  return (address) => partOf(address) === shard.part;
}

/** What the ledger remembers. What another part is doing at this moment looks as if it were in doubt, and is none of this part's business. */
export function recallOwn(ledger: Pick<Ledger, "memory">, isOurs: IsOurs): Recollection {
  const { inDoubt, ...memory } = ledger.memory();
  return { ...memory, inDoubt: inDoubt.filter(({ address }) => isOurs(address)) };
}
