import type { Command } from "commander";
import { appendWord } from "../flags/global-flags.ts";
import { readPlanFormats } from "../flags/plan-formats.ts";
import type { Start } from "../flow.ts";

/** Defines `show`. */
export function addShow(program: Command, start: Start): void {
  program
    .command("show")
    .description("show a saved plan again, after checking its digest")
    .argument("<plan>", "file that `plan --out` wrote")
    .option("--format <format[=file]>", "text, json, markdown or html, to stdout or to a file; repeatable", appendWord)
    .action((plan: string, options: { readonly format?: readonly string[] }) =>
      start("show", async (session) => {
        const formats = readPlanFormats(options.format ?? [], session.globals.json);
        const { runShow } = await import("../flows/run-show.ts");
        return runShow(session, plan, formats);
      }),
    );
}
