import type { Command } from "commander";
import type { Start } from "../flow.ts";

/** Defines `adopt`. */
export function addAdopt(program: Command, start: Start): void {
  program
    .command("adopt")
    .description("record in the ledger that existing objects are yours; writes nothing to the account")
    .argument("<address...>", "addresses or address patterns")
    .action((patterns: readonly string[]) =>
      start("adopt", async (session) => {
        const { runAdopt } = await import("../flows/run-adopt.ts");
        return runAdopt(session, patterns);
      }),
    );
}
