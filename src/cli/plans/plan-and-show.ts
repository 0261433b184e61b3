import type { Address } from "../../model/address.ts";
import type { Plan } from "../../model/plan.ts";
import type { Limits } from "../../model/policy.ts";
import { openReading } from "../context.ts";
import { EXIT, type ExitCode } from "../exit.ts";
import type { PlanFormat } from "../flags/plan-formats.ts";
import { loadInputs } from "../load-inputs.ts";
import type { Outcome, Session } from "../session.ts";
import type { UndoSource } from "./aim-undo.ts";
import { requireRotation } from "./demand-rotation.ts";
import { completeSight, planFrom, readAccount, recallReading } from "./plan-account.ts";
import { formatPlanFile, writePlan } from "./write-plan.ts";

/** What is to be planned, and where the plan goes. */
export interface Planning {
  readonly out: string | undefined;
  readonly formats: readonly PlanFormat[];
  readonly detailedExitcode: boolean;
  readonly limits: Limits;
  /** The run to take back; left out: the manifest is to be made true. */
  readonly undo?: UndoSource;
  /** The key that is to get a new secret, and nothing else is planned. */
  readonly rotate?: Address;
}

/** Reads manifest and account, shows what would change, and saves it where asked. It is only ever handed a reader. */
export async function planAndShow(session: Session, planning: Planning): Promise<Outcome> {
  const { manifest, diagnostics } = await loadInputs(session);
  const reading = await openReading(session);
  try {
    const options = { memory: await recallReading(session), limits: planning.limits };
    const { undo, rotate } = planning;
    const demand = rotate && { address: rotate };
    const seen = await readAccount(session, { manifest, reading, undo, rotate: demand, memory: options.memory });
    const sight = await completeSight(session, seen, { ...options, reading });
    const plan = planFrom(sight, options);
    if (rotate !== undefined) requireRotation(plan, rotate);
    if (planning.out !== undefined) await session.files.replace(planning.out, formatPlanFile(plan));
    await writePlan(session, plan, { formats: planning.formats, planFile: planning.out, sight });
    return { exit: planExit(plan, planning.detailedExitcode), diagnostics, document: { plan } };
  } finally {
    await reading.close();
  }
}

/** What a plan that was only shown ends with. Incomplete knowledge goes before a blocked step or a failed assertion, since it must be cured first. */
export function planExit(plan: Plan, detailed: boolean): ExitCode {
  if (plan.withheld.length + plan.incomplete.length > 0) return EXIT.incomplete;
  if (plan.assertions.length > 0 || plan.steps.some((step) => step.gate.state === "blocked")) return EXIT.held;
  return detailed && plan.steps.length > 0 ? EXIT.changes : EXIT.done;
}
