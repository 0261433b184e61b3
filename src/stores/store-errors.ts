import { DiagnosedError } from "../model/errors.ts";
import { harmless } from "../model/harmless.ts";

/** Why a store did not do what was asked. */
export type StoreFault = "unreachable" | "refused" | "unprepared" | "not-a-ledger" | "unconditional";

const FAULTS = {
  unreachable: {
    code: "AX509",
    summary: "The store of the ledger cannot be reached",
    fix: "Check the network and the location, and run again: what was under way is settled then.",
  },
  refused: {
    code: "AX510",
    summary: "The store of the ledger refuses",
    fix: "Check the credentials and the rights: docs/ledger.md names the least that are needed.",
  },
  unprepared: {
    code: "AX511",
    summary: "The store of the ledger is not prepared",
    fix: "Make what is missing, as docs/ledger.md says.",
  },
  "not-a-ledger": {
    code: "AX512",
    summary: "The store holds something that is not a ledger",
    fix: "Restore it from a version before, or name an empty place: without the ledger axcess only removes less and asks more.",
  },
  unconditional: {
    code: "AX513",
    summary: "The store does not honour conditional writes",
    fix: "Use a server that honours If-None-Match and If-Match on PUT: without them two runs could apply at once.",
  },
} as const satisfies Record<StoreFault, { readonly code: string; readonly summary: string; readonly fix: string }>;

/** An error of a store in words. What the server says is made harmless. */
export function storeError(fault: StoreFault, shown: string, detail: string): DiagnosedError {
  const { code, summary, fix } = FAULTS[fault];
  const severity = "error";
  return new DiagnosedError([{ code, severity, summary, detail: `${harmless(shown)}: ${harmless(detail)}`, fix }]);
}
