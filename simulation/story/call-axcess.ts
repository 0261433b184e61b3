import { draftApproval } from "../../src/apply/approvals.ts";
import { describeFailure } from "../../src/cli/exit.ts";
import type { AccountWriting } from "../../src/engine/account-reading.ts";
import { type ApplyStage, applyManifest } from "../../src/engine/apply-manifest.ts";
import { countApprovals } from "../../src/engine/chosen-approvals.ts";
import type { Hear } from "../../src/engine/engine-event.ts";
import { findUndone } from "../../src/engine/find-undone.ts";
import { givenRules } from "../../src/engine/hold-approvals.ts";
import { openRun } from "../../src/engine/open-run.ts";
import { completeSight, planFrom, readSight } from "../../src/engine/read-sight.ts";
import { recallPart } from "../../src/engine/recall-part.ts";
import { filesWithin } from "../../src/host/files-within.ts";
import type { Approval } from "../../src/model/approval.ts";
import type { Step } from "../../src/model/change.ts";
import type { LedgerLine } from "../../src/model/ledger.ts";
import type { Manifest } from "../../src/model/manifest.ts";
import type { Plan } from "../../src/model/plan.ts";
import { NO_LIMITS } from "../../src/model/policy.ts";
import type { Clock, Files } from "../../src/model/ports.ts";
import type { Shard } from "../../src/model/shard.ts";
import type { Summary } from "../../src/model/summary.ts";
import { connectPlatform, makeReader, makeWriter } from "../../src/platform/arize-platform.ts";
import { readLedger } from "../../src/state/read-ledger.ts";
import { HOME } from "../machine/disk.ts";
import { type Machine, START } from "../machine/machine.ts";
import { makeHost, makeProcessClock, type Process } from "../machine/process.ts";
import { makeNet } from "../machine/wire.ts";
import { type Ending, type Happening, isLedger, LEDGER } from "./evidence.ts";
import type { Sabotage } from "./sabotage.ts";

/** What one process of axcess works on. */
export interface Desk {
  readonly machine: Machine;
  readonly manifest: Manifest;
  readonly parallelism: number;
  readonly hostname: string;
  /** Every approval that was given so far. */
  readonly approvals: Approval[];
  /** Collects all that would be shown to anybody. */
  readonly outputs: string[];
  readonly sabotage: Sabotage;
  /** The part of a divided account that is planned and applied; left out: all of it. */
  readonly shard?: Shard | undefined;
}

/** A plan, and the digest of the last line of the ledger when it was begun. */
export interface Planned {
  readonly plan: Plan;
  readonly head: string | undefined;
}

/** Plans as `axcess plan` does, or `axcess undo`. Undefined where that failed, or the process was killed. */
export async function callPlan(desk: Desk, undoes = false): Promise<Planned | undefined> {
  const { machine, manifest, outputs, shard } = desk;
  const head = findHead(machine);
  let plan: Plan | undefined;
  await runProcess(desk, { command: "plan" }, async (process) => {
    const { files, clock } = openPorts(desk, process);
    const hear = makeHear(outputs);
    const place = { location: LEDGER, files };
    const undo = undoes ? findUndone((await readLedger(place)).lines, LEDGER, undefined) : undefined;
    const memory = await recallPart(place, { manifest, shard, now: clock.now() }, hear);
    const account = openAccount(desk, process, clock);
    const sight = await readSight(account, { manifest, undo, memory, now: clock.now(), shard }, hear);
    const whole = await completeSight(account, { sight, memory, limits: NO_LIMITS }, hear);
    const rules = givenRules({ before: memory.rules });
    plan = planFrom(whole, { memory, limits: NO_LIMITS, rules });
    machine.note({ type: "planned", pid: process.pid, plan });
    outputs.push(JSON.stringify(plan));
    return { exit: plan.withheld.length + plan.incomplete.length > 0 ? 6 : 0 };
  });
  return plan && { plan, head };
}

/** The digest of the whole line that was written last, in whatever part of the ledger. */
function findHead({ disk, happenings }: Machine): string | undefined {
  const lastOf = (path: string): string | undefined => disk.text(path)?.split("\n").slice(0, -1).at(-1);
  const latest = happenings.findLast(
    (one) => one.type === "write" && isLedger(one.path) && lastOf(one.path) !== undefined,
  );
  const last = lastOf(latest?.type === "write" ? latest.path : LEDGER);
  return last === undefined ? undefined : (JSON.parse(last) as LedgerLine).digest;
}

/** What an apply is given. */
export interface Given {
  readonly saved: Plan | undefined;
  readonly approvals: readonly Approval[];
  /** What is shown for the whole of a divided account; left out: that it is meant without. */
  readonly summary?: Summary | undefined;
  /** Approves everything held at the terminal of the run. */
  readonly approvesAll: boolean;
}

/** So few that some runs begin with a checkpoint, and others with a line. */
const MANY_LINES = 20;

