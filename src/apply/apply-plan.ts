import type { Address, KindName } from "../model/address.ts";
import type { HeldApproval } from "../model/approval.ts";
import type { ChangeId, Step } from "../model/change.ts";
import type { Plan } from "../model/plan.ts";
import type { PlatformReader, PlatformWriter } from "../model/platform.ts";
import type { Policy } from "../model/policy.ts";
import type { Clock } from "../model/ports.ts";
import type { World } from "../model/resource.ts";
import type { Ledger } from "../state/ledger.ts";
import { coalesceReads } from "./coalesce-reads.ts";
import { executeStep, type RunContext, refuseStep } from "./execute-step.ts";
import type { Voting } from "./judge-approvals.ts";
import { collectIds } from "./known-ids.ts";
import type { ApplyKind } from "./look-at-step.ts";
import type { ApplyReport, StepResult } from "./report.ts";
import { runSchedule } from "./run-schedule.ts";
import { NO_KEEPER, type SecretKeeper } from "./settle-secret.ts";

export { describeApproval } from "./execute-step.ts";
export type { SecretKeeper } from "./settle-secret.ts";

/** What happens while a plan is applied, in the order in which it does. */
export type ApplyEvent =
  /** A step that may run begins with its look. */
  | { readonly type: "started"; readonly step: Step }
  /** The result of a step stands; each step has exactly one, started or not. */
  | { readonly type: "settled"; readonly result: StepResult; readonly settled: number; readonly total: number };

export interface ApplyOptions {
  readonly plan: Plan;
  readonly kinds: ReadonlyMap<KindName, ApplyKind>;
  /** The live world that the plan was made from: the ids of what exists. */
  readonly observed: World;
  readonly reader: PlatformReader;
  readonly writer: PlatformWriter;
  readonly ledger: Ledger;
  readonly approvals: ReadonlyMap<ChangeId, readonly HeldApproval[]>;
  readonly clock: Clock;
  /** What the policy of the manifest says of grants whose time is over; they are held unless it says otherwise. */
  readonly expire?: Policy["expire"];
  /** Whose approvals count, and how many are needed; left out: one by anybody. */
  readonly voting?: Voting;
  /** Where secrets go that the platform shows; without it nothing is made that has one. */
  readonly secrets?: SecretKeeper;
  /** How many steps may be under way at once, at this moment. */
  readonly parallelism: () => number;
  /** Once it fires nothing new starts; what is under way finishes. */
  readonly signal: AbortSignal;
  /** The name of this run in the ledger. */
  readonly run: string;
  readonly onProgress: (event: ApplyEvent) => void;
}

const INTERRUPTED = "The run was interrupted before its turn.";

/**
 * Makes a plan true as far as it may be. Writes the approvals used, the intents and the outcomes to the ledger; its caller
 * writes the rest of the run. A plan that contradicts itself is Impossible, before anything is touched.
 */
export async function applyPlan(options: ApplyOptions): Promise<ApplyReport> {
  const { plan, signal } = options;
  const steps = plan.steps;
  // Setting a result anew keeps its place, so that the results end up in plan order.
  const results = new Map<Address, StepResult>(steps.map((step) => [step.address, skip(step, "It had no turn.")]));
  let settled = 0;
  let stopped: string | undefined;
  const stopReason = (): string | undefined => stopped ?? (signal.aborted ? INTERRUPTED : undefined);
  const settle = (result: StepResult): void => {
    results.set(result.step.address, result);
    settled += 1;
    options.onProgress({ type: "settled", result, settled, total: steps.length });
  };
  const context: RunContext = {
    ...options,
    reader: coalesceReads(options.reader, options.clock),
    freshReader: options.reader,
    ids: collectIds(options.observed, steps),
    secrets: options.secrets ?? NO_KEEPER,
    stopReason,
    onLedgerFailure: () => {
      stopped = "The run stopped before its turn, because the ledger could not be written.";
    },
    onStarted: (step) => options.onProgress({ type: "started", step }),
  };

  await runSchedule({
    steps,
    parallelism: options.parallelism,
    isStopped: () => stopReason() !== undefined,
    run: async (step) => {
      const result = await executeStep(step, context);
      settle(result);
      return result.state === "done" || result.state === "already";
    },
    // What waits for an approval of its own is told as such, so that all approvals can be given at once.
    onDoomed: ({ step, blocker }) =>
      settle(refuseStep(step, context) ?? skip(step, `It waits for ${blocker.address}, which was not done.`)),
    onUnstarted: (step) => settle(refuseStep(step, context) ?? skip(step, stopped ?? INTERRUPTED)),
  });
  return { results: [...results.values()], interrupted: signal.aborted, ...(stopped !== undefined && { stopped }) };
}

function skip(step: Step, because: string): StepResult {
  return { step, state: "skipped", because, notes: [] };
}
