// What programs may import from "axcess". Nothing here prints, ends the process, keeps state between calls or reads the
// environment, and what a function needs is loaded when it is called.
import type { AccessEntry } from "./access/questions.ts";
import { draftApproval, listHeld } from "./apply/approvals.ts";
import type { ExportedAccount } from "./engine/export-account.ts";
import { makeSystemClock } from "./host/system-clock.ts";
import type { AppliedPlan } from "./library/apply-given.ts";
import { checkOptions, OF_SANDBOX, ONE_MOMENT } from "./library/check-options.ts";
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
  ReviewOptions,
  SandboxStart,
  SummarizeOptions,
  WhoCanOptions,
} from "./library/options.ts";
import type { LedgerEnd, LedgerHistory } from "./library/read-history.ts";
import type { AccessReview } from "./library/review-packets.ts";
import type { DriftReport } from "./library/tell-drift.ts";
import type { Approval } from "./model/approval.ts";
import type { Diagnostic } from "./model/diagnostic.ts";
import type { Manifest } from "./model/manifest.ts";
import type { Plan } from "./model/plan.ts";
import type { Summary } from "./model/summary.ts";
import type { Sandbox } from "./sandbox/start-sandbox.ts";

export type { AccessEntry } from "./access/questions.ts";
export type { ApplyExit, ApplyReport, StepResult, StepState } from "./apply/report.ts";
export type { EngineEvent } from "./engine/engine-event.ts";
export type { ExportedAccount } from "./engine/export-account.ts";
export type { LastRecord } from "./engine/find-records.ts";
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
  PartOption,
  PlanOptions,
  QuestionOptions,
  ReconcileOptions,
  ReviewOptions,
  SandboxConnection,
  SandboxStart,
  ServerConnection,
  SummarizeOptions,
  Surroundings,
  WhoCanOptions,
} from "./library/options.ts";
export type { LedgerEnd, LedgerHistory } from "./library/read-history.ts";
export type { AccessReview } from "./library/review-packets.ts";
export type { DriftReport, RecordedDrift } from "./library/tell-drift.ts";
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
export type { LedgerHead, LedgerLine } from "./model/ledger.ts";
export type { Manifest } from "./model/manifest.ts";
export type { Lapse, Plan } from "./model/plan.ts";
export type { Limits } from "./model/policy.ts";
export type { Files, Programs } from "./model/ports.ts";
export type { PartName, ShardUnit } from "./model/shard.ts";
export type { Summary, SummaryBlock, SummaryPart } from "./model/summary.ts";
export type { Holding, KeyReview, PlaceReview, ReviewPacket } from "./packets/make-packets.ts";
export type { PacketFormat } from "./packets/packet.ts";
export type { GrantRecord } from "./packets/recall-grants.ts";
export type { PacketFile } from "./packets/write-packets.ts";
export type { Drift, DriftItem } from "./plan/find-drift.ts";
export { readPlan } from "./plan/read-plan.ts";
export type { Sandbox } from "./sandbox/start-sandbox.ts";

/** What is wrong with a manifest, and what it holds where nothing is. Bad content never makes it throw. */
export async function validate(
  options: ManifestOptions,
): Promise<{ readonly manifest: Manifest | undefined; readonly diagnostics: readonly Diagnostic[] }> {
  checkOptions(options, ["manifest"]);
  const { openWorkplace, readManifest } = await import("./library/open-workplace.ts");
  const { manifest, diagnostics } = await readManifest(openWorkplace(options), options.manifest);
  return { manifest, diagnostics };
}

/** Loads a manifest that has no errors; its warnings are told as an event. Throws DiagnosedError. */
export async function loadManifest(options: ManifestOptions): Promise<Manifest> {
  checkOptions(options, ["manifest"]);
  const { openWorkplace, requireManifest } = await import("./library/open-workplace.ts");
  return requireManifest(openWorkplace(options), options.manifest);
}

/** Plans what would make the manifest true. The account is only read. Throws DiagnosedError, UsageError, PlatformError or FileError. */
export async function plan(options: PlanOptions): Promise<Plan> {
  checkOptions(options, ["manifest", "connection"]);
  const { planManifest } = await import("./library/plan-manifest.ts");
  return planManifest(options);
}

