import { DiagnosedError, UsageError } from "../../model/errors.ts";
import type { Plan } from "../../model/plan.ts";
import { readPlan } from "../../plan/read-plan.ts";
import { harmless } from "../render/harmless.ts";
import type { Session } from "../session.ts";

/** Loads a plan that was saved. Throws DiagnosedError when it is not one, or its digest does not fit. */
export async function loadSavedPlan(session: Session, file: string): Promise<Plan> {
  if ((await session.files.kind(file)) !== "file") {
    throw new UsageError(`There is no plan file "${harmless(file)}".`, "Save one first: axcess plan --out plan.json");
  }
  const text = new TextDecoder().decode(await session.files.read(file));
  const { plan, diagnostics } = readPlan(text, file);
  if (plan === undefined) throw new DiagnosedError(diagnostics);
  return plan;
}
