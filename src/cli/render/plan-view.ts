import type { Standing } from "../../engine/standing.ts";
import type { ApprovalNeeds } from "../../model/approval-rules.ts";
import type { Paint } from "./paint.ts";

/** How a plan is shown. */
export interface PlanView {
  readonly paint: Paint;
  /** Where the plan is saved, for the command that approves it; undefined when it is not. */
  readonly planFile: string | undefined;
  /** True when a person is asked for approvals right below the plan. */
  readonly asksBelow?: boolean;
  /** True where only what keeps it from being all done is told, and what it comes to. */
  readonly isBrief?: boolean;
  /** Global flags that the commands told of need as this one did, as words. */
  readonly flags: readonly string[];
  /** True where no account was asked: nothing of such a plan can be approved. */
  readonly isUnasked?: boolean;
  /** The run that the plan takes back: `undo` makes it again, and not `plan`. */
  readonly undo?: string | undefined;
  /** What gets a new secret on demand: `keys rotate` makes the plan again, and not `plan`. */
  readonly rotate?: string | undefined;
  /** Flags that only the making of the plan takes, as words. */
  readonly planFlags: readonly string[];
  /** How approved each held change is; left out where that was not found out. */
  readonly standing?: Standing;
}

/** The same, with what the plan says of approvals. */
export interface HeldView extends PlanView {
  readonly approvals: ApprovalNeeds | undefined;
}
