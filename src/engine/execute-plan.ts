import { applyPlan, describeApproval, type SecretKeeper } from "../apply/apply-plan.ts";
import { type ApplyReport, reportExit } from "../apply/report.ts";
import { KINDS } from "../kinds/registry.ts";
import { type ClassKey, classKey, type KindName } from "../model/address.ts";
import { areSameRules, NO_RULES } from "../model/approval-rules.ts";
import type { Step } from "../model/change.ts";
import type { Kind } from "../model/kind.ts";
import type { LedgerEntry, LedgerLine } from "../model/ledger.ts";
import type { Manifest } from "../model/manifest.ts";
import type { Memory, Plan } from "../model/plan.ts";
import { spellSharding } from "../model/shard.ts";
import { listSinks } from "../secrets/list-sinks.ts";
import { makeKeeper } from "../secrets/make-keeper.ts";
import type { AccountWriting } from "./account-reading.ts";
import { type ChosenApprovals, isReady } from "./chosen-approvals.ts";
import type { Hear } from "./engine-event.ts";
import type { Rules } from "./hold-approvals.ts";
import type { Run } from "./open-run.ts";
import type { Outside } from "./outside.ts";
import type { Sight } from "./read-sight.ts";
import type { ShownSummary } from "./require-summary.ts";
import { spellLimits } from "./spell-limits.ts";
import { deliverWhileHeld, writeWhileHeld } from "./while-held.ts";

export interface Execution {
  readonly manifest: Manifest;
  readonly plan: Plan;
  readonly sight: Sight;
  readonly memory: Memory;
  readonly approvals: ChosenApprovals;
  readonly rules: Rules;
  readonly account: AccountWriting;
  readonly run: Run;
  readonly outside: Outside;
  readonly signal: AbortSignal;
  readonly hear: Hear;
  /** What was shown for the whole, where a part is applied. */
  readonly summary?: ShownSummary | undefined;
}

/** Runs a plan and writes the run around it to the ledger; a run in which nothing may happen leaves no trace there. */
export async function executePlan(execution: Execution): Promise<ApplyReport> {
  const { plan, run } = execution;
  const newlyManaged = plan.authoritative.filter((key) => !execution.memory.managed.has(key));
  const newRules = describeRules(execution);
  const leavesTrace =
    newlyManaged.length + newRules.length > 0 || plan.steps.some((step) => isReady(step, execution.approvals));
  if (leavesTrace) await run.ledger.append([describeRun(execution), ...newRules]);
  const report = await carryOut(execution);
  if (leavesTrace && report.stopped === undefined) {
    const exit = reportExit(report, {
      withheld: plan.withheld.length + plan.incomplete.length,
      failedAssertions: plan.assertions.length,
    });
    const classes = settledClasses(newlyManaged, report);
    const managed: readonly LedgerEntry[] = classes.length === 0 ? [] : [{ type: "managed", run: run.id, classes }];
    return recordEnd(run, [...managed, describeEnd(execution, exit)], report);
  }
  return report;
}

function describeEnd({ account, run }: Execution, exit: number): LedgerEntry {
  const paces = account.pacing?.learned() ?? {};
  return { type: "end", run: run.id, exit, ...(Object.keys(paces).length > 0 && { paces }) };
}

/** What was done is told also where the end of the run cannot be written any more. */
async function recordEnd(run: Run, entries: readonly LedgerEntry[], report: ApplyReport): Promise<ApplyReport> {
  try {
    await run.ledger.append(entries);
    return report;
  } catch (cause) {
    const because = cause instanceof Error ? ` ${cause.message}` : "";
    return { ...report, stopped: `The end of the run could not be written to the ledger.${because}` };
  }
}

function describeRun({ plan, sight, run, outside, summary }: Execution): LedgerEntry {
  return {
    type: "run",
    run: run.id,
    command: nameCommand(plan),
    plan: plan.digest,
    by: sight.observation.caller.email ?? `${outside.host.user}@${outside.host.hostname}`,
    // What lets a deletion run without an approval is told like the flags that pass a gate.
    flags: [
      ...spellSharding(plan.shard),
      ...spellSummary(summary),
      ...spellLimits(plan.limits),
      ...(mayExpire(sight) ? ["policy.expire=automatic"] : []),
    ],
    account: sight.account,
  };
}

