import type { IntentEntry, LedgerLine } from "../../src/model/ledger.ts";
import type { Store } from "../../src/sandbox/store.ts";
import type { Evidence, Happening } from "../story/evidence.ts";
import type { Stage } from "../story/scenario.ts";

/** What is true right after a happening. */
export interface Moment {
  readonly store: Store;
  readonly lines: readonly LedgerLine[];
  /** Intents on the disk of which it is not known what became. */
  readonly open: readonly IntentEntry[];
  /** The request with a number, of this stage. */
  readonly request: (number: number) => Extract<Happening, { type: "request" }> | undefined;
  readonly stage: Stage;
  /** When the stage began: what takes long in it are hours, never days. */
  readonly now: Date;
  /** Whether a person edited something in this stage. */
  readonly isEdited: boolean;
}

/** Somebody who watches a run for one thing that must never be. */
export interface Watch {
  readonly see: (happening: Happening, moment: Moment) => void;
}

/** Something that holds at every moment of every run. */
export interface Invariant {
  readonly name: string;
  readonly claim: string;
  /** Begins to watch; every breach is told. */
  readonly watch: (tell: (breach: string) => void, evidence: Evidence) => Watch;
}

/** A breach of an invariant. */
export interface Breach {
  readonly invariant: string;
  readonly words: string;
}
