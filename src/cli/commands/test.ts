import type { Command } from "commander";
import { UsageError } from "../../model/errors.ts";
import type { Start } from "../flow.ts";
import type { Tested } from "../flows/run-test.ts";

interface RawOptions {
  readonly live?: true;
  readonly declared?: true;
  readonly plan?: string;
}

/** Defines `test`. */
export function addTest(program: Command, start: Start): void {
  program
    .command("test")
    .description("check the assertions of the manifest, and the permissions it keeps apart")
    .option("--declared", "on what the manifest declares, without the account (default)")
    .option("--live", "on the account as it is")
    .option("--plan <file>", "on the account once a saved plan is done")
    .action((raw: RawOptions) =>
      start("test", async (session) => {
        const tested = readTested(raw);
        const { runTest } = await import("../flows/run-test.ts");
        return runTest(session, tested);
      }),
    );
}

function readTested({ live, declared, plan }: RawOptions): Tested {
  const given = [live, declared, plan].filter((flag) => flag !== undefined);
  if (given.length > 1) throw new UsageError("--live, --declared and --plan exclude each other.");
  if (plan !== undefined) return { of: "plan", file: plan };
  return { of: live === true ? "live" : "declared" };
}