function spellSummary(summary: ShownSummary | undefined): readonly string[] {
  if (summary === undefined) return [];
  return summary === "none" ? ["--no-summary"] : ["--summary", summary.digest];
}

/** The rules for approvals, where they are others than the ledger remembers and may count from now on. */
function describeRules({ approvals: { rulesBy }, rules, plan, run }: Execution): readonly LedgerEntry[] {
  const now = rules.now ?? NO_RULES;
  if (rulesBy === undefined || areSameRules(now, rules.before?.rules ?? NO_RULES)) return [];
  const change = plan.approvals?.change;
  const used = change === undefined ? [] : rulesBy.map((approval) => describeApproval(change, approval, run.id));
  return [...used, { type: "rules", run: run.id, rules: now }];
}

function nameCommand({ basis }: Plan): string {
  if (basis.rotate !== undefined) return "keys rotate";
  return basis.undo === undefined ? "apply" : `undo ${basis.undo}`;
}

function mayExpire({ desired }: Sight): boolean {
  return desired.policy.expire === "automatic";
}

function openKeeper({ manifest, run, outside }: Execution): SecretKeeper {
  let read: Promise<readonly LedgerLine[]> | undefined;
  const readBefore = async (): Promise<readonly LedgerLine[]> =>
    (await run.ledger.history()).filter(({ entry }) => !isOfStep(entry, run.id));
  const history = (): Promise<readonly LedgerLine[]> => {
    read ??= readBefore();
    return read;
  };
  return makeKeeper({ ...outside, sinks: listSinks(manifest), history });
}

/** What a run writes down before its steps is what it found out about earlier ones. */
function isOfStep(entry: LedgerEntry, run: string): boolean {
  return entry.run === run && !(entry.type === "outcome" && entry.result.startsWith("settled-"));
}

/** While one step waits for the platform, another is written to the ledger: with one step for each call, calls would wait for the disk. */
const LEAST_STEPS_FOR_EACH_CALL = 1.5;
/** And a third is looked at. More would be looked at longer before they are changed, and gain nothing. */
const MOST_STEPS_FOR_EACH_CALL = 3;

/** How many steps may be under way: no more than go out within a second, where the pace is known, so that none waits long once it was looked at. */
export function countSteps({ parallelism, pacing }: Pick<AccountWriting, "parallelism" | "pacing">): number {
  const perSecond = (pacing?.writesPerMinute() ?? Number.POSITIVE_INFINITY) / 60;
  const most = Math.min(perSecond, parallelism * MOST_STEPS_FOR_EACH_CALL);
  return Math.floor(Math.max(most, parallelism * LEAST_STEPS_FOR_EACH_CALL));
}

async function carryOut(execution: Execution): Promise<ApplyReport> {
  const { plan, sight, approvals, account, run, outside, signal, hear } = execution;
  try {
    return await applyPlan({
      plan,
      kinds: new Map<KindName, Kind>(KINDS.map((kind) => [kind.name, kind])),
      observed: sight.observation.world,
      reader: account.reader,
      writer: writeWhileHeld(account.writer, run.ledger),
      ledger: run.ledger,
      approvals: approvals.given,
      voting: approvals.voting,
      secrets: deliverWhileHeld(openKeeper(execution), run.ledger),
      clock: outside.clock,
      expire: sight.desired.policy.expire,
      parallelism: () => countSteps(account),
      signal,
      run: run.id,
      onProgress: hear,
    });
  } finally {
    hear({ type: "ended" });
  }
}

/** A class whose first removals are still open is not settled: the next plan is to show them as a group again. */
function settledClasses(newlyManaged: readonly ClassKey[], report: ApplyReport): readonly ClassKey[] {
  const open = new Set(
    report.results
      .filter(({ step, state }) => isFirstManaged(step) && state !== "done" && state !== "already")
      .map(({ step }) => classOf(step)),
  );
  return newlyManaged.filter((key) => !open.has(key));
}

function isFirstManaged(step: Step): boolean {
  return step.hazards.some((hazard) => hazard.code === "first-managed");
}

function classOf(step: Step): ClassKey | undefined {
  const kind = KINDS.find(({ name }) => name === step.kind);
  return kind && classKey(kind.name, kind.parentOf(step.address));
}
