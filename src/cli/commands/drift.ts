import type { Command } from "commander";
import type { Start } from "../flow.ts";

/** Defines `drift`. */
export function addDrift(program: Command, start: Start): void {
  program
    .command("drift")
    .description("what on the account is otherwise than axcess left it; exit 2 when there is something")
    .option("--write", "take the account's side into the manifest; comments stay")
    .action((options: { readonly write?: true }) =>
      start("drift", async (session) => {
        const { runDrift } = await import("../flows/run-drift.ts");
        return runDrift(session, options.write ?? false);
      }),
    );
}
