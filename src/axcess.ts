// What programs may import from "axcess". Nothing here prints, ends the process, keeps state between calls or reads the
// environment, and what a function needs is loaded when it is called.
import type { AccessEntry } from "./access/questions.ts";
import { draftApproval } from "./apply/approvals.ts";
import type { ExportedAccount } from "./engine/export-account.ts";
import { makeSystemClock } from "./host/system-clock.ts";
import type { AppliedPlan } from "./library/apply-given.ts";
import type {
  AccessOptions,
  ApplyOptions,
  ApproveOptions,
  ExplainOptions,
  ExportOptions,
  LedgerOptions,
  ManifestOptions,
  PlanOptions,
  ReconcileOptions,
  SandboxStart,
  WhoCanOptions,
} from "./library/options.ts";
import type { LedgerEnd, LedgerHistory } from "./library/read-history.ts";
import type { DriftReport } from "./library/tell-drift.ts";
import type { Approval } from "./model/approval.ts";
import type { Diagnostic } from "./model/diagnostic.ts";
import type { Manifest } from "./model/manifest.ts";
import type { Plan } from "./model/plan.ts";
import type { Sandbox } from "./sandbox/start-sandbox.ts";

export type { AccessEntry } from "./access/questions.ts";
export type { ApplyExit, ApplyReport, StepResult, StepState } from "./apply/report.ts";
export type { EngineEvent } from "./engine/engine-event.ts";
export type { ExportedAccount } from "./engine/export-account.ts";
export type { AppliedPlan } from "./library/apply-given.ts";
export type {
  AccessOptions,
  AccountOptions,
  ApplyOptions,
  ApproveOptions,
  Asked,
  Connection,
  ExplainOptions,
  ExportOptions,
  LedgerOptions,
  ManifestOptions,
  ManifestSource,
  PlanOptions,
  QuestionOptions,
  ReconcileOptions,
  SandboxConnection,
  SandboxStart,
  ServerConnection,
  Surroundings,
  WhoCanOptions,
} from "./library/options.ts";
export type { LedgerEnd, LedgerHistory } from "./library/read-history.ts";
export type { DriftReport } from "./library/tell-drift.ts";
export type {
  AccessDelta,
  AccessShift,
  AccessSide,
  AssumptionCode,
  EffectiveAccess,
  PathReason,
  SetName,
} from "./model/access.ts";
export { type Address, type ClassKey, formatAddress, type KindName, parseAddress } from "./model/address.ts";
export type { Approval } from "./model/approval.ts";
export type { ApprovalNeeds, ApprovalRules, Excluded, RulesChange } from "./model/approval-rules.ts";
export type { AssertionFailure } from "./model/assertion.ts";
export type {
  ChangeId,
  ChangeOp,
  ChangeReason,
  Digest,
  FieldChange,
  Gate,
  Hazard,
  HazardCode,
  Step,
} from "./model/change.ts";
export type { Diagnostic, Position } from "./model/diagnostic.ts";
export { DiagnosedError, FileError, PlatformError, type PlatformFailure, UsageError } from "./model/errors.ts";
export type { RunRecord } from "./model/history.ts";
export type { LedgerLine } from "./model/ledger.ts";
export type { Manifest } from "./model/manifest.ts";
export type { Lapse, Plan } from "./model/plan.ts";
export type { Limits } from "./model/policy.ts";
export type { Files, Programs } from "./model/ports.ts";
export type { Drift, DriftItem } from "./plan/find-drift.ts";
export { readPlan } from "./plan/read-plan.ts";
export type { Sandbox } from "./sandbox/start-sandbox.ts";

/** What is wrong with a manifest, and what it holds where nothing is. Bad content never makes it throw. */
export async function validate(
  options: ManifestOptions,
): Promise<{ readonly manifest: Manifest | undefined; readonly diagnostics: readonly Diagnostic[] }> {
  const { openWorkplace, readManifest } = await import("./library/open-workplace.ts");
  const { manifest, diagnostics } = await readManifest(openWorkplace(options), options.manifest);
  return { manifest, diagnostics };
}

