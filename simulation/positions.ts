import { changeAnswer } from "./faults/change-answer.ts";
import { DISK_FAULTS, type Fault, PERSON_FAULTS, REQUEST_FAULTS, type RequestFault } from "./faults/fault.ts";
import { type Outcome, play } from "./play.ts";
import { playUpToLast, type Start } from "./story/run-scenario.ts";
import type { Scenario, Stage } from "./story/scenario.ts";
import { FIXED_SCENARIOS } from "./worlds/fixed-scenarios.ts";

/** One fixed scenario with one single fault at one position. */
export interface Position {
  readonly name: string;
  readonly scenario: Scenario;
  /** What goes before the fault is alike in all of a scenario, and played once. */
  readonly start: Start;
}

/** How many positions a fixed scenario has, and what comes to each of them. */
export interface Reach {
  readonly name: string;
  readonly requests: number;
  readonly writes: number;
  readonly faults: number;
}

/** Lists each single fault that changes anything at each request, and each at each write to the disk, of the last stage of the fixed scenarios. */
export async function listPositions(): Promise<{
  readonly positions: readonly Position[];
  readonly reach: readonly Reach[];
}> {
  const positions: Position[] = [];
  const reach: Reach[] = [];
  for (const { name, scenario } of FIXED_SCENARIOS) {
    const start = await playUpToLast(scenario);
    const { requests, writes, isIdle } = countTroubled(await play(scenario, {}, start));
    const before = positions.length;
    for (let request = 1; request <= requests; request += 1) {
      for (const fault of [...REQUEST_FAULTS, ...PERSON_FAULTS].filter((each) => !isIdle(request, each)))
        positions.push({ name, scenario: strike(scenario, { request, fault }), start });
    }
    for (let write = 1; write <= writes; write += 1) {
      for (const fault of DISK_FAULTS) positions.push({ name, scenario: strike(scenario, { write, fault }), start });
    }
    reach.push({ name, requests, writes, faults: positions.length - before });
  }
  return { positions, reach };
}

function strike(scenario: Scenario, fault: Fault): Scenario {
  const last = scenario.stages.at(-1) as Stage;
  return { ...scenario, stages: [...scenario.stages.slice(0, -1), { ...last, faults: [fault] }] };
}

interface Troubled {
  readonly requests: number;
  readonly writes: number;
  /** True for a fault that would leave the answer of a request as it is: then it is played already. */
  readonly isIdle: (request: number, fault: RequestFault) => boolean;
}

/** How much is asked and written in the last stage before it is calm: every place where something could go wrong. */
function countTroubled({ evidence }: Outcome): Troubled {
  const from = evidence.happenings.findLastIndex(({ type }) => type === "stage");
  const to = evidence.happenings.findLastIndex(({ type }) => type === "calm");
  const troubled = evidence.happenings.slice(from, to);
  const count = (type: string): number => troubled.filter((happening) => happening.type === type).length;
  const answers = new Map(troubled.flatMap((each) => (each.type === "answer" ? [[each.number, each]] : [])));
  const isIdle: Troubled["isIdle"] = (request, fault) => {
    const { status = 0, body = "" } = answers.get(request) ?? {};
    if (fault.kind !== "page" && fault.kind !== "partial") return false;
    return changeAnswer({ status, headers: {}, body }, fault, new Date(0)).body === body;
  };
  return { requests: count("request"), writes: count("write"), isIdle };
}
