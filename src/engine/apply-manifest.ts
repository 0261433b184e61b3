import { type ApplyExit, type ApplyReport, reportExit } from "../apply/report.ts";
import type { Address } from "../model/address.ts";
import type { Approval, HeldApproval } from "../model/approval.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { Manifest } from "../model/manifest.ts";
import type { Memory, Plan } from "../model/plan.ts";
import type { Limits } from "../model/policy.ts";
import type { Shard } from "../model/shard.ts";
import { listDoneChanges } from "../state/memory.ts";
import type { AccountWriting } from "./account-reading.ts";
import type { UndoSource } from "./aim-undo.ts";
import { type ChosenApprovals, isReady } from "./chosen-approvals.ts";
import { comparePlans, hasMoved, type PlanMovement } from "./compare-plans.ts";
import { type RotationDemand, requireRotation } from "./demand-rotation.ts";
import type { Hear } from "./engine-event.ts";
import { executePlan } from "./execute-plan.ts";
import { requireRun } from "./find-undone.ts";
import { givenRules, holdApprovals, type Rules, readUses } from "./hold-approvals.ts";
import { requireLedgerAccount, requireOwnDoubts } from "./ledger-account.ts";
import { loadRules } from "./load-rules.ts";
import { lookAgain } from "./look-again.ts";
import type { Run } from "./open-run.ts";
import type { Outside } from "./outside.ts";
import { makeOwnTest, recallOwn } from "./own-doubts.ts";
import { completeSight, planFrom, readSight, type Sight } from "./read-sight.ts";
import { requireAccountPart } from "./require-account-part.ts";
import { requireRights } from "./require-rights.ts";
import { requireSummary, type ShownSummary } from "./require-summary.ts";
import { retractDoubts } from "./retract-doubts.ts";
import { settleRun } from "./settle-run.ts";
import { findStanding, type Standing } from "./standing.ts";

/** Everything that one apply is made of. */
export interface ApplyStage {
  readonly manifest: Manifest;
  /** A plan that is run exactly or not at all; undefined: what is planned now. */
  readonly saved: Plan | undefined;
  /** What gets a new secret now, where there is no saved plan; undefined: all that is planned. */
  readonly rotate: Address | undefined;
  /** A saved plan has its own. */
  readonly limits: Limits;
  /** The part of the account that is applied; left out: all of it. A saved plan is of the same. */
  readonly shard?: Shard | undefined;
  /** What is shown for the whole where a part is applied; left out: nothing. */
  readonly summary?: ShownSummary | undefined;
  /** All that were given: which of them count is found out. */
  readonly approvals: readonly Approval[];
  /** E-mails of those who authored the change; none where nobody says. */
  readonly authors: readonly string[];
  readonly account: AccountWriting;
  readonly run: Run;
  readonly outside: Outside;
  readonly signal: AbortSignal;
  readonly hear: Hear;
  /** Settles which approvals count, and whether to go on: undefined where nobody wants that. */
  readonly agree: (offer: Offer) => Promise<ChosenApprovals | undefined>;
}

/** A plan, and the approvals that are there for it. */
export interface Offer {
  readonly plan: Plan;
  /** Whose signatures, where they have one, were looked at; none that are spent. */
  readonly approvals: readonly HeldApproval[];
  readonly rules: Rules;
  /** About approvals that are of no use. */
  readonly notes: readonly Diagnostic[];
}

/** What an apply came to. Only `applied` changed anything. */
export type Applied =
  | { readonly outcome: "stale"; readonly plan: Plan; readonly movement: PlanMovement }
  | { readonly outcome: "declined"; readonly plan: Plan }
  | {
      readonly outcome: "applied";
      readonly plan: Plan;
      readonly report: ApplyReport;
      /** How approved each change was that waits for approvals. */
      readonly standing: Standing;
      /** The plan of what is left, by a look taken afterwards; undefined where nothing was done, or it could not be read. */
      readonly remaining: Plan | undefined;
      readonly exit: ApplyExit;
    };

