import type { Command } from "commander";
import type { Start } from "../flow.ts";

/** Defines `fmt`. */
export function addFmt(program: Command, start: Start): void {
  program
    .command("fmt")
    .description("bring the manifest into canonical order and quoting; comments stay")
    .option("--check", "change nothing; exit 2 when a file is not formatted")
    .action((options: { readonly check?: true }) =>
      start("fmt", async (session) => {
        const { runFmt } = await import("../flows/run-fmt.ts");
        return runFmt(session, options.check ?? false);
      }),
    );
}
