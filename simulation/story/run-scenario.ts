import type { ApplyReport } from "../../src/apply/report.ts";
import { holdFiles } from "../../src/engine/held-files.ts";
import { loadManifest } from "../../src/manifest/load-manifest.ts";
import type { Address } from "../../src/model/address.ts";
import type { Approval } from "../../src/model/approval.ts";
import type { Step } from "../../src/model/change.ts";
import type { Manifest } from "../../src/model/manifest.ts";
import type { Plan } from "../../src/model/plan.ts";
import { embedSandbox } from "../../src/sandbox/embed-sandbox.ts";
import { listSinks } from "../../src/secrets/list-sinks.ts";
import { HOME } from "../machine/disk.ts";
import { makeMachine, type SavedMachine } from "../machine/machine.ts";
import { furnish } from "../worlds/furnish.ts";
import { approveHeld, callApply, callPlan, type Desk } from "./call-axcess.ts";
import type { Evidence, Left, LeftStep } from "./evidence.ts";
import { leaveLock, pass, putBack } from "./mishaps.ts";
import type { Sabotage } from "./sabotage.ts";
import type { Company, Scenario, Stage, Visit } from "./scenario.ts";

/** After so many rounds without trouble nothing may be left to do. */
const MOST_ROUNDS = 6;

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
  { isSecondElsewhere, keepsApprovals }: Scenario,
  { stage, index }: { readonly stage: Stage; readonly index: number },
): Promise<void> {
  const { machine } = desk;
  await pass(machine, stage.days * 24 * 60 * 60 * 1000);
  machine.note({ type: "stage", stage: index });
  if (stage.leftLock !== undefined) leaveLock(machine, stage.leftLock);
  machine.trouble(stage.faults);
  const beside: Promise<unknown>[] = [];
  machine.state.second = () => {
    const other = isSecondElsewhere === true ? { ...desk, hostname: "elsewhere" } : desk;
    beside.push(callApply(other, { saved: undefined, approvals: [], approvesAll: false }));
  };
  for (const [number, visit] of stage.troubled.entries()) {
    await payVisit(desk, visit, keepsApprovals === true);
    await Promise.all(beside);
    if (number === 0 && stage.putBack !== undefined) await putBack(machine, stage.putBack);
  }
  await Promise.all(beside);
  machine.calm();
  machine.state.second = undefined;
  const { rounds, left } = await settleStage(desk, stage);
  machine.note({ type: "settled", stage: index, rounds, left });
}

async function payVisit(desk: Desk, { approves, isSaved }: Visit, keepsApprovals: boolean): Promise<void> {
  const planned = await callPlan(desk);
  if (planned === undefined) return;
  const isMeant = (id: string): boolean => approves === "all" || isEven(id);
  const fresh = approves === "none" ? [] : approveHeld(desk, planned, isMeant);
  const approvals = keepsApprovals ? [...desk.approvals] : fresh;
  await callApply(desk, { saved: isSaved ? planned.plan : undefined, approvals, approvesAll: false });
}

/** Half of all changes, the same in each run. */
function isEven(id: string): boolean {
  return id.charCodeAt(id.length - 1) % 2 === 0;
}

/** Applies with everything approved until nothing is left to do, or no more can be done. */
async function settleStage(
  desk: Desk,
  { putBack: share }: Stage,
): Promise<{ readonly rounds: number; readonly left: Left }> {
  let because = "";
  for (let rounds = 1; rounds <= MOST_ROUNDS; rounds += 1) {
    const ending = await callApply(desk, { saved: undefined, approvals: [], approvesAll: true });
    const applied = ending?.applied;
    if (applied?.outcome !== "applied") {
      because = `the apply ended with ${ending?.exit}: ${ending?.failure?.words}`;
      // Whoever was refused comes again later: by then a lock that nobody renews has fallen.
      await pass(desk.machine, 61 * 60_000);
      continue;
    }
    const left = judgeLeft(applied.plan, applied.remaining);
    if (left !== undefined) return { rounds, left };
    because = tellUndone(applied.report);
    const wanted = listSinks(desk.manifest);
    const inTheWay = listInTheWay(applied.report, { wasPutBack: share !== undefined, wanted });
    for (const path of inTheWay) desk.machine.disk.take(`${HOME}/${path}`);
  }
  return { rounds: MOST_ROUNDS, left: { state: "unfinished", because } };
}

/** What is left, once there is nothing that another round would do. */
function judgeLeft(plan: Plan, remaining: Plan | undefined): Left | undefined {
  const open = remaining ?? plan;
  const unknown = [...open.withheld.map((one) => `withheld ${JSON.stringify(one)}`), ...open.incomplete.map(String)];
  if (open.steps.length + unknown.length === 0) return { state: "nothing" };
  if (!isStuck(plan)) return undefined;
  return { state: "blocked", steps: open.steps.map(pickLeft), unknown };
}

function pickLeft({ op, address, renamedFrom, dependsOn, gate, hazards }: Step): LeftStep {
  return { op, address, dependsOn, gate, hazards, ...(renamedFrom !== undefined && { renamedFrom }) };
}

/** True where nothing of a plan can run: each step is blocked or waits for one that is. */
function isStuck({ steps }: Plan): boolean {
  const stuck = new Set(steps.filter(({ gate }) => gate.state === "blocked").map(({ address }) => address));
  for (const { address, dependsOn } of steps) if (dependsOn.some((one) => stuck.has(one))) stuck.add(address);
  return stuck.size === steps.length;
}

function tellUndone({ results }: ApplyReport): string {
  const undone = results.filter(({ state }) => state !== "done");
  return undone.map(({ step, state, because }) => `${state} ${step.op} ${step.address}: ${because}`).join("; ");
}

/** What the report says of a file in the way, and of whose secret is in it. */
const IN_THE_WAY =
  /^Nothing was changed\. (\S+) is there already, (?:with the secret of (.+)|and axcess did not put it there)\. Move/u;

/**
 * The files that whoever applies moves away, as a report says. A ledger that was put back does not know which ones axcess wrote; otherwise
 * only those of keys that no manifest names any more, as where their space was renamed by hand.
 */
function listInTheWay(
  { results }: ApplyReport,
  { wasPutBack, wanted }: { readonly wasPutBack: boolean; readonly wanted: ReadonlyMap<Address, unknown> },
): readonly string[] {
  return results.flatMap(({ because }) => {
    const [, path, holder] = IN_THE_WAY.exec(because ?? "") ?? [];
    const isRight = wasPutBack || (holder !== undefined && !wanted.has(holder as Address));
    return path !== undefined && isRight ? [path] : [];
  });
}