/** Loads a manifest that has no errors; its warnings are told as an event. Throws DiagnosedError. */
export async function loadManifest(options: ManifestOptions): Promise<Manifest> {
  const { openWorkplace, requireManifest } = await import("./library/open-workplace.ts");
  return requireManifest(openWorkplace(options), options.manifest);
}

/** Plans what would make the manifest true. The account is only read. Throws DiagnosedError, UsageError, PlatformError or FileError. */
export async function plan(options: PlanOptions): Promise<Plan> {
  const { planManifest } = await import("./library/plan-manifest.ts");
  return planManifest(options);
}

/** Makes an approval of held changes of a plan, as a value; nothing is written. Throws UsageError for what cannot or need not be approved. */
export function approve({ plan: approved, changes, now, ...said }: ApproveOptions): Approval {
  const ids = changes ?? approved.steps.flatMap(({ id, gate }) => (gate.state === "held" ? [id] : []));
  return draftApproval({ plan: approved, ids, now: now ?? makeSystemClock(undefined).now(), ...said });
}

/**
 * Applies a plan exactly or not at all, or what is planned now as far as no gate holds it, and looks again afterwards. Writes to
 * the account and to the ledger. A plan that no longer fits is a DiagnosedError with AX392, before anything is changed; steps that
 * fail are told by the report. Once `signal` fires nothing new starts, and what is under way is finished and recorded.
 */
export async function apply(options: ApplyOptions): Promise<AppliedPlan> {
  const { applyGiven } = await import("./library/apply-given.ts");
  return applyGiven(options);
}

/** Tells what on the account is otherwise than axcess left it. The account is only read. */
export async function drift(options: ReconcileOptions): Promise<DriftReport> {
  const { tellDrift } = await import("./library/tell-drift.ts");
  return tellDrift(options);
}

/** What a person may do in a place, and by which grants. */
export async function explain(options: ExplainOptions): Promise<AccessEntry> {
  const { explainAccess } = await import("./library/ask-access.ts");
  return explainAccess(options);
}

/** Who has a permission in a place, by address. */
export async function whoCan(options: WhoCanOptions): Promise<readonly AccessEntry[]> {
  const { findHolders } = await import("./library/ask-access.ts");
  return findHolders(options);
}

/** Everything a person has access to. */
export async function access(options: AccessOptions): Promise<readonly AccessEntry[]> {
  const { findAccess } = await import("./library/ask-access.ts");
  return findAccess(options);
}

/** Writes an account as the files of a manifest, as values, once it is proved that they would change nothing. */
export async function exportManifest(options: ExportOptions): Promise<ExportedAccount> {
  const { exportLive } = await import("./library/export-live.ts");
  return exportLive(options);
}

/** Reads a ledger, line by line and run by run. Throws DiagnosedError where its chain is broken. */
export async function readLedger(options: LedgerOptions): Promise<LedgerHistory> {
  const { readHistory } = await import("./library/read-history.ts");
  return readHistory(options);
}

/** Checks the chain of a ledger. Throws DiagnosedError where it is broken, and UsageError where there is no ledger. */
export async function verifyLedger(options: LedgerOptions): Promise<LedgerEnd> {
  const { verifyHistory } = await import("./library/read-history.ts");
  return verifyHistory(options);
}

/** Starts a simulated account on this machine, which runs until it is closed. Throws DiagnosedError where its folder or port cannot be used. */
export async function startSandbox(options: SandboxStart = {}): Promise<Sandbox> {
  const { startLocalSandbox } = await import("./engine/start-local-sandbox.ts");
  const { directory, port = 0, ...rest } = options;
  return startLocalSandbox({ directory, port, ...rest });
}
