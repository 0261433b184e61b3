import type { Address, KindName } from "./address.ts";
import type { Json } from "./json.ts";
import type { RemoteRef, Spec } from "./resource.ts";

/** `sha256:` and 64 hexadecimal digits. */
export type Digest = `sha256:${string}`;

/** A hash of address, verb, prior state with the platform's ids, state after and hazards. Approving it approves exactly this deed. */
export type ChangeId = `chg_${string}`;

export type ChangeOp = "create" | "update" | "delete";

/** Why a change is planned. For people; nothing decides by it. */
export type ChangeReason =
  | "declared-not-found"
  | "fields-differ"
  | "no-longer-declared"
  | "declared-absent"
  | "expired"
  | "renamed"
  | "rotates"
  | "ensure"
  | "undone";

/** What makes a change dangerous. Stable codes: policies and scripts name them. */
export type HazardCode =
  /** Somebody may lose access. */
  | "removes-access"
  /** Somebody may gain access. */
  | "widens-access"
  /** Other things go with it. */
  | "cascades"
  /** It cannot be brought back. */
  | "irreversible"
  /** The acting identity may lose what it needs. */
  | "locks-out"
  | "last-admin"
  | "mass-removal"
  /** The state before cannot be seen. */
  | "blind"
  /** The class was not managed authoritatively here before. */
  | "first-managed"
  | "protected"
  /** Something that stays still needs it. */
  | "in-use"
  /** It is not there, and it cannot be made from what the manifest says. */
  | "must-exist"
  /** Somebody gets a built-in admin role. */
  | "gains-admin"
  /** Somebody may gain a permission that the policy names. */
  | "gains-permission"
  /** Somebody would hold permissions that the policy keeps apart. */
  | "separation"
  /** An assertion would no longer hold. */
  | "assertion"
  /** Somebody would for a moment have what they have neither before nor after. */
  | "exposes"
  /** Somebody would for a moment lack what they have before and after. */
  | "interrupts";

/** Why a change is planned, as people read it. */
export const REASON_WORDS: Readonly<Record<ChangeReason, string>> = {
  "declared-not-found": "declared and not found",
  "fields-differ": "differs from the manifest",
  "no-longer-declared": "not declared, and the class is authoritative",
  "declared-absent": "declared absent",
  expired: "expired",
  renamed: "renamed",
  rotates: "due for a new secret, by the clock",
  ensure: "cannot be seen, so it is written again",
  undone: "as it was before the run that is undone",
};

/** Every hazard code, with the words a person reads. */
export const HAZARD_TITLES: Readonly<Record<HazardCode, string>> = {
  "removes-access": "takes access away",
  "widens-access": "gives access",
  cascades: "other things go with it",
  irreversible: "cannot be brought back",
  "locks-out": "the acting identity may lock itself out",
  "last-admin": "too few admins would remain",
  "mass-removal": "too many removals at once",
  blind: "the state before cannot be seen",
  "first-managed": "managed authoritatively here for the first time",
  protected: "protected in the manifest",
  "in-use": "still in use",
  "must-exist": "is not there and cannot be made",
  "gains-admin": "makes somebody an admin",
  "gains-permission": "gives a permission that the policy names",
  separation: "joins permissions that the policy keeps apart",
  assertion: "makes an assertion fail",
  exposes: "gives access for a moment that nobody is to have",
  interrupts: "interrupts access that is to stay",
};

export interface Hazard {
  readonly code: HazardCode;
  /** One sentence with names: who or what is hit. */
  readonly detail: string;
}

/** A hazard as a rule finds it, with what only the gate asks. */
export interface Finding extends Hazard {
  /** The flag that lets exactly this through. */
  readonly release?: string;
  /** True where this case of the hazard holds the change, though not every case does. */
  readonly holds?: boolean;
  /** True where this case of the hazard blocks the change, though not every case does. */
  readonly blocks?: boolean;
}

/**
 * Open changes run; held ones wait for an approval of their id; blocked ones cannot be approved. Open `by` expired is the one
 * deletion that needs no approval: that of a grant whose time is over, where the policy lets such grants go.
 */
export type Gate =
  | { readonly state: "open"; readonly by?: readonly ["expired"] }
  | { readonly state: "held"; readonly by: readonly HazardCode[] }
  | { readonly state: "blocked"; readonly by: readonly HazardCode[]; readonly release: string };

/** One field that differs. `from` is left out where the field was not set before or cannot be read. */
export interface FieldChange {
  readonly field: string;
  readonly from?: Json;
  readonly to?: Json;
  /** For a set: what comes and what goes, sorted. */
  readonly added?: readonly string[];
  readonly removed?: readonly string[];
}

/** One deed of a plan: at most one for an address. */
export interface Step {
  readonly id: ChangeId;
  readonly op: ChangeOp;
  readonly kind: KindName;
  readonly address: Address;
  /** The address before, for a rename. */
  readonly renamedFrom?: Address;
  readonly reason: ChangeReason;
  /** `file:line:column` in the manifest that asks for it. */
  readonly source?: string;
  /** The group of the manifest it comes through. */
  readonly group?: string;
  /** The reason the manifest gives for a grant, in its author's words. */
  readonly justification?: string;
  /** RFC 3339 instant from which a grant is to go again. */
  readonly expires?: string;
  /** The platform's ids of what is there before; left out for a creation. */
  readonly remote?: RemoteRef;
  /** The compared fields before; for a deletion the whole spec. */
  readonly from?: Spec;
  /** The spec after; left out for a deletion. */
  readonly to?: Spec;
  /** What the write needs beside the spec. */
  readonly creation?: Readonly<Record<string, string>>;
  readonly fields: readonly FieldChange[];
  /** Steps of this plan that must be done before. */
  readonly dependsOn: readonly Address[];
  readonly hazards: readonly Hazard[];
  readonly gate: Gate;
  /** What goes with a deletion and is not deleted by a step of its own, sorted. */
  readonly cascade: readonly Address[];
  /** Everybody who has less once the plan is done, and in part through this step; sorted, left out where nobody does. An approval binds to it. */
  readonly loses?: readonly Address[];
  /** What a reader must know beside: a moment without access, a value that cannot be seen. */
  readonly notes: readonly string[];
}
