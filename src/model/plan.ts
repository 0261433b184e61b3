import type { AccessDelta } from "./access.ts";
import type { Address, ClassKey, KindName } from "./address.ts";
import type { ApprovalNeeds, RememberedRules } from "./approval-rules.ts";
import type { Assertion, AssertionFailure } from "./assertion.ts";
import type { Digest, Step } from "./change.ts";
import type { Diagnostic } from "./diagnostic.ts";
import type { AccountIdentity, LedgerHead } from "./ledger.ts";
import type { ManageMode } from "./manifest.ts";
import type { Caller, LearnedPaces } from "./platform.ts";
import type { Limits, Policy } from "./policy.ts";
import type { Origin, RemoteRef, Spec, World } from "./resource.ts";
import type { PlanShard } from "./shard.ts";

/** Only `complete` turns "not seen" into "not there". */
export type Coverage = "complete" | "partial" | "unreadable";

/** Everything the manifest wants of an account, ready to be compared. */
export interface Desired {
  readonly world: World;
  /** Classes the manifest manages, with how much of each is ours. */
  readonly managed: ReadonlyMap<ClassKey, ManageMode>;
  /** What must not exist, by address: written under `absent` or `offboard`, a grant whose time is over, or what an undo takes back. */
  readonly absent: ReadonlyMap<Address, Unwanted>;
  /** New address to the addresses it may have had before. */
  readonly renames: ReadonlyMap<Address, readonly Address[]>;
  /** Address patterns. */
  readonly ignore: readonly string[];
  readonly protect: readonly string[];
  readonly lapses: readonly Lapse[];
  readonly assertions: readonly Assertion[];
  readonly policy: Policy;
  /** Where this is not what the manifest wants, but what was there before a run. */
  readonly undoes?: Undoing;
  /** What is renewed because somebody asked for it, whatever the clock says. */
  readonly rotates?: Rotated;
}

/** Something that gets a new secret because somebody asked for it. */
export interface Rotated {
  readonly address: Address;
  /** RFC 3339 instant that stands for this one renewal: the same instant is the same renewal. */
  readonly at: string;
}

/** Why something must not exist, and where that is written. */
export interface Unwanted {
  readonly reason: "declared-absent" | "expired" | "undone";
  readonly origin: Origin;
}

/** The run that is taken back. */
export interface Undoing {
  readonly run: string;
  /** What cannot come back, and what somebody changed since. */
  readonly notes: readonly Diagnostic[];
}

/** What to read of an account for one manifest. */
export interface ReadSelection {
  readonly classes: ReadonlySet<ClassKey>;
  /** Containers whose whole content is to be read, since it may go with them. The empty text means the whole account. */
  readonly under: readonly (Address | "")[];
  /** True for containers that may be looked into, whatever else is selected; left out: all may. */
  within?(container: Address): boolean;
  /** Whom alone is looked for; left out: everybody. */
  readonly focus?: Focus;
}

/** Some people, of whom alone grants are read, and the places in which these are looked for. */
export interface Focus {
  readonly people: readonly Address[];
  /** What alone is looked for of what is found by name; left out: all that is in the containers that are read. */
  readonly named?: ReadonlySet<Address>;
  /** By grant that need not be looked at where only a whole roster tells of it: what the ledger says axcess wrote, as it is wanted. */
  readonly trusted?: ReadonlyMap<Address, RemoteRef>;
}

/** What a reading of some people left open. */
export interface Glimpse {
  /** Classes of which only what was named was read. */
  readonly loose: ReadonlySet<ClassKey>;
  /** Grants that were taken from the ledger, and not looked at. */
  readonly assumed: ReadonlySet<Address>;
  /** Kinds of which these people hold something in places that were not read. */
  readonly strays: ReadonlySet<KindName>;
}

/** The part of an account that the targets of a plan need. */
export interface TargetPart {
  /** What is wanted of it. */
  readonly desired: Desired;
  /** Left out where whole classes are read. */
  readonly focus?: Focus;
  /** What is read where this turns out not to be enough; left out: everything. */
  readonly wider?: TargetPart;
}