/**
 * Makes an approval of what a plan holds, as a value; nothing is written. Where the plan was made with a ledger by whose rules it
 * weakens the rules for approvals, that too unless `changes` says otherwise. Throws UsageError for what cannot or need not be approved.
 */
export function approve(options: ApproveOptions): Approval {
  checkOptions(options, ["plan", "by", "reason", "expires"], ONE_MOMENT);
  const { plan: approved, by, reason, expires, changes, now } = options;
  const ids = changes ?? listHeld(approved);
  return draftApproval({ plan: approved, ids, now: now ?? makeSystemClock(undefined).now(), by, reason, expires });
}

/**
 * Applies a plan exactly or not at all, or what is planned now as far as no gate holds it, and looks again afterwards. Writes to
 * the account and to the ledger. A plan that no longer fits is a DiagnosedError with AX392, before anything is changed; steps that
 * fail are told by the report. Once `signal` fires nothing new starts, and what is under way is finished and recorded.
 */
export async function apply(options: ApplyOptions): Promise<AppliedPlan> {
  checkOptions(options, ["manifest", "connection"]);
  const { applyGiven } = await import("./library/apply-given.ts");
  return applyGiven(options);
}

/**
 * Judges the plans of all parts of a divided account as one: what it gives lets each of them be applied, unless it has `blocks`. Asks no
 * account. Throws DiagnosedError where they are not those of all parts (AX424), and UsageError.
 */
export async function summarize(options: SummarizeOptions): Promise<Summary> {
  checkOptions(options, ["plans"]);
  const { summarizePlans } = await import("./library/summarize-plans.ts");
  return summarizePlans(options);
}

/** Tells what on the account is otherwise than axcess left it, and who recorded it last. The account is only read. */
export async function drift(options: ReconcileOptions): Promise<DriftReport> {
  checkOptions(options, ["manifest", "connection"]);
  const { tellDrift } = await import("./library/tell-drift.ts");
  return tellDrift(options);
}

/** Writes for each owner who has access to what they answer for, as values; no file is written. The account is only read. */
export async function review(options: ReviewOptions): Promise<AccessReview> {
  checkOptions(options, ["manifest", "connection"]);
  const { reviewPackets } = await import("./library/review-packets.ts");
  return reviewPackets(options);
}

/** What a person may do in a place, and by which grants. */
export async function explain(options: ExplainOptions): Promise<AccessEntry> {
  checkOptions(options, ["person", "place"]);
  const { explainAccess } = await import("./library/ask-access.ts");
  return explainAccess(options);
}

/** Who has a permission in a place, by address. */
export async function whoCan(options: WhoCanOptions): Promise<readonly AccessEntry[]> {
  checkOptions(options, ["permission", "place"]);
  const { findHolders } = await import("./library/ask-access.ts");
  return findHolders(options);
}

/** Everything a person has access to. */
export async function access(options: AccessOptions): Promise<readonly AccessEntry[]> {
  checkOptions(options, ["person"]);
  const { findAccess } = await import("./library/ask-access.ts");
  return findAccess(options);
}

/** Writes an account as the files of a manifest, as values, once it is proved that they would change nothing. */
export async function exportManifest(options: ExportOptions): Promise<ExportedAccount> {
  checkOptions(options, ["connection"]);
  const { exportLive } = await import("./library/export-live.ts");
  return exportLive(options);
}

/** Reads a ledger, line by line and run by run. Throws DiagnosedError where its chain is broken. */
export async function readLedger(options: LedgerOptions): Promise<LedgerHistory> {
  checkOptions(options, ["ledger"]);
  const { readHistory } = await import("./library/read-history.ts");
  return readHistory(options);
}

/** Checks the chain of a ledger. Throws DiagnosedError where it is broken, and UsageError where there is no ledger. */
export async function verifyLedger(options: LedgerOptions): Promise<LedgerEnd> {
  checkOptions(options, ["ledger"]);
  const { verifyHistory } = await import("./library/read-history.ts");
  return verifyHistory(options);
}

/** Starts a simulated account on this machine, which runs until it is closed. Throws DiagnosedError where its folder or port cannot be used. */
export async function startSandbox(options: SandboxStart = {}): Promise<Sandbox> {
  checkOptions(options, [], OF_SANDBOX);
  const { startLocalSandbox } = await import("./engine/start-local-sandbox.ts");
  const { directory, port = 0, ...rest } = options;
  return startLocalSandbox({ directory, port, ...rest });
}
