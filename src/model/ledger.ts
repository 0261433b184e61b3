import type { Address, ClassKey, KindName } from "./address.ts";
import type { RememberedRules, RulesInForce } from "./approval-rules.ts";
import type { ChangeId, ChangeOp, Digest } from "./change.ts";
import type { LearnedPaces } from "./platform.ts";
import type { RemoteRef, Spec } from "./resource.ts";
import { hasParts, type Shape } from "./shape.ts";
import type { Sharding, ShardUnit } from "./shard.ts";

/** What an account is told from others by. */
export interface AccountIdentity {
  /** The URL of its REST interface, or the folder of a simulated one. */
  readonly url: string;
  /** Left out where it could not be found out. */
  readonly name?: string;
}

/** What a ledger line says, before it is numbered and chained. */
export type LedgerEntry =
  | {
      readonly type: "run";
      readonly run: string;
      readonly command: string;
      /** Left out where the run follows no plan. */
      readonly plan?: Digest;
      readonly by: string;
      readonly flags: readonly string[];
      /** Whose account it is; runs of earlier versions do not say. */
      readonly account?: AccountIdentity;
    }
  /** Written and flushed before the effect. */
  | {
      readonly type: "intent";
      readonly run: string;
      readonly change: ChangeId;
      readonly op: ChangeOp;
      readonly kind: KindName;
      readonly address: Address;
      /** The address before, for a rename. */
      readonly renamedFrom?: Address;
      readonly remote?: RemoteRef;
      readonly from?: Spec;
      readonly to?: Spec;
      /** True for a creation where nobody could see whether it was there before. */
      readonly unseen?: true;
      /** What was to go with a deletion. */
      readonly cascade?: readonly Address[];
      /** What that was, as far as it was seen: an undo makes it again from this. */
      readonly taken?: readonly TakenResource[];
      readonly approvedBy?: readonly string[];
      /** Why a deletion needed no approval: the time of the grant was over, and the policy lets such grants go. */
      readonly gate?: "expired";
    }
  /**
   * Written after the effect; or, after a crash, by a later run that looked. `unknown` leaves the intent in doubt when the
   * run that meant it says so, and ends the doubt when a later run does.
   */
  | {
      readonly type: "outcome";
      readonly run: string;
      readonly change: ChangeId;
      readonly op: ChangeOp;
      readonly address: Address;
      readonly result: "done" | "absent" | "failed" | "unknown" | "settled-done" | "settled-not-done";
      readonly remote?: RemoteRef;
      readonly to?: Spec;
      readonly error?: string;
      /** What became of a secret that the platform showed: it reached its place, or what it belonged to was revoked, or that lives on and nobody has it. */
      readonly secret?: "delivered" | "revoked" | "lost";
    }
  /** Something that was there already is ours from now on. */
  | {
      readonly type: "adoption";
      readonly run: string;
      readonly address: Address;
      readonly remote: RemoteRef;
      readonly spec: Spec;
    }
  | {
      readonly type: "approval";
      readonly run: string;
      readonly change: ChangeId;
      readonly by: string;
      readonly reason: string;
      readonly plan: Digest;
      /** When it was given; RFC 3339. */
      readonly given?: string;
      /** Fingerprint of the key that signed it, where it was signed. */
      readonly key?: string;
    }
  /** The rules for approvals from then on. */
  | { readonly type: "rules"; readonly run: string; readonly rules: RulesInForce }
  /** Classes that the run managed authoritatively. */
  | { readonly type: "managed"; readonly run: string; readonly classes: readonly ClassKey[] }
  /** From then on the account is applied in so many shards. Only the ledger of the account part says so. */
  | { readonly type: "shards"; readonly run: string; readonly of: number; readonly by: ShardUnit }
  /** Some of what is remembered. It counts with the checkpoint that follows, and else for nothing. */
  | {
      readonly type: "remembered";
      readonly run: string;
      /** Each once; things name them by their place. */
      readonly specs: readonly Spec[];
      readonly things: readonly RememberedThing[];
    }
  /** What all lines before it come to, with the `remembered` ones right before it: whoever reads the ledger may begin with these. */
  | {
      readonly type: "checkpoint";
      readonly run: string;
      /** sha256 of the text of all lines before this one. */
      readonly before: Digest;
      /** How many `remembered` lines belong to it, and how many bytes they have. */
      readonly lines: number;
      readonly bytes: number;
      readonly inDoubt: readonly IntentEntry[];
      readonly managed: readonly ClassKey[];
      readonly rules?: RememberedRules;
      readonly account?: AccountIdentity;
      readonly paces?: LearnedPaces;
      /** How the account is divided, and up to where the checkpoint knows the parts; left out where it never was. */
      readonly division?: Sharding & { readonly parts: readonly PartPosition[] };
    }
  | {
      readonly type: "end";
      readonly run: string;
      readonly exit: number;
      /** What is known of the limits of the platform, so that the next run need not meet them anew. */
      readonly paces?: LearnedPaces;
    };

