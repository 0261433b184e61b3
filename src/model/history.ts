import type { Address, ClassKey } from "./address.ts";
import type { ApprovalRules } from "./approval-rules.ts";
import type { ChangeId, ChangeOp, Digest } from "./change.ts";
import type { OutcomeEntry, TakenResource } from "./ledger.ts";
import type { RemoteRef, Spec } from "./resource.ts";
import type { Sharding } from "./shard.ts";

/** What became of a change that a run meant; `open` where the ledger does not say. */
export type ChangeResult = OutcomeEntry["result"] | "open";

/** One change of one run, as its intent and its outcome tell it together. */
export interface ChangeRecord {
  readonly run: string;
  readonly change: ChangeId;
  readonly op: ChangeOp;
  readonly address: Address;
  readonly renamedFrom?: Address;
  /** RFC 3339 instant of the intent. */
  readonly at: string;
  /** Number of the intent's line in the ledger. */
  readonly line: number;
  readonly result: ChangeResult;
  /** The run that found out what became of it, where that was a later one. */
  readonly settledBy?: string;
  /** The platform's ids as the change left them; of a deletion, as they were. */
  readonly remote?: RemoteRef;
  readonly from?: Spec;
  readonly to?: Spec;
  /** True for a creation where nobody could see whether it was there before. */
  readonly unseen: boolean;
  /** What was to go with a deletion. */
  readonly cascade: readonly Address[];
  /** What that was, as far as it was seen. */
  readonly taken: readonly TakenResource[];
  readonly approvals: readonly { readonly by: string; readonly reason: string; readonly key?: string }[];
  /** True for a grant whose time was over, which the policy lets go without an approval. */
  readonly lapsed: boolean;
  readonly error?: string;
}

/** What was taken into ownership without being changed. */
export interface AdoptionRecord {
  readonly address: Address;
  readonly at: string;
  readonly remote: RemoteRef;
}

/** One run with all that the ledger tells of it. */
export interface RunRecord {
  readonly run: string;
  /** RFC 3339 instant of its first line. */
  readonly at: string;
  readonly command?: string;
  readonly by?: string;
  readonly plan?: Digest;
  readonly flags: readonly string[];
  /** In the order in which they were meant. */
  readonly changes: readonly ChangeRecord[];
  readonly adoptions: readonly AdoptionRecord[];
  /** Classes managed authoritatively from then on. */
  readonly managed: readonly ClassKey[];
  /** The rules for approvals from then on, where they became others. */
  readonly rules?: ApprovalRules;
  /** Into how many shards the account is divided from then on, where that became another number. */
  readonly shards?: Sharding;
  /** Its exit code; left out where the ledger does not say how it ended. */
  readonly exit?: number;
}

/** True for a change that is known to have had its effect. */
export function hadEffect({ result }: Pick<ChangeRecord, "result">): boolean {
  return result === "done" || result === "settled-done";
}
