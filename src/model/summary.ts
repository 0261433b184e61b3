import type { Digest, HazardCode } from "./change.ts";
import type { AccountIdentity } from "./ledger.ts";
import type { Limits } from "./policy.ts";
import type { KindCount, PartName, Sharding } from "./shard.ts";

/** Gates that only the whole can be judged by. */
export type WholeGate = Extract<HazardCode, "mass-removal" | "assertion">;

/** Why the parts together must not be applied, and which flag lets them through. */
export interface SummaryBlock {
  readonly code: WholeGate;
  /** A sentence. */
  readonly detail: string;
  readonly release: string;
}

/** The plan of one part, as the summary names it. */
export interface SummaryPart {
  readonly part: PartName;
  readonly digest: Digest;
  readonly creates: number;
  readonly updates: number;
  readonly deletes: number;
  readonly held: number;
  readonly blocked: number;
}

/** What all parts of an account come to, judged as one. A value; whoever applies a part shows it. */
export interface Summary extends Sharding {
  readonly format: 1;
  /** Over everything below. */
  readonly digest: Digest;
  readonly account: AccountIdentity;
  /** That of every plan in it. */
  readonly whole: Digest;
  /** What the command line set aside for the whole. */
  readonly limits: Pick<Limits, "maxRemovals" | "maxRemovalPercent" | "allow">;
  /** The account part first, then the shards by number. */
  readonly parts: readonly SummaryPart[];
  readonly counts: Readonly<Record<string, KindCount>>;
  /** Empty where the parts may be applied. */
  readonly blocks: readonly SummaryBlock[];
}