/** What was read, and how far it can be trusted. */
export interface Observation {
  readonly world: World;
  /** By class, or by kind for what is listed for the whole account at once. A class of a kind with neither entry was not read. */
  readonly coverage: ReadonlyMap<ClassKey | KindName, Coverage>;
  /** Grants that may or may not exist: an inherited admin right hides them. They are ensured once, and never removed. */
  readonly covered: ReadonlySet<Address>;
  /** What some of it leaves behind when it goes: read only for what a plan deletes. */
  readonly belongings: ReadonlyMap<Address, Belongings>;
  readonly caller: Caller;
  /** Only where some people alone were looked for. */
  readonly glimpse?: Glimpse;
  /** What could not be known, what two sources disagree on. */
  readonly notes: readonly Diagnostic[];
}

/** A key that is no resource of its own and that somebody made. Texts are as the platform has them, empty where it has none. */
export interface Belonging {
  readonly name: string;
  /** As much of it as the platform shows. */
  readonly redacted: string;
  /** RFC 3339 instant of its last use. */
  readonly used: string;
  /** RFC 3339 instant. */
  readonly expires: string;
}

/** What somebody made that is no resource of its own, or why it could not be listed. */
export type Belongings =
  | { readonly state: "complete"; readonly items: readonly Belonging[] }
  | { readonly state: "unreadable"; readonly because: string };

/** What the ledger remembers; never an authority on what is there. */
export interface Memory {
  readonly owned: ReadonlyMap<Address, RemoteRef>;
  /** The last spec axcess wrote, for what the platform cannot show. */
  readonly lastWritten: ReadonlyMap<Address, { readonly spec: Spec; readonly remote: RemoteRef }>;
  /** Classes an earlier apply already managed authoritatively. */
  readonly managed: ReadonlySet<ClassKey>;
  /** The rules for approvals under which an apply last ran; left out where there were none. */
  readonly rules?: RememberedRules;
  /** The account that runs were last written for; left out where none said. */
  readonly account?: AccountIdentity;
  /** How far the ledger went that this is recalled from; left out where there was none. */
  readonly head?: LedgerHead;
  /** What the last run that met a limit learned of it. */
  readonly paces?: LearnedPaces;
}

export interface Lapse {
  readonly address: Address;
  /** RFC 3339 instant. */
  readonly expires: string;
  readonly source: string;
}

/** A value: the difference between two worlds, in the order in which it will be made true, judged for safety. */
export interface Plan {
  readonly format: 1;
  /** Over everything below but `lapses`, which depend on the clock. */
  readonly digest: Digest;
  readonly account: AccountIdentity;
  /**
   * `undo` names the run that the plan takes back: it was made from the ledger, and not from what the manifest wants. `rotate`
   * names what gets a new secret because somebody asked for it. `ledger` is the ledger as it was then: approvals of the plan count
   * only for one that holds this line. It moves with every run, and makes no plan stale. Left out where there was none.
   */
  readonly basis: {
    readonly desired: Digest;
    readonly policy: Digest;
    readonly undo?: string;
    readonly rotate?: Rotated;
    readonly ledger?: LedgerHead;
  };
  readonly limits: Limits;
  readonly steps: readonly Step[];
  /** Who gains and who loses what. */
  readonly access: AccessDelta;
  /** Assertions that would not hold once the plan is done. */
  readonly assertions: readonly AssertionFailure[];
  /** What cannot be known, first thing a reader sees. */
  readonly unknowns: readonly Diagnostic[];
  /** Removals that were wanted in a class that was not read completely, and are therefore not planned. */
  readonly withheld: readonly Address[];
  /** Classes managed authoritatively that were not read whole: whether anything there would have to go is not known. */
  readonly incomplete: readonly ClassKey[];
  readonly lapses: readonly Lapse[];
  /** How much exists in the classes that were read and is not in the manifest, by kind. */
  readonly unmanaged: Readonly<Record<string, number>>;
  /** Differences that no call can settle, and other things worth a line. */
  readonly notes: readonly Diagnostic[];
  /** How many approvals of whom are needed; left out where one by anybody releases what is held. */
  readonly approvals?: ApprovalNeeds;
  /** Classes an apply of this plan manages authoritatively from now on. */
  readonly authoritative: readonly ClassKey[];
  /** The part of the account that it is of; left out where it is of all. */
  readonly shard?: PlanShard;
}
