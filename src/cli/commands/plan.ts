import type { Command } from "commander";
import { appendWord } from "../flags/global-flags.ts";
import { addLimitFlags, type RawLimitFlags, readLimits } from "../flags/limit-flags.ts";
import { readPlanFormats } from "../flags/plan-formats.ts";
import { addShardFlags, type RawShardFlags, readShard } from "../flags/shard-flags.ts";
import type { Flow, Start } from "../flow.ts";
import type { PlanRequest } from "../flows/run-plan.ts";

interface RawPlanFlags extends RawLimitFlags, RawShardFlags {
  readonly base?: readonly string[];
  readonly out?: string;
  readonly format?: readonly string[];
  readonly events?: string;
  readonly detailedExitcode?: true;
}

/** Defines `plan`. */
export function addPlan(program: Command, start: Start): void {
  const command = program
    .command("plan")
    .description("read the account and show what would change; writes nothing there")
    .option("--base <path>", "plan from what this manifest declares, and ask no account; repeatable", appendWord)
    .option("--out <file>", "save the plan, to be approved and applied")
    .option("--format <format[=file]>", "text, json, markdown or html, to stdout or to a file; repeatable", appendWord)
    .option("--events <file>", "write what happens to this file, a line of JSON each")
    .option("--detailed-exitcode", "exit 2 when there are changes");
  addShardFlags(command);
  addLimitFlags(command);
  command.action((raw: RawPlanFlags) =>
    start("plan", async (session) => {
      const request: PlanRequest = {
        base: raw.base ?? [],
        out: raw.out,
        formats: readPlanFormats(raw.format ?? [], session.globals.json),
        detailedExitcode: raw.detailedExitcode ?? false,
        limits: readLimits(raw),
        shard: readShard(raw),
      };
      const work: Flow = async (inner) => {
        // Two manifests are compared without any account.
        if (request.base.length > 0) return (await import("../flows/run-plan.ts")).compareAndShow(inner, request);
        const { askAhead } = await import("../account/ask-ahead.ts");
        return askAhead(inner, async (ahead) => (await import("../flows/run-plan.ts")).runPlan(inner, request, ahead));
      };
      if (raw.events === undefined) return work(session);
      const { withEvents } = await import("../events/open-events.ts");
      return withEvents(session, raw.events, work);
    }),
  );
}
