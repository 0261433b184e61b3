import { reportExit } from "../../apply/report.ts";
import type { Address } from "../../model/address.ts";
import type { Approval } from "../../model/approval.ts";
import { UsageError } from "../../model/errors.ts";
import type { Manifest } from "../../model/manifest.ts";
import type { Plan } from "../../model/plan.ts";
import type { Limits } from "../../model/policy.ts";
import { listDoneChanges, recallMemory } from "../../state/memory.ts";
import { dropSpent } from "../../state/spent-approvals.ts";
import { chooseApprovals } from "../approvals/choose-approvals.ts";
import { loadApprovals } from "../approvals/load-approvals.ts";
import { openWriting, type Writing } from "../context.ts";
import { emitReport } from "../events/apply-events.ts";
import { EXIT } from "../exit.ts";
import { spellGlobals } from "../flags/globals.ts";
import { spellLimits } from "../flags/spell-limits.ts";
import { runInterruptibly } from "../interruption.ts";
import { loadInputs } from "../load-inputs.ts";
import type { UndoSource } from "../plans/aim-undo.ts";
import { requireRun } from "../plans/choose-run.ts";
import { comparePlans, hasMoved, type PlanMovement } from "../plans/compare-plans.ts";
import { type RotationDemand, requireRotation } from "../plans/demand-rotation.ts";
import { completeSight, planFrom, readAccount } from "../plans/plan-account.ts";
import { loadSavedPlan } from "../plans/saved-plan.ts";
import { commandFlags, writePlan } from "../plans/write-plan.ts";
import { canAsk } from "../prompt.ts";
import { planCommand } from "../render/held-text.ts";
import { renderMovement } from "../render/movement-text.ts";
import { renderReport } from "../render/report-text.ts";
import { executePlan } from "../runs/execute-plan.ts";
import { type Run, withRun } from "../runs/open-run.ts";
import { retractDoubts } from "../runs/retract-doubts.ts";
import { settleRun } from "../runs/settle-run.ts";
import { verifyApply } from "../runs/verify-apply.ts";
import type { Outcome, Session } from "../session.ts";

/** What `apply` was asked for. */
export interface ApplyRequest {
  /** Saved plan that is run exactly or not at all; undefined: plan, show and ask. */
  readonly plan: string | undefined;
  readonly autoApprove: boolean;
  /** Files or folders beside those found by convention. */
  readonly approvals: readonly string[];
  readonly limits: Limits;
  /** The key that gets a new secret now, and nothing else is done; undefined: all that is planned. */
  readonly rotate?: Address;
}

/** Makes the manifest true: a saved plan exactly, or what is planned and agreed to now. */
export async function runApply(session: Session, request: ApplyRequest): Promise<Outcome> {
  const saved = request.plan === undefined ? undefined : await loadSavedPlan(session, request.plan);
  const asks = saved === undefined && !request.autoApprove;
  if (asks && !canAsk(session)) {
    throw new UsageError(
      "There is no terminal to ask on.",
      `Give --auto-approve, or apply a saved plan: ${spellPlanCommand(session, request)}`,
    );
  }
  const { manifest, diagnostics } = await loadInputs(session);
  const approvals = await loadApprovals(session, request.approvals);
  const outcome = await runInterruptibly(session, (signal) =>
    withRun(session, async (run) => {
      const writing = await openWriting(session, signal);
      try {
        return await applyManifest({ session, request, manifest, approvals, saved, asks, run, writing, signal });
      } finally {
        await writing.close();
      }
    }),
  );
  return { ...outcome, diagnostics: [...diagnostics, ...outcome.diagnostics] };
}

/** The command that plans and saves what was to be applied. */
function spellPlanCommand({ globals }: Session, { rotate, limits }: ApplyRequest): string {
  const planFlags = rotate === undefined ? spellLimits(limits) : [];
  return planCommand("plan.json", { flags: spellGlobals(globals), planFlags, rotate });
}

