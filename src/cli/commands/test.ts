import type { Command } from "commander";
import { UsageError } from "../../model/errors.ts";
import type { Start } from "../flow.ts";

interface RawOptions {
  readonly live?: true;
  readonly declared?: true;
}

/** Defines `test`. */
export function addTest(program: Command, start: Start): void {
  program
    .command("test")
    .description("check the assertions of the manifest, and the permissions it keeps apart")
    .option("--declared", "on what the manifest declares, without the account (default)")
    .option("--live", "on the account as it is")
    .action(({ live, declared }: RawOptions) =>
      start("test", async (session) => {
        if (live === true && declared === true) throw new UsageError("--live and --declared exclude each other.");
        const { runTest } = await import("../flows/run-test.ts");
        return runTest(session, live === true ? "live" : "declared");
      }),
    );
}