/** Looks, plans, compares with what was saved, agrees, runs, and looks again. Whoever applies goes through here, so that no gate is passed by. */
export async function applyManifest(stage: ApplyStage): Promise<Applied> {
  const { account, run, saved, outside, hear } = stage;
  const aim = await findAim(stage);
  if (aim.shard !== undefined) requireSummary(saved, stage.summary);
  const isOurs = makeOwnTest(stage.manifest, aim.shard, outside.clock.now());
  await requireOwnDoubts(recallOwn(run.ledger, isOurs), account);
  await retractDoubts({ run, isOurs }, account, hear);
  const remembered = run.ledger.memory();
  const limits = saved?.limits ?? stage.limits;
  // What is in doubt may be anywhere, and is looked for before anything is planned.
  const targets = remembered.inDoubt.length === 0 ? limits.targets : [];
  const seen = await readSight(account, { ...aim, memory: remembered, now: outside.clock.now(), targets }, hear);
  requireLedgerAccount(remembered, seen.account);
  const memory = await settleRun(run, { ...seen, isOurs }, hear);
  const sight = await completeSight(account, { sight: seen, memory, limits }, hear);
  const rules: Rules = { now: await loadRules(outside, stage.manifest.policy.approvals), before: memory.rules };
  const plan = planFrom(sight, { memory, limits, rules: givenRules(rules) });
  if (stage.rotate !== undefined) requireRotation(plan, stage.rotate);
  if (saved !== undefined) {
    const { ledger } = saved.basis;
    const movement = comparePlans(saved, plan, listDoneChanges(await run.ledger.history(ledger && [ledger])));
    if (hasMoved(movement)) return { outcome: "stale", plan, movement };
  }
  const held = await holdApprovals(outside, {
    plan,
    approvals: stage.approvals,
    lines: await readUses(run.ledger, stage.approvals),
    rules,
  });
  const approvals = await stage.agree({ plan, ...held, rules });
  if (approvals === undefined) return { outcome: "declined", plan };
  const ready = plan.steps.filter((step) => isReady(step, approvals));
  requireAccountPart(ready, { sight, memory, limits, rules: givenRules(rules) });
  await requireRights(account.reader, ready, sight.observation);
  await run.settleDivision();
  return finish(stage, { plan, sight, memory, rules, approvals, undo: aim.undo });
}

interface Aim {
  readonly manifest: Manifest;
  readonly undo: UndoSource | undefined;
  readonly rotate: RotationDemand | undefined;
  readonly shard: Shard | undefined;
}

/** The run that a saved plan takes back, as the ledger tells of it now; and what gets a new secret, of a saved plan at the very instant that stands for it there. */
async function findAim({ manifest, saved, rotate, run, shard = saved?.shard }: ApplyStage): Promise<Aim> {
  const name = saved?.basis.undo;
  const lines = name === undefined ? [] : await run.ledger.history();
  return {
    manifest,
    undo: name === undefined ? undefined : { run: requireRun(lines, name), lines, file: run.ledgerFile },
    rotate: saved === undefined ? rotate && { address: rotate } : saved.basis.rotate,
    shard,
  };
}

interface Agreed {
  readonly plan: Plan;
  readonly sight: Sight;
  readonly memory: Memory;
  readonly rules: Rules;
  readonly approvals: ChosenApprovals;
  readonly undo: UndoSource | undefined;
}

async function finish(stage: ApplyStage, agreed: Agreed): Promise<Applied> {
  const { plan } = agreed;
  const report = await executePlan({ ...stage, ...agreed });
  stage.hear({ type: "reported", report, plan });
  const remaining = await lookAgain(stage, agreed, report);
  const exit = reportExit(report, {
    withheld: Math.max(countUnknown(plan), countUnknown(remaining)),
    failedAssertions: (remaining ?? plan).assertions.length,
  });
  const { given, voting } = agreed.approvals;
  const standing = findStanding(plan, given, { voting, now: stage.outside.clock.now() });
  return { outcome: "applied", plan, report, standing, remaining, exit };
}

/** How much could not be judged: told by the exit code, whether it showed before the run or only after it. */
function countUnknown(plan: Plan | undefined): number {
  return plan === undefined ? 0 : plan.withheld.length + plan.incomplete.length;
}
