import { holdFiles } from "../../src/engine/held-files.ts";
import { judgeParts } from "../../src/engine/judge-parts.ts";
import { loadManifest } from "../../src/manifest/load-manifest.ts";
import type { KindName } from "../../src/model/address.ts";
import type { Approval } from "../../src/model/approval.ts";
import type { Step } from "../../src/model/change.ts";
import { DiagnosedError } from "../../src/model/errors.ts";
import type { Manifest } from "../../src/model/manifest.ts";
import type { Summary } from "../../src/model/summary.ts";
import { embedSandbox } from "../../src/sandbox/embed-sandbox.ts";
import { makeMachine, type SavedMachine } from "../machine/machine.ts";
import { furnish } from "../worlds/furnish.ts";
import { approveHeld, callApply, callPlan, type Desk, type Planned } from "./call-axcess.ts";
import type { Evidence } from "./evidence.ts";
import { leaveLock, pass, putBack } from "./mishaps.ts";
import type { Sabotage } from "./sabotage.ts";
import type { Company, Scenario, Stage, Visit } from "./scenario.ts";
import { settleStage } from "./settle-stage.ts";

/** Where scenarios that begin alike part: all that happened before their last stage. */
export interface Start {
  readonly machine: SavedMachine;
  readonly outputs: readonly string[];
  readonly approvals: readonly Approval[];
  readonly stage: number;
}

/** Plays a scenario from an empty account, or from where another one that begins alike was saved, to its last manifest, and gives all that happened. */
export async function runScenario(scenario: Scenario, sabotage: Sabotage = {}, start?: Start): Promise<Evidence> {
  const world = await begin(scenario, start);
  const { machine, outputs } = world;
  for (const [index, stage] of scenario.stages.entries()) {
    if (index < (start?.stage ?? 0)) continue;
    await playOne({ ...world, sabotage }, scenario, { stage, index });
  }
  return { scenario, outputs, happenings: machine.happenings, adminKey: machine.sandbox.adminKey };
}

/** Plays a scenario up to its last stage, for others that differ only in that. */
export async function playUpToLast(scenario: Scenario): Promise<Start> {
  const world = await begin(scenario, undefined);
  const last = scenario.stages.length - 1;
  for (const [index, stage] of scenario.stages.slice(0, last).entries()) {
    await playOne({ ...world, sabotage: {} }, scenario, { stage, index });
  }
  const { machine, ...rest } = world;
  return { ...rest, machine: machine.save(), stage: last };
}

type World = Pick<Desk, "machine" | "outputs" | "approvals" | "sabotage">;

async function begin(scenario: Scenario, start: Start | undefined): Promise<Omit<World, "sabotage">> {
  ready ??= loadEverything();
  await ready;
  const machine = await makeMachine(scenario, start?.machine);
  if (start === undefined) await furnish(machine, scenario.furniture);
  return { machine, outputs: [...(start?.outputs ?? [])], approvals: [...(start?.approvals ?? [])] };
}

async function playOne(
  world: World,
  scenario: Scenario,
  { stage, index }: { readonly stage: Stage; readonly index: number },
): Promise<void> {
  const manifest = await readCompany(stage.company);
  const desk: Desk = { ...world, manifest, parallelism: scenario.parallelism, hostname: "machine" };
  await world.machine.timeline.until(playStage(desk, scenario, { stage, index }));
}

let ready: Promise<void> | undefined;

/** Loads what is only loaded when it is first needed: simulated time does not wait for the disk of this machine. */
async function loadEverything(): Promise<void> {
  const sandbox = await embedSandbox({ seed: 1 }, () => undefined);
  const headers = { "x-api-key": sandbox.adminKey };
  await sandbox.answer({ method: "POST", target: "/graphql", headers, body: '{"query":"{ viewer { id } }"}' });
}

const MANIFESTS = new Map<string, Promise<Manifest>>();

/** Loads a company as a manifest. Throws where it has errors. */
async function readCompany(company: Company): Promise<Manifest> {
  const text = JSON.stringify(company);
  const known = MANIFESTS.get(text) ?? load(text);
  if (MANIFESTS.size > 100) MANIFESTS.clear();
  MANIFESTS.set(text, known);
  return known;
}

async function load(text: string): Promise<Manifest> {
  const files = holdFiles([{ path: "access.yaml", text }]);
  const { manifest, diagnostics } = await loadManifest({ files, paths: ["access.yaml"] });
  if (manifest === undefined) throw new Error(`The manifest is not valid: ${JSON.stringify(diagnostics)}`);
  return manifest;
}

