import type { Address, KindName } from "../model/address.ts";
import type { HeldApproval } from "../model/approval.ts";
import type { ChangeId, Step } from "../model/change.ts";
import type { IntentEntry, LedgerEntry, OutcomeEntry, TakenResource } from "../model/ledger.ts";
import type { PlatformReader, PlatformWriter } from "../model/platform.ts";
import type { Policy } from "../model/policy.ts";
import type { Clock } from "../model/ports.ts";
import { remoteOf } from "../model/resource.ts";
import type { Ledger } from "../state/ledger.ts";
import type { Deed } from "./deed.ts";
import { describeFailure, recordFailure } from "./failure-text.ts";
import { ANYBODY, type Voting } from "./judge-approvals.ts";
import type { KnownIds } from "./known-ids.ts";
import { type ApplyKind, kindOfStep, lookBefore } from "./look-at-step.ts";
import { mayRun } from "./may-run.ts";
import { type Leave, performDeed } from "./perform-deed.ts";
import type { StepResult } from "./report.ts";
import type { SecretKeeper } from "./settle-secret.ts";
import { settleTaken } from "./settle-taken.ts";

/** What all steps of one run share. */
export interface RunContext {
  readonly run: string;
  readonly kinds: ReadonlyMap<KindName, ApplyKind>;
  /** Its answers may be a moment old. */
  readonly reader: PlatformReader;
  /** Its answers are not. */
  readonly freshReader: PlatformReader;
  readonly writer: PlatformWriter;
  readonly ledger: Ledger;
  readonly approvals: ReadonlyMap<ChangeId, readonly HeldApproval[]>;
  readonly clock: Clock;
  /** What the policy says of grants whose time is over; they are held unless it says otherwise. */
  readonly expire?: Policy["expire"];
  /** Whose approvals count, and how many are needed; left out: one by anybody. */
  readonly voting?: Voting;
  readonly ids: KnownIds;
  readonly secrets: SecretKeeper;
  /** Why nothing new may start; undefined while it may. */
  readonly stopReason: () => string | undefined;
  /** Told when the ledger cannot be written: nothing new may start from then on. */
  readonly onLedgerFailure: () => void;
  /** Told when a step that may run begins. */
  readonly onStarted: (step: Step) => void;
}

/**
 * Carries out one step: asks leave, looks, writes the intent, and only then has the effect and writes the outcome. What the
 * platform refuses to make twice is looked at afterwards, where it was refused. Never rejects for what the platform or the
 * ledger does; that is the result.
 */
export async function executeStep(step: Step, context: RunContext): Promise<StepResult> {
  const refused = refuseStep(step, context);
  if (refused !== undefined) return refused;
  context.onStarted(step);
  const verdict = await lookBefore(step, context);
  if (verdict.state !== "go") return { step, ...verdict, notes: [] };
  const unready = await whyNotReady(step, context);
  if (unready !== undefined) return { step, state: "failed", because: unready, notes: [] };
  const stopped = context.stopReason();
  if (stopped !== undefined) return { step, state: "skipped", because: stopped, notes: [] };
  return carryOut(step, context);
}

/** The result of a step that lacks the leave to run; undefined when it has it. */
export function refuseStep(step: Step, context: RunContext): StepResult | undefined {
  const permission = askLeave(step, context);
  if (permission.state === "granted") return undefined;
  return { step, state: permission.state, because: permission.because, notes: [] };
}

function askLeave(step: Step, context: RunContext): ReturnType<typeof mayRun> {
  // Stryker disable next-line StringLiteral: whatever is not "automatic" holds.
  const { approvals, clock, expire = "held", voting = ANYBODY } = context;
  return mayRun(step, approvals.get(step.id) ?? [], { now: clock.now(), expire, voting });
}

/** A secret is not asked for before its place is known to take it. */
async function whyNotReady(step: Step, { kinds, secrets }: RunContext): Promise<string | undefined> {
  const kind = kindOfStep(step, kinds);
  const shows = kind.secrets === undefined ? kind.showsSecret?.(step) === true : step.op !== "delete";
  if (!shows) return undefined;
  try {
    const because = await secrets.whyNotReady(step);
    return because === undefined ? undefined : `Nothing was changed. ${because}`;
  } catch (cause) {
    return `Nothing was changed. ${describeFailure(cause)}`;
  }
}

