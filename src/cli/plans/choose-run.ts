import { UsageError } from "../../model/errors.ts";
import { harmless } from "../render/harmless.ts";

/** No run of the ledger is called so, or more than one begins so. */
export function describeUnknownRun(name: string): UsageError {
  return new UsageError(
    `The ledger has no run "${harmless(name)}", or more than one whose id begins so.`,
    "See the runs: axcess ledger show",
  );
}
