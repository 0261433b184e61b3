import { ActionError, readInputs } from "./inputs.ts";
import { printError } from "./job-log.ts";
import type { Machine } from "./machine.ts";
import { stepAfter } from "./step-after.ts";
import { stepBefore } from "./step-before.ts";
import { stepRun } from "./step-run.ts";

const STEPS = { before: stepBefore, run: stepRun, after: stepAfter } as const;

/** One step of the action, by its name; gives back the exit code of the step. */
export async function runStep(machine: Machine, name: string): Promise<number> {
  try {
    const step = Object.entries(STEPS).find(([known]) => known === name)?.[1];
    if (step === undefined) throw new ActionError(`There is no step "${name}".`);
    return await step(machine, readInputs(machine));
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    printError(machine, error.message);
    return 1;
  }
}
