import type { Plan } from "../../model/plan.ts";
import type { Limits } from "../../model/policy.ts";
import { openReading } from "../context.ts";
import { EXIT, type ExitCode } from "../exit.ts";
import type { PlanFormat } from "../flags/plan-formats.ts";
import { loadInputs } from "../load-inputs.ts";
import { planFrom, readAccount, recallReading } from "../plans/plan-account.ts";
import { formatPlanFile, writePlan } from "../plans/write-plan.ts";
import type { Outcome, Session } from "../session.ts";

/** What `plan` was asked for. */
export interface PlanRequest {
  readonly out: string | undefined;
  readonly formats: readonly PlanFormat[];
  readonly detailedExitcode: boolean;
  readonly limits: Limits;
}

/** Reads manifest and account, shows what would change, and saves it where asked. It is only ever handed a reader. */
export async function runPlan(session: Session, request: PlanRequest): Promise<Outcome> {
  const { manifest, diagnostics } = await loadInputs(session);
  const memory = await recallReading(session);
  const reading = await openReading(session);
  try {
    const sight = await readAccount(session, { manifest, reading, memory });
    const plan = planFrom(sight, { memory, limits: request.limits });
    if (request.out !== undefined) await session.files.replace(request.out, formatPlanFile(plan));
    await writePlan(session, plan, { formats: request.formats, planFile: request.out });
    return { exit: planExit(plan, request.detailedExitcode), diagnostics, document: { plan } };
  } finally {
    await reading.close();
  }
}

/** Incomplete knowledge goes before a blocked step or a failed assertion, since it must be cured first. */
function planExit(plan: Plan, detailed: boolean): ExitCode {
  if (plan.withheld.length + plan.incomplete.length > 0) return EXIT.incomplete;
  if (plan.assertions.length > 0 || plan.steps.some((step) => step.gate.state === "blocked")) return EXIT.held;
  return detailed && plan.steps.length > 0 ? EXIT.changes : EXIT.done;
}