async function carryOut(step: Step, context: RunContext): Promise<StepResult> {
  const permission = askLeave(step, context);
  // Asked again, since it may have expired during the look.
  if (permission.state !== "granted") return { step, state: permission.state, because: permission.because, notes: [] };
  const approvedBy = [...new Set(permission.by.map((approval) => approval.by))];
  try {
    await context.ledger.append([
      ...permission.by.map((approval) => describeApproval(step, approval, context.run)),
      describeIntent(step, { approvedBy, lapsed: permission.lapsed }, context),
    ]);
  } catch (cause) {
    context.onLedgerFailure();
    const because = `The ledger could not be written, so nothing was changed. ${describeFailure(cause)}`;
    return { step, state: "failed", because, notes: [] };
  }
  const performed = await performDeed(step, kindOfStep(step, context.kinds), {
    ...context,
    leave: judgeLeave(permission),
  });
  const { deed, instead } = await settleTaken(step, performed, { ...context, reader: context.freshReader });
  if (deed.remote !== undefined) context.ids.learn(step, deed.remote, "written");
  const unrecorded = await recordOutcome(step, deed, context);
  return {
    step,
    ...(instead ?? describeDeed(deed)),
    ...(approvedBy.length > 0 && { approvedBy }),
    notes: [...deed.notes, ...unrecorded],
  };
}

async function recordOutcome(step: Step, deed: Deed, context: RunContext): Promise<readonly string[]> {
  try {
    await context.ledger.append([describeOutcome(step, deed, context.run)]);
    return [];
  } catch (cause) {
    context.onLedgerFailure();
    return [`What became of it could not be recorded; the next run settles it by looking. ${describeFailure(cause)}`];
  }
}

function describeDeed(deed: Deed): Pick<StepResult, "state" | "because"> {
  switch (deed.result) {
    case "done":
      return deed.cause === undefined ? { state: "done" } : { state: "failed", because: describeFailure(deed.cause) };
    case "absent":
      return { state: "already", because: "It was gone already." };
    case "failed":
      return { state: "failed", because: describeFailure(deed.cause) };
    case "unknown": {
      const because = "It is not known whether this took effect; the next run settles it by looking.";
      return { state: "failed", because: `${because} ${describeFailure(deed.cause)}` };
    }
  }
}

/** What the ledger keeps of an approval that was used. */
export function describeApproval(step: Pick<Step, "id">, approval: HeldApproval, run: string): LedgerEntry {
  const { by, reason, plan, at, key } = approval;
  return {
    ...{ type: "approval", run, change: step.id, by, reason, plan, given: at },
    ...(key !== undefined && { key }),
  };
}

/** What the writer of a step may remove: anything with an approval, itself where its time is over, else nothing. */
function judgeLeave({ by, lapsed }: { readonly by: readonly HeldApproval[]; readonly lapsed: boolean }): Leave {
  if (by.length > 0) return "approved";
  // Stryker disable next-line StringLiteral: whatever is neither approved nor lapsed may not delete.
  return lapsed ? "lapsed" : "open";
}

function describeIntent(
  step: Step,
  { approvedBy, lapsed }: { readonly approvedBy: readonly string[]; readonly lapsed: boolean },
  { run, ids }: RunContext,
): IntentEntry {
  const { id: change, op, kind, address, renamedFrom, remote, from, to, cascade } = step;
  const taken = cascade.flatMap((other) => describeTaken(other, ids));
  return {
    ...{ type: "intent", run, change, op, kind, address },
    ...(renamedFrom !== undefined && { renamedFrom }),
    ...(remote !== undefined && { remote }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(step.reason === "ensure" && { unseen: true as const }),
    ...(cascade.length > 0 && { cascade }),
    ...(taken.length > 0 && { taken }),
    ...(approvedBy.length > 0 && { approvedBy }),
    ...(lapsed && { gate: "expired" as const }),
  };
}

/** Something that goes along, as an undo would have to make it again; what is inherited comes back by itself. */
function describeTaken(address: Address, ids: KnownIds): readonly TakenResource[] {
  const found = ids.seenAt(address);
  const remote = remoteOf(found);
  if (found === undefined || remote === undefined || found.builtin === true) return [];
  const seen = Object.entries(found.spec).filter(([field]) => found.unknown?.includes(field) !== true);
  return [{ address, spec: ids.withNewNames(Object.fromEntries(seen)), remote }];
}

function describeOutcome(step: Step, deed: Deed, run: string): OutcomeEntry {
  const { id: change, op, address, to } = step;
  return {
    ...{ type: "outcome", run, change, op, address, result: deed.result },
    ...(deed.remote !== undefined && { remote: deed.remote }),
    ...(deed.result === "done" && to !== undefined && { to }),
    ...(deed.cause !== undefined && { error: recordFailure(deed.cause) }),
    ...(deed.secret !== undefined && { secret: deed.secret }),
  };
}