/** How far the part of a shard had come, each by its place: of shard 1 first. */
export interface PartPosition {
  readonly lines: number;
  /** What these have, each with its line feed. */
  readonly bytes: number;
  /** sha256 of their text. */
  readonly before: Digest;
  /** Digest of the last of them. */
  readonly last: Digest;
}

/** Something that went with a deletion, as it was before. */
export interface TakenResource {
  readonly address: Address;
  readonly spec: Spec;
  readonly remote: RemoteRef;
}

/** What is remembered of one address. */
export interface RememberedThing {
  readonly address: Address;
  readonly remote: RemoteRef;
  /** What was written last, by its place among the specs of the line; left out where nothing was. */
  readonly spec?: number;
  /** False for what axcess did not make, and another reference where that of what it made is not that of what it wrote last; left out: it made this. */
  readonly owned?: false | RemoteRef;
}

/** Some of what is remembered, in a line. */
export type RememberedEntry = Extract<LedgerEntry, { readonly type: "remembered" }>;

/** Where reading may begin. */
export type CheckpointEntry = Extract<LedgerEntry, { readonly type: "checkpoint" }>;

/** What a run was about to do. */
export type IntentEntry = Extract<LedgerEntry, { readonly type: "intent" }>;

/** What became of an intent. */
export type OutcomeEntry = Extract<LedgerEntry, { readonly type: "outcome" }>;

/** One line of the ledger file. `digest` is over the canonical JSON of the line without it; `prev` is the digest of the line before. */
export interface LedgerLine {
  readonly format: 1;
  readonly seq: number;
  /** RFC 3339 instant. */
  readonly at: string;
  readonly prev: Digest;
  readonly entry: LedgerEntry;
  readonly digest: Digest;
}

/** The last line of a ledger as somebody saw it. As each line holds the digest of the one before, it stands for all of them. */
export interface LedgerHead {
  /** Of that line; 0 where there was none. */
  readonly seq: number;
  readonly digest: Digest;
}

/** What stands for the line before the first one. */
export const FIRST_PREV: Digest = `sha256:${"0".repeat(64)}`;

export function headOf(lines: readonly LedgerLine[]): LedgerHead {
  const last = lines.at(-1);
  return { seq: last?.seq ?? 0, digest: last?.digest ?? FIRST_PREV };
}

/**
 * Whether a ledger, whose chains were checked, grew out of the one that was seen. Each grew out of the empty one. Of a later part of
 * a ledger, whether it holds that very line.
 */
export function holdsHead(lines: readonly LedgerLine[], { seq, digest }: LedgerHead): boolean {
  if (seq === 0) return digest === FIRST_PREV;
  return lines.some((line) => line.seq === seq && line.digest === digest);
}

const HEAD = hasParts({
  seq: (value) => Number.isSafeInteger(value) && Number(value) >= 0,
  digest: (value) => typeof value === "string" && /^sha256:[0-9a-f]{64}$/u.test(value),
});

/** Whether a value is a head and nothing else. */
export const isLedgerHead: Shape = (value) => HEAD(value) && Object.keys(Object(value)).length === 2;
