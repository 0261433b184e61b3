import { type EmbeddedSandbox, embedSandbox } from "../../src/sandbox/embed-sandbox.ts";
import type { Operation } from "../../src/sandbox/store.ts";
import type { Fault } from "../faults/fault.ts";
import { nameFault } from "../faults/fault.ts";
import type { Happening } from "../story/evidence.ts";
import type { Scenario } from "../story/scenario.ts";
import { type Chance, makeChance } from "./chance.ts";
import { type Disk, makeDisk, type SavedDisk } from "./disk.ts";
import { makeProcess, type Process } from "./process.ts";
import { makeTimeline, type Timeline } from "./timeline.ts";

/** When every simulation begins. */
export const START: number = Date.parse("2026-08-10T12:00:00Z");

/** The simulated world: a machine with its disk and clock, an account, and what goes wrong. */
export interface Machine {
  readonly timeline: Timeline;
  readonly chance: Chance;
  readonly disk: Disk;
  readonly sandbox: EmbeddedSandbox;
  readonly happenings: Happening[];
  readonly note: (happening: Happening) => void;
  /** Begins counting requests and writes anew, and says what goes wrong from now on. */
  readonly trouble: (faults: readonly Fault[]) => void;
  readonly calm: () => void;
  readonly startProcess: () => Process;
  readonly isAlive: (pid: number) => boolean;
  readonly state: MachineState;
  /** The world between two stages, when no process lives. */
  readonly save: () => SavedMachine;
}

/** A world between two stages: others of the same scenario can go on from there. */
export interface SavedMachine {
  readonly time: number;
  readonly diskChance: number;
  readonly disk: SavedDisk;
  readonly happenings: readonly Happening[];
  readonly transactions: readonly (readonly Operation[])[];
  readonly pids: number;
}

/** What changes while the world goes on. */
export interface MachineState {
  faults: readonly Fault[];
  requests: number;
  /** Milliseconds by which the machine's clock is wrong. */
  shift: number;
  /** With which status everything is refused. */
  denied: 401 | 403 | undefined;
  /** How a person will make the next thing that is to be made, before it is. */
  first: "alike" | "otherwise" | undefined;
  /** Whose doing the next commit is. */
  actor: number | "person" | "furniture";
  /** All transactions so far, for what is answered from the past. */
  readonly transactions: (readonly Operation[])[];
  /** Started where a fault asks for another run. */
  second: (() => void) | undefined;
}

/** Makes a world in which nothing has happened yet, or one that goes on from where another was saved. */
export async function makeMachine(scenario: Scenario, saved?: SavedMachine): Promise<Machine> {
  const timeline = makeTimeline(saved?.time);
  const chance = makeChance(scenario.seed);
  const diskChance = chance.fork("disk");
  if (saved !== undefined) diskChance.goOn(saved.diskChance);
  const happenings: Happening[] = [...(saved?.happenings ?? [])];
  const note = (happening: Happening): void => {
    happenings.push(happening);
  };
  const state: MachineState = {
    ...{
      faults: [],
      requests: 0,
      shift: 0,
      denied: undefined,
      first: undefined,
      actor: "furniture",
      transactions: [],
      second: undefined,
    },
  };
  const processes = new Map<number, Process>();
  const disk = makeDisk(
    {
      faultAt: (write) => {
        const found = state.faults.find((fault) => "write" in fault && fault.write === write);
        if (found === undefined || !("write" in found)) return undefined;
        note({ type: "fault", name: nameFault(found), at: `write ${write}` });
        return found.fault;
      },
      delay: () => diskChance.fraction() * 2,
      after: timeline.after,
      onChange: (change, path, text, { pid }) => note({ type: "write", pid, change, path, text }),
    },
    saved?.disk,
  );
  let isFounded = saved === undefined;
  const sandbox = await embedSandbox(
    { switches: scenario.switches, seed: scenario.seed, now: () => new Date(START + timeline.now()) },
    (operations) => {
      // What an account begins with is among what was saved.
      if (!isFounded) return;
      state.transactions.push(operations);
      note({ type: "commit", by: state.actor, operations });
    },
  );
  isFounded = true;
  state.transactions.push(...(saved?.transactions ?? []));
  for (const operation of saved?.transactions.flat() ?? []) sandbox.account.store.replay(operation);
  let pids = saved?.pids ?? 100;
  return {
    ...{ timeline, chance, disk, sandbox, happenings, note, state },
    trouble: (faults) => {
      state.faults = faults;
      state.requests = 0;
      disk.restart();
    },
    calm: () => {
      Object.assign(state, { faults: [], denied: undefined, first: undefined, shift: 0 });
      disk.mend();
      note({ type: "calm" });
    },
    startProcess: () => {
      pids += 1;
      // A container that lives has its number to itself.
      const isFree = processes.get(1)?.isAlive() !== true;
      const process = makeProcess(scenario.isContainer && isFree ? 1 : pids);
      processes.set(process.pid, process);
      return process;
    },
    isAlive: (pid) => processes.get(pid)?.isAlive() === true,
    save: () => ({
      ...{ time: timeline.now(), diskChance: diskChance.state(), disk: disk.save(), pids },
      ...{ happenings: [...happenings], transactions: [...state.transactions] },
    }),
  };
}
