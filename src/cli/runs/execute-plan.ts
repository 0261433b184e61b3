import { resolve } from "node:path";
import { applyPlan, type SecretKeeper } from "../../apply/apply-plan.ts";
import { type ApplyReport, reportExit, type StepState } from "../../apply/report.ts";
import { systemHost } from "../../host/system-host.ts";
import { KINDS } from "../../kinds/registry.ts";
import { type ClassKey, classKey, type KindName } from "../../model/address.ts";
import type { Step } from "../../model/change.ts";
import type { Kind } from "../../model/kind.ts";
import type { LedgerEntry } from "../../model/ledger.ts";
import type { Manifest } from "../../model/manifest.ts";
import type { Memory, Plan } from "../../model/plan.ts";
import { type ChosenApprovals, isReady } from "../approvals/choose-approvals.ts";
import type { Writing } from "../context.ts";
import { emitApply } from "../events/apply-events.ts";
import { spellLimits } from "../flags/spell-limits.ts";
import { findManifestHome } from "../manifest-home.ts";
import type { Sight } from "../plans/plan-account.ts";
import { makeProgress } from "../progress.ts";
import { harmless } from "../render/harmless.ts";
import { renderResultLine } from "../render/report-text.ts";
import { listSinks } from "../secrets/list-sinks.ts";
import { makeKeeper } from "../secrets/make-keeper.ts";
import type { Session } from "../session.ts";
import type { Run } from "./open-run.ts";

export interface Execution {
  readonly session: Session;
  readonly manifest: Manifest;
  readonly plan: Plan;
  readonly sight: Sight;
  readonly memory: Memory;
  readonly approvals: ChosenApprovals;
  readonly writing: Writing;
  readonly run: Run;
  readonly signal: AbortSignal;
}

/** Runs a plan and writes the run around it to the ledger; a run in which nothing may happen leaves no trace there. */
export async function executePlan(execution: Execution): Promise<ApplyReport> {
  const { plan, run } = execution;
  const newlyManaged = plan.authoritative.filter((key) => !execution.memory.managed.has(key));
  const leavesTrace = newlyManaged.length > 0 || plan.steps.some((step) => isReady(step, execution.approvals));
  if (leavesTrace) await run.ledger.append([describeRun(execution)]);
  const report = await carryOut(execution);
  if (leavesTrace && report.stopped === undefined) {
    const exit = reportExit(report, {
      withheld: plan.withheld.length + plan.incomplete.length,
      failedAssertions: plan.assertions.length,
    });
    const classes = settledClasses(newlyManaged, report);
    const managed: readonly LedgerEntry[] = classes.length === 0 ? [] : [{ type: "managed", run: run.id, classes }];
    await run.ledger.append([...managed, { type: "end", run: run.id, exit }]);
  }
  return report;
}

function describeRun({ plan, sight, run }: Execution): LedgerEntry {
  return {
    type: "run",
    run: run.id,
    command: nameCommand(plan),
    plan: plan.digest,
    by: sight.observation.caller.email ?? `${systemHost.user}@${systemHost.hostname}`,
    // What lets a deletion run without an approval is told like the flags that pass a gate.
    flags: [...spellLimits(plan.limits), ...(mayExpire(sight) ? ["policy.expire=automatic"] : [])],
  };
}

function nameCommand({ basis }: Plan): string {
  if (basis.rotate !== undefined) return "keys rotate";
  return basis.undo === undefined ? "apply" : `undo ${basis.undo}`;
}

function mayExpire({ desired }: Sight): boolean {
  return desired.policy.expire === "automatic";
}

async function openKeeper({ session, manifest, run, writing }: Execution): Promise<SecretKeeper> {
  return makeKeeper({
    files: session.files,
    programs: session.programs,
    keyVariables: writing.keyVariables,
    home: resolve(session.folder, await findManifestHome(session)),
    sinks: listSinks(manifest),
    lines: [...run.ledger.lines()],
  });
}

async function carryOut(execution: Execution): Promise<ApplyReport> {
  const secrets = await openKeeper(execution);
  const { session, plan, sight, approvals, writing, run, signal } = execution;
  const progress = makeProgress(session);
  try {
    return await applyPlan({
      plan,
      kinds: new Map<KindName, Kind>(KINDS.map((kind) => [kind.name, kind])),
      observed: sight.observation.world,
      reader: writing.reader,
      writer: writing.writer,
      ledger: run.ledger,
      approvals,
      secrets,
      clock: session.clock,
      expire: sight.desired.policy.expire,
      parallelism: writing.parallelism,
      signal,
      run: run.id,
      onProgress: (event) => {
        emitApply(session.events, event);
        if (event.type === "started") progress.update(`${event.step.op} ${harmless(event.step.address)}`);
        // What never began is told once, with its reason, by the report.
        else if (!NEVER_BEGUN.has(event.result.state))
          progress.line(renderResultLine(event.result, session.errorPaint));
      },
    });
  } finally {
    progress.end();
  }
}

const NEVER_BEGUN: ReadonlySet<StepState> = new Set(["held", "blocked", "skipped"]);

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
