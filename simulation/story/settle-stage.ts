import type { ApplyReport } from "../../src/apply/report.ts";
import type { Applied } from "../../src/engine/apply-manifest.ts";
import type { Address } from "../../src/model/address.ts";
import type { Step } from "../../src/model/change.ts";
import type { Plan } from "../../src/model/plan.ts";
import { listSinks } from "../../src/secrets/list-sinks.ts";
import { HOME } from "../machine/disk.ts";
import { callApply, type Desk } from "./call-axcess.ts";
import type { Left, LeftStep } from "./evidence.ts";
import { pass } from "./mishaps.ts";
import type { Stage } from "./scenario.ts";

/** After so many rounds without trouble nothing may be left to do. */
const MOST_ROUNDS = 6;

/** What became of one apply of a round. */
interface Turn {
  /** Undefined where it was refused. */
  readonly applied: Extract<Applied, { readonly outcome: "applied" }> | undefined;
  /** Undefined where another round would do more. */
  readonly left: Left | undefined;
  readonly because: string;
}

/** Applies with everything approved until nothing is left to do, or no more can be done. */
export async function settleStage(
  desks: readonly Desk[],
  stage: Stage,
): Promise<{ readonly rounds: number; readonly left: Left }> {
  let because = "";
  for (let rounds = 1; rounds <= MOST_ROUNDS; rounds += 1) {
    const turns = await goRound(desks);
    const left = joinLeft(turns);
    if (left !== undefined) return { rounds, left };
    because = turns.map((turn) => turn.because).join("; ");
    // Whoever was refused comes again later: by then a lock that nobody renews has fallen.
    const [desk] = desks;
    if (desk !== undefined && turns.some(({ applied }) => applied === undefined)) await pass(desk.machine, 61 * 60_000);
    for (const { applied } of turns) if (desk !== undefined && applied) clearTheWay(desk, applied.report, stage);
  }
  return { rounds: MOST_ROUNDS, left: { state: "unfinished", because } };
}

const HELD_UP: Left = { state: "blocked", steps: [], unknown: [] };

/** The account part, all shards at once, and the account part once more: what it takes away they have to let go of before. */
async function goRound([first, ...shards]: readonly Desk[]): Promise<readonly Turn[]> {
  if (first === undefined) return [];
  const before = await takeTurn(first);
  if (shards.length === 0 || before.applied === undefined) return [before];
  const among = await Promise.all(shards.map(takeTurn));
  return [...among, await takeTurn(first)];
}

async function takeTurn(desk: Desk): Promise<Turn> {
  const ending = await callApply(desk, { saved: undefined, approvals: [], approvesAll: true });
  const applied = ending?.applied;
  if (applied?.outcome !== "applied") {
    const because = `the apply ended with ${ending?.exit}: ${ending?.failure?.words}`;
    return { applied: undefined, left: undefined, because };
  }
  return { applied, left: judgeLeft(applied.plan, applied.remaining), because: tellUndone(applied.report) };
}

/** What is left of all parts. Undefined where one of them would do more. */
function joinLeft(turns: readonly Turn[]): Left | undefined {
  // A shard that rests on what the account part does not get done is blocked by that.
  const isHeldUp = turns.length > 1 && turns.at(-1)?.left?.state === "blocked";
  const lefts = turns.map(({ left, because }) => (isHeldUp && because.includes("AX423") ? HELD_UP : left));
  const blocked = lefts.flatMap((left) => (left?.state === "blocked" ? [left] : []));
  if (lefts.length === 0 || lefts.includes(undefined)) return undefined;
  if (blocked.length === 0) return { state: "nothing" };
  // What one part did may be what another one waited for.
  const isMoving = turns.some(({ applied }) => applied?.report.results.some(({ state }) => state === "done"));
  if (turns.length > 1 && isMoving) return undefined;
  return {
    state: "blocked",
    steps: blocked.flatMap(({ steps }) => steps),
    unknown: blocked.flatMap(({ unknown }) => unknown),
  };
}

/** A ledger that was put back does not know which files axcess wrote; otherwise what is in the way is of keys that no manifest names. */
function clearTheWay(desk: Desk, report: ApplyReport, { putBack }: Stage): void {
  const inTheWay = listInTheWay(report, { wasPutBack: putBack !== undefined, wanted: listSinks(desk.manifest) });
  for (const path of inTheWay) desk.machine.disk.take(`${HOME}/${path}`);
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
