import { DiagnosedError, UsageError } from "../../model/errors.ts";
import type { Plan } from "../../model/plan.ts";
import { readPlan } from "../../plan/read-plan.ts";
import { harmless } from "../render/harmless.ts";
import type { Session } from "../session.ts";

/** Some hundred thousand changes: what a usual machine can hold in memory. */
const MOST_BYTES = 128 * 1024 * 1024;

/** Loads a plan that was saved. Throws DiagnosedError when it is not one, or its digest does not fit. */
export async function loadSavedPlan(session: Session, file: string): Promise<Plan> {
  if ((await session.files.kind(file)) !== "file") {
    throw new UsageError(`There is no plan file "${harmless(file)}".`, "Save one first: axcess plan --out plan.json");
  }
  if (((await session.files.size(file)) ?? 0) > MOST_BYTES) {
    throw new UsageError(
      `"${harmless(file)}" is larger than 128 MiB, and no plan that can be reviewed is.`,
      "Plan in parts: axcess plan --target PATTERN --out plan.json",
    );
  }
  const text = new TextDecoder().decode(await session.files.read(file));
  const { plan, diagnostics } = readPlan(text, file);
  if (plan === undefined) throw new DiagnosedError(diagnostics);
  return plan;
}
