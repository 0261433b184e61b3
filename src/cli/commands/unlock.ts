import type { Command } from "commander";
import type { Start } from "../flow.ts";

/** Defines `unlock`. */
export function addUnlock(program: Command, start: Start): void {
  program
    .command("unlock")
    .description("tell who holds the lock of the ledger, and release that of a run that is over")
    .option("--run <id>", "release the lock of this run, without asking")
    .action((raw: { readonly run?: string }) =>
      start("unlock", async (session) => {
        const { runUnlock } = await import("../flows/run-unlock.ts");
        return runUnlock(session, raw.run);
      }),
    );
}
