import type { OutcomeEntry } from "../model/ledger.ts";
import type { RemoteRef } from "../model/resource.ts";

/** What came of having the effect of a step. */
export interface Deed {
  readonly result: "done" | "absent" | "failed" | "unknown";
  readonly remote?: RemoteRef;
  readonly notes: readonly string[];
  /** What became of a secret that was shown. */
  readonly secret?: OutcomeEntry["secret"];
  /** What was thrown. */
  readonly cause?: unknown;
}
