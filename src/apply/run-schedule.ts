import type { Step } from "../model/change.ts";
import { type Doomed, makeSchedule, type Schedule } from "./schedule.ts";

export interface ScheduleRun {
  readonly steps: readonly Step[];
  /** How many steps may be under way at once, asked whenever one could begin; at least one is. */
  readonly parallelism: () => number;
  /** True from the moment on which nothing new may start. */
  readonly isStopped: () => boolean;
  /** Carries a step out; resolves to true when it cleared the way for those that wait for it. */
  readonly run: (step: Step) => Promise<boolean>;
  /** Told of each step that will never run because of another, in plan order within one cause. */
  readonly onDoomed: (doomed: Doomed) => void;
  /** Told of each step that was not started before the stop, in plan order. */
  readonly onUnstarted: (step: Step) => void;
}

/**
 * Runs steps as soon as all they wait for is done, in plan order among those that could start. After a stop what is under way
 * finishes. Rejects, also only after that, with the first fault that `run` or a listener threw.
 */
export async function runSchedule(options: ScheduleRun): Promise<void> {
  const schedule = makeSchedule(options.steps);
  await carryOutAll(options, schedule);
  for (const step of schedule.drain()) options.onUnstarted(step);
}

function carryOutAll(options: ScheduleRun, schedule: Schedule): Promise<void> {
  let underWay = 0;
  let fault: { readonly cause: unknown } | undefined;
  const hasRoom = (): boolean => underWay < Math.max(1, Math.floor(options.parallelism()));

  return new Promise((resolve, reject) => {
    const carryOut = async (step: Step): Promise<void> => {
      try {
        if (await options.run(step)) schedule.clear(step);
        else for (const doomed of schedule.doom(step)) options.onDoomed(doomed);
      } catch (cause) {
        fault ??= { cause };
      }
      underWay -= 1;
      advance();
    };
    const advance = (): void => {
      while (fault === undefined && !options.isStopped() && hasRoom()) {
        const step = schedule.next();
        if (step === undefined) break;
        underWay += 1;
        void carryOut(step);
      }
      if (underWay > 0) return;
      if (fault === undefined) resolve();
      else reject(fault.cause);
    };
    advance();
  });
}
