import type { Address } from "./address.ts";
import type { ChangeId, ChangeOp, Digest } from "./change.ts";
import type { LedgerHead } from "./ledger.ts";
import type { RemoteRef, Spec } from "./resource.ts";

/** One entry of an approvals file: a named person lets exactly these changes happen, until a moment. */
export interface Approval {
  readonly changes: readonly ChangeId[];
  /** The plan it was given on. Told for the record; an approval binds to the changes. */
  readonly plan: Digest;
  /**
   * The ledger that this plan was made with: it counts only for one that holds this line, since only there it would be known that
   * it was used. Left out where none was known, and in older files: then it counts for any.
   */
  readonly ledger?: LedgerHead;
  readonly by: string;
  /** RFC 3339 instants. */
  readonly at: string;
  readonly expires: string;
  readonly reason: string;
  /** What the changes were when they were approved, so that it can be told what moved. Older files have none. */
  readonly deeds?: readonly ApprovedDeed[];
  /** An armored SSH signature over the canonical JSON of everything else. */
  readonly signature?: string;
}

/** A change as whoever approved it saw it. */
export interface ApprovedDeed {
  readonly id: ChangeId;
  readonly op: ChangeOp;
  readonly address: Address;
  readonly remote?: RemoteRef;
  readonly from?: Spec;
  readonly to?: Spec;
}

/** A change as an approval tells of it. */
export function describeDeed({ id, op, address, remote, from, to }: ApprovedDeed): ApprovedDeed {
  return {
    ...{ id, op, address },
    ...(remote !== undefined && { remote }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  };
}

/** An approval as one run holds it, once its signature was looked at. None of this is ever read from a file. */
export interface HeldApproval extends Approval {
  /** Fingerprint of the key of a sound signature. */
  readonly key?: string;
  /** The lists of allowed signers by which the signature is that of `by`. */
  readonly provedBy?: readonly Digest[];
  /** True where it was typed at the terminal of the run. */
  readonly typed?: true;
}