/** Applies as `axcess apply` does. Undefined where the process was killed. */
export async function callApply(desk: Desk, given: Given): Promise<Ending | undefined> {
  const { machine, manifest, outputs, shard } = desk;
  const head = findHead(machine);
  const { saved, summary } = given;
  const shown = { ...(saved && { saved }), ...(summary && { summary: summary.digest }) };
  return runProcess(desk, { command: "apply", ...shown }, async (process) => {
    const { files, clock } = openPorts(desk, process);
    const host = makeHost(process, desk.hostname, machine.isAlive);
    const random = machine.chance.fork(`process ${machine.happenings.length}`);
    const hear = makeHear(outputs);
    const programs = { run: async () => 0 };
    const outside = { files, clock, host, random, programs, temporary: "/tmp", home: HOME, keyVariables: [] };
    const applied = await openRun(
      { location: LEDGER, files, clock, host, random, shard, checkpointAfter: MANY_LINES },
      hear,
      (run) =>
        applyManifest({
          ...{ shard, summary: given.summary ?? "none" },
          ...{ manifest, run, outside, hear, rotate: undefined, limits: NO_LIMITS, authors: [] },
          ...{ saved: given.saved, approvals: given.approvals, signal: process.signal },
          account: openAccount(desk, process, clock),
          agree: makeAgree(desk, { given, head }, clock),
        }),
    );
    outputs.push(JSON.stringify(applied, (_name, value) => (value instanceof Map ? [...value] : value)));
    const exits = { stale: 4, declined: 1 };
    return { exit: applied.outcome === "applied" ? applied.exit : exits[applied.outcome], applied };
  });
}

function makeAgree(
  desk: Desk,
  { given, head }: { readonly given: Given; readonly head: string | undefined },
  clock: Clock,
): ApplyStage["agree"] {
  return async ({ plan, approvals, rules }) => {
    const typed = given.approvesAll ? approveHeld(desk, { plan, head }, () => true) : [];
    return countApprovals({ plan, rules, authors: [], now: clock.now() }, [...approvals, ...typed]);
  };
}

/** Approves held changes of a plan, as a person does who has read them. */
export function approveHeld(
  { machine, approvals }: Desk,
  { plan, head }: Planned,
  isMeant: (step: Step) => boolean,
): readonly Approval[] {
  const ids = plan.steps.flatMap((step) => (step.gate.state === "held" && isMeant(step) ? [step.id] : []));
  if (ids.length === 0) return [];
  const now = new Date(START + machine.timeline.now());
  const expires = new Date("2099-01-01T00:00:00Z");
  machine.note({ type: "approved", changes: ids, ...(head !== undefined && { head }) });
  const approval = draftApproval({ plan, ids, by: "vera@acme.io", reason: "as agreed", now, expires });
  approvals.push(approval);
  return [approval];
}

function openPorts({ machine, sabotage }: Desk, process: Process): { readonly files: Files; readonly clock: Clock } {
  const time = { timeline: machine.timeline, start: START, shift: () => machine.state.shift };
  const files = machine.disk.filesOf(process);
  return { files: filesWithin(HOME, sabotage.files?.(files) ?? files), clock: makeProcessClock(process, time) };
}

function openAccount(
  { machine, parallelism, outputs, sabotage }: Desk,
  process: Process,
  clock: Clock,
): AccountWriting {
  const connection = connectPlatform({
    ...{ restUrl: "https://api.simulated.example", appUrl: "https://app.simulated.example" },
    ...{ net: makeNet(machine, process), clock, parallelism, ratePerMinute: undefined, signal: process.signal },
    apiKey: () => machine.sandbox.adminKey,
    random: machine.chance.fork(`wire ${machine.happenings.length}`),
    onEvent: (event) => outputs.push(JSON.stringify(event)),
  });
  const reader = makeReader(connection);
  const accountUrl = "https://api.simulated.example";
  const account = { reader, writer: makeWriter(connection, reader), accountUrl, parallelism };
  return sabotage.account?.(account, machine) ?? account;
}

function makeHear(outputs: string[]): Hear {
  return (event) => {
    if (event.type === "noted") outputs.push(JSON.stringify(event));
    else outputs.push(event.type);
  };
}

/** Runs one process from its start to its end, and notes how it ended. */
async function runProcess(
  { machine, outputs, sabotage, shard }: Desk,
  start: Pick<Extract<Happening, { type: "started" }>, "command" | "saved" | "summary">,
  work: (process: Process) => Promise<Ending>,
): Promise<Ending | undefined> {
  const process = machine.startProcess();
  const { pid } = process;
  machine.note({ type: "started", pid, ...start, ...(shard !== undefined && { part: shard.part }) });
  const ended = work(process)
    .catch((error: unknown): Ending => tellFailure(error, outputs))
    .then((ending) => sabotage.ending?.(ending) ?? ending);
  const ending = await Promise.race([ended, process.killed.then(() => undefined)]);
  if (ending !== undefined) machine.note({ type: "ended", pid, ending });
  process.exit();
  return ending;
}

function tellFailure(error: unknown, outputs: string[]): Ending {
  const failure = describeFailure(error);
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  const words = [failure.message, ...failure.diagnostics.map(({ code, detail }) => `${code} ${detail}`)]
    .join(" ")
    .trim();
  outputs.push(JSON.stringify({ ...failure, stack, cause: error instanceof Error ? String(error.cause) : "" }));
  return { exit: failure.exit, failure: { words: failure.isBug ? `${words}\n${stack}` : words, isBug: failure.isBug } };
}
