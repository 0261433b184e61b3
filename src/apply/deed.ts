import type { OutcomeEntry } from "../model/ledger.ts";
import type { RemoteRef } from "../model/resource.ts";

/** What came of having the effect of a step. */
export interface Deed {
  readonly result: "done" | "absent" | "failed" | "unknown";
  readonly remote?: RemoteRef;
  readonly notes: readonly string[];
  /** What became of a secret that was shown. */
  readonly secret?: OutcomeEntry["secret"];
  /** What was thrown; or, of what is done, why it is not as it should be: then its step counts as failed. */
  readonly cause?: unknown;
  /** True where the answer was lost and what was to be made was found there: who made it, only a comparison can tell. */
  readonly isFound?: true;
}