async function playStage(
  desk: Desk,
  { seed, stages, isSecondElsewhere, keepsApprovals }: Scenario,
  { stage, index }: { readonly stage: Stage; readonly index: number },
): Promise<void> {
  const { machine } = desk;
  const desks = listDesks(desk, stage);
  await pass(machine, stage.days * 24 * 60 * 60 * 1000);
  machine.note({ type: "stage", stage: index });
  if (stage.leftLock !== undefined) leaveLock(machine, stage.leftLock);
  machine.trouble(stage.faults);
  const beside: Promise<unknown>[] = [];
  const division = stages.slice(0, index + 1).findLast(({ shards }) => shards !== undefined);
  const besides = division === undefined ? [desk] : [desk, ...listDesks(desk, division)];
  machine.state.second = () => {
    const own = besides[seed % besides.length] ?? desk;
    const other = isSecondElsewhere === true ? { ...own, hostname: "elsewhere" } : own;
    beside.push(callApply(other, { saved: undefined, approvals: [], approvesAll: false }));
  };
  let latest: Summary | undefined;
  for (const [number, visit] of stage.troubled.entries()) {
    // A run is taken back for the whole account.
    const showing = await payVisit(visit.undoes === true ? [desk] : desks, visit, {
      keepsApprovals: keepsApprovals === true,
      turn: seed + number,
      summary: latest,
    });
    latest = showing ?? latest;
    await Promise.all(beside);
    if (number === 0 && stage.putBack !== undefined) await putBack(machine, stage.putBack);
  }
  await Promise.all(beside);
  machine.calm();
  machine.state.second = undefined;
  const { rounds, left } = await settleStage(desks, stage);
  machine.note({ type: "settled", stage: index, rounds, left });
}

/** One for each part of the account, the account part first; where it is not divided, one for all of it. */
function listDesks(desk: Desk, { shards }: Pick<Stage, "shards">): readonly Desk[] {
  if (shards === undefined) return [desk];
  const parts = ["account", ...Array.from({ length: shards.of }, (_none, index) => index + 1)] as const;
  return parts.map((part) => ({ ...desk, shard: { ...shards, part } }));
}

/** What a visit has beside what is done in it. */
interface Habits {
  readonly keepsApprovals: boolean;
  /** A number that decides what whoever judges the whole allows, and whether the wrong summary is shown. */
  readonly turn: number;
  /** That of an earlier visit. */
  readonly summary: Summary | undefined;
}

/** Plans, judges the whole where it is divided, and applies. Gives the summary. */
async function payVisit(
  desks: readonly Desk[],
  { approves, isSaved, undoes = false }: Visit,
  { keepsApprovals, turn, summary: earlier }: Habits,
): Promise<Summary | undefined> {
  // All parts are planned at once. Where one of them is not, nobody judges the whole, and none is applied.
  const parts = await Promise.all(desks.map(async (desk) => ({ desk, planned: await callPlan(desk, undoes) })));
  if (parts.some(({ planned }) => planned === undefined)) return undefined;
  const judged = judgeVisit(parts, turn);
  // Somebody hands in that of another day.
  const summary = turn % 5 === 0 && earlier !== undefined ? earlier : judged;
  const isMeant = ({ id, op, kind }: Step): boolean =>
    (approves === "all" || isEven(id)) && !(undoes && op === "delete" && ONCE.includes(kind));
  const turns = parts.map(({ desk, planned }) => {
    const fresh = approves === "none" || planned === undefined ? [] : approveHeld(desk, planned, isMeant);
    const approvals = keepsApprovals ? [...desk.approvals] : fresh;
    const shown = isSaved ? { saved: planned?.plan, summary } : { saved: undefined };
    return () => callApply(desk, { ...shown, approvals, approvesAll: false });
  });
  const [first, ...others] = turns;
  await first?.();
  await Promise.all(others.map((apply) => apply()));
  return judged;
}

/** Judges the plans of all parts as one, now and then so that hardly anything may go. Undefined where the account is not divided, or they do not fit together. */
function judgeVisit(
  parts: readonly { readonly desk: Desk; readonly planned: Planned | undefined }[],
  turn: number,
): Summary | undefined {
  const [first] = parts;
  if (first?.desk.shard === undefined) return undefined;
  const mostRemovals = turn % 3 === 0 ? 1 : 10_000;
  const plans = parts.flatMap(({ planned }) => planned?.plan ?? []);
  try {
    const { summary } = judgeParts(plans, { allow: [], maxRemovals: mostRemovals });
    first.desk.machine.note({ type: "judged", summary: summary.digest, plans, mostRemovals });
    return summary;
  } catch (error) {
    // Planned at two times that count, as where a grant ended in between.
    if (error instanceof DiagnosedError) return undefined;
    throw error;
  }
}

/** What the platform lets nobody make again under its name once it is gone: whoever takes a run back does not approve that. */
const ONCE: readonly KindName[] = ["user", "role"];

/** Half of all changes, the same in each run. */
function isEven(id: string): boolean {
  return id.charCodeAt(id.length - 1) % 2 === 0;
}
