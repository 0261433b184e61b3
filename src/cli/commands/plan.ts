import type { Command } from "commander";
import { appendWord } from "../global-flags.ts";
import { readPlanFormats } from "../plan-formats.ts";
import type { Start } from "../flow.ts";
import type { PlanRequest } from "../flows/run-plan.ts";
import { addSafetyFlags, type RawSafetyFlags, readSafetyFlags } from "../safety-flags.ts";
import { addScopeFlags, type RawScopeFlags, readScopeFlags } from "../scope-flags.ts";

interface RawPlanFlags extends RawSafetyFlags, RawScopeFlags {
  readonly out?: string;
  readonly format?: readonly string[];
  readonly detailedExitcode?: true;
}

/** Defines `plan`. */
export function addPlan(program: Command, start: Start): void {
  const command = program
    .command("plan")
    .description("read the account and show what would change; writes nothing there")
    .option("--out <file>", "save the plan, to be approved and applied")
    .option("--format <format[=file]>", "text or json, to stdout or to a file; repeatable", appendWord)
    .option("--detailed-exitcode", "exit 2 when there are changes");
  addScopeFlags(command);
  addSafetyFlags(command);
  command.action((raw: RawPlanFlags) =>
    start("plan", async (session) => {
      const request: PlanRequest = {
        out: raw.out,
        formats: readPlanFormats(raw.format ?? [], session.globals.json),
        detailedExitcode: raw.detailedExitcode ?? false,
        safety: readSafetyFlags(raw),
        scope: readScopeFlags(raw),
      };
      const { runPlan } = await import("../flows/run-plan.ts");
      return runPlan(session, request);
    }),
  );
}
