import type { ChangeId, Digest } from "./change.ts";

/** One entry of an approvals file: a named person lets exactly these changes happen, until a moment. */
export interface Approval {
  readonly changes: readonly ChangeId[];
  /** The plan it was given on. Told for the record; an approval binds to the changes. */
  readonly plan: Digest;
  readonly by: string;
  /** RFC 3339 instants. */
  readonly at: string;
  readonly expires: string;
  readonly reason: string;
}
