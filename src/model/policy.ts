import { type AccessSettings, ASSUMED } from "./access.ts";
import type { ApprovalRules } from "./approval-rules.ts";
import type { SeparationRule } from "./assertion.ts";
import type { HazardCode } from "./change.ts";

/** The limits a plan is judged by; defaults are filled in by whoever loads the manifest. */
export interface Policy {
  /** Admins that must remain in the account, each organization and each space. */
  readonly minAdmins: number;
  /** The most removals one plan may hold without the flag that names the gate. */
  readonly maxRemovals: number;
  /** The largest share of one class, in percent, that one plan may remove; judged only where the class has 10 objects or more. */
  readonly maxRemovalPercent: number;
  /** Hazards that hold a change beyond those that always do. */
  readonly hold: readonly HazardCode[];
  /** Hazards that block a change. */
  readonly forbid: readonly HazardCode[];
  /** Permissions, globs resolved, that hold a change by which somebody gains one. */
  readonly holdPermissions: readonly string[];
  /** Permissions, globs resolved, that block a change by which somebody gains one. */
  readonly forbidPermissions: readonly string[];
  readonly separate: readonly SeparationRule[];
  readonly assume: AccessSettings;
  /** Whether the removal of a grant whose time is over runs by itself, where nothing else goes with it. */
  readonly expire: "held" | "automatic";
  /** Whether somebody whose invitation has expired is invited again. */
  readonly reinvite: ReinviteMode;
  /** How many approvals of whom release what is held; left out where one by anybody does. */
  readonly approvals?: ApprovalRules;
}

/** When somebody is invited again who was invited before. */
export type ReinviteMode = "never" | "on-expiry";

/** What holds where the manifest has no `policy`. */
export const DEFAULT_POLICY: Policy = {
  minAdmins: 2,
  maxRemovals: 10,
  maxRemovalPercent: 25,
  hold: [],
  forbid: [],
  holdPermissions: [],
  forbidPermissions: [],
  separate: [],
  assume: ASSUMED,
  expire: "held",
  reinvite: "never",
};

/** What the command line sets aside for one plan; it stands in the plan, so that whoever reads the plan sees it. */
export interface Limits {
  readonly maxRemovals?: number;
  readonly maxRemovalPercent?: number;
  readonly minAdmins?: number;
  /** Hazards that do not block this once. */
  readonly allow: readonly HazardCode[];
  /** Address patterns the plan is confined to; empty means all. */
  readonly targets: readonly string[];
  readonly excludes: readonly string[];
}

/** No flag was given. */
export const NO_LIMITS: Limits = { allow: [], targets: [], excludes: [] };
