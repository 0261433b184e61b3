import type { Command } from "commander";
import { appendWord } from "../flags/global-flags.ts";
import { readWholeLimits } from "../flags/limit-flags.ts";
import { readPlanFormats } from "../flags/plan-formats.ts";
import type { Start } from "../flow.ts";

interface RawSummaryFlags {
  readonly out?: string;
  readonly format?: readonly string[];
  readonly maxRemovals?: string;
  readonly maxRemovalPercent?: string;
  readonly allow?: readonly string[];
}

/** Defines `summary`. */
export function addSummary(program: Command, start: Start): void {
  program
    .command("summary")
    .description("judge the saved plans of all parts of an account as one; asks no account")
    .argument("<plans...>", "files that `plan --shard --out` wrote, one of each part")
    .option("--out <file>", "save the summary, which lets each of the plans be applied")
    .option("--format <format[=file]>", "text, json or markdown, to stdout or to a file; repeatable", appendWord)
    .option("--max-removals <n>", "most removals in all parts together")
    .option("--max-removal-percent <n>", "largest share of a kind that all parts together may remove")
    .option("--allow <gate>", "pass mass-removal or assertion for the whole; repeatable", appendWord)
    .action((plans: readonly string[], raw: RawSummaryFlags) =>
      start("summary", async (session) => {
        const formats = readPlanFormats(raw.format ?? [], session.globals.json);
        const { runSummary } = await import("../flows/run-summary.ts");
        return runSummary(session, { plans, out: raw.out, formats, limits: readWholeLimits(raw) });
      }),
    );
}