interface ApplyStage {
  readonly session: Session;
  readonly request: ApplyRequest;
  readonly manifest: Manifest;
  readonly approvals: readonly Approval[];
  readonly saved: Plan | undefined;
  readonly asks: boolean;
  readonly run: Run;
  readonly writing: Writing;
  readonly signal: AbortSignal;
}

/** Looks, plans, compares with what was saved, agrees, runs, and looks again. */
async function applyManifest(stage: ApplyStage): Promise<Outcome> {
  const { session, request, manifest, saved, run, writing } = stage;
  const undo = findUndone(stage);
  await retractDoubts(session, run, writing);
  const remembered = recallMemory(run.ledger.lines());
  const rotate = findRotated(stage);
  const seen = await readAccount(session, { manifest, reading: writing, undo, rotate, memory: remembered });
  const memory = await settleRun(session, run, seen.observation);
  const limits = saved?.limits ?? request.limits;
  const sight = await completeSight(session, seen, { reading: writing, memory, limits });
  const plan = planFrom(sight, { memory, limits });
  if (request.rotate !== undefined) requireRotation(plan, request.rotate);
  if (saved !== undefined) {
    const movement = comparePlans(saved, plan, listDoneChanges(run.ledger.lines()));
    if (hasMoved(movement)) return refuseStale(stage, movement, plan);
  }
  await writePlan(session, plan, { formats: [], planFile: request.plan, asksBelow: stage.asks });
  const chosen = await chooseApprovals({ ...stage, approvals: dropSpent(stage.approvals, run.ledger.lines()), plan });
  if (chosen === undefined) return refuseUnasked(stage, plan);
  const report = await executePlan({ ...stage, plan, sight, memory, approvals: chosen });
  if (plan.steps.length > 0) session.print(renderReport(report, session.paint));
  emitReport(session.events, report);
  const remaining = await verifyApply({ ...stage, report, limits: plan.limits, undo, rotate: plan.basis.rotate });
  const exit = reportExit(report, {
    withheld: Math.max(countUnknown(plan), countUnknown(remaining)),
    failedAssertions: (remaining ?? plan).assertions.length,
  });
  return { exit, diagnostics: [], document: { plan, report, remaining } };
}

/** The run that the saved plan takes back, as the ledger tells of it now. */
function findUndone({ saved, run }: ApplyStage): UndoSource | undefined {
  const name = saved?.basis.undo;
  if (name === undefined) return undefined;
  const lines = run.ledger.lines();
  return { run: requireRun(lines, name), lines, file: run.ledgerFile };
}

/** What gets a new secret on demand: of a saved plan at the very instant that stands for it there. */
function findRotated({ saved, request }: ApplyStage): RotationDemand | undefined {
  if (saved !== undefined) return saved.basis.rotate;
  return request.rotate && { address: request.rotate };
}

/** How much could not be judged: told by the exit code, whether it showed before the run or only after it. */
function countUnknown(plan: Plan | undefined): number {
  return plan === undefined ? 0 : plan.withheld.length + plan.incomplete.length;
}

function refuseStale({ session, request, saved }: ApplyStage, movement: PlanMovement, fresh: Plan): Outcome {
  session.print(`The saved plan is stale: the account or the manifest moved since. Nothing was changed.\n`);
  session.print(renderMovement(movement));
  session.events?.emit("log", "error", "The saved plan is stale: the account or the manifest moved since.", {});
  session.print(`Plan again: ${planCommand(request.plan ?? "plan.json", commandFlags(session, saved ?? fresh))}\n`);
  return { exit: EXIT.stale, diagnostics: [], document: { plan: fresh, movement } };
}

function refuseUnasked({ session, signal }: ApplyStage, plan: Plan): Outcome {
  session.print("Not applied. Nothing was changed.\n");
  session.events?.emit("log", "warn", "Not applied. Nothing was changed.", {});
  return { exit: signal.aborted ? EXIT.interrupted : EXIT.error, diagnostics: [], document: { plan } };
}
