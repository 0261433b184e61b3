import type { Step } from "../model/change.ts";

/** What became of a step. */
export type StepState =
  | "done"
  /** It was so before this run touched it. */
  | "already"
  | "failed"
  /** It waited for a step that was not done, or the run ended before its turn. */
  | "skipped"
  /** It waits for an approval. */
  | "held"
  | "blocked"
  /** What is there is not what the plan was made on. */
  | "stale";

export interface StepResult {
  readonly step: Step;
  readonly state: StepState;
  /** One sentence; left out for what was simply done. */
  readonly because?: string;
  readonly approvedBy?: readonly string[];
  /** What the platform did otherwise than asked, and what could not be recorded. */
  readonly notes: readonly string[];
}

export interface ApplyReport {
  /** One for each step, in plan order. */
  readonly results: readonly StepResult[];
  readonly interrupted: boolean;
  /** Why the run stopped early by itself: the ledger could not be written. */
  readonly stopped?: string;
}

/** What a run knows beside its report. */
export interface ExitExtras {
  /** How many removals were wanted in classes that could not be read whole. */
  readonly withheld: number;
  /** How many assertions do not hold. */
  readonly failedAssertions: number;
}

/** The exit codes of an apply, as the product contract names them. */
export type ApplyExit = 0 | 1 | 3 | 4 | 5 | 6 | 130;

/**
 * The exit code of a report. The gravest comes first: interrupted 130; something failed, or the run stopped by itself, 5 where
 * something was done and else 1; stale 5 or 4 likewise; knowledge incomplete 6, since approving cannot cure it; held or
 * blocked, or an assertion failed, 3; else 0. Skipped steps add nothing: what they waited for already counts.
 */
export function reportExit(report: ApplyReport, extras: ExitExtras): ApplyExit {
  const has = (...states: readonly StepState[]): boolean =>
    report.results.some((result) => states.includes(result.state));
  if (report.interrupted) return 130;
  if (has("failed") || report.stopped !== undefined) return has("done") ? 5 : 1;
  if (has("stale")) return has("done") ? 5 : 4;
  if (extras.withheld > 0) return 6;
  return has("held", "blocked") || extras.failedAssertions > 0 ? 3 : 0;
}
