import type { ApplyEvent } from "../apply/apply-plan.ts";
import type { ApplyReport } from "../apply/report.ts";
import type { Address } from "../model/address.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { OutcomeEntry } from "../model/ledger.ts";
import type { Plan } from "../model/plan.ts";

/** What happens on the way to a result, in the order in which it does. Texts are as the account or the manifest has them: nothing is escaped. */
export type EngineEvent =
  /** What is worth knowing and stops nothing. */
  | { readonly type: "noted"; readonly diagnostics: readonly Diagnostic[] }
  /** The account is about to be read, as far as the manifest speaks of it. */
  | { readonly type: "looking" }
  /** So many of a kind were read: for what the manifest speaks of, for whom a plan hits, or of what would stay behind. */
  | {
      readonly type: "reading";
      readonly reads: "manifest" | "reach" | "belongings";
      readonly kind: string;
      readonly count: number;
    }
  /** A round of reading, or all steps, are over, well or not. */
  | { readonly type: "ended" }
  /** A run that broke off left something in doubt; it is only told, since nothing is written here. */
  | { readonly type: "doubted"; readonly address: Address }
  /** What a run that broke off had made, without its secret having reached its place, is revoked. */
  | { readonly type: "retracted"; readonly address: Address }
  /** What became of what a run that broke off left in doubt. */
  | { readonly type: "cleared"; readonly address: Address; readonly result: OutcomeEntry["result"] }
  /** Steps, as they begin and as their results stand. */
  | ApplyEvent
  /** Nothing more is done; what follows is a look. */
  | { readonly type: "reported"; readonly report: ApplyReport; readonly plan: Plan }
  /** The look afterwards: the plan of what is left, or why there is none. */
  | { readonly type: "verified"; readonly report: ApplyReport; readonly left: Plan }
  | { readonly type: "unverified"; readonly because: string };

/** Hears what happens. It is called in between, so that what it takes long for takes long. */
export type Hear = (event: EngineEvent) => void;
