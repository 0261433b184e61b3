import type { Command } from "commander";
import { UsageError } from "../../model/errors.ts";
import { addLimitFlags, isLimited, type RawLimitFlags, readLimits } from "../flags/limit-flags.ts";
import { readApplyPage } from "../flags/plan-formats.ts";
import { addShardFlags, type RawShardFlags, readShard } from "../flags/shard-flags.ts";
import type { Start } from "../flow.ts";
import type { ApplyRequest } from "../flows/run-apply.ts";

interface RawApplyFlags extends RawLimitFlags, RawShardFlags {
  /** False for --no-summary. */
  readonly summary?: string | false;
  readonly autoApprove?: true;
  readonly events?: string;
  readonly approvals?: readonly string[];
  readonly author?: string;
  readonly format?: string;
}

/** Defines `apply`. */
export function addApply(program: Command, start: Start): void {
  const command = program
    .command("apply")
    .description("make it so: a saved plan exactly, or plan, show and ask")
    .argument("[plan]", "file that `plan --out` wrote")
    .option("--auto-approve", "do not ask; what is held stays held")
    .option("--approvals <files...>", "approvals files, beside approvals/*.yaml next to the manifest")
    .option("--format <markdown=file>", "write what came of it to this file, as a comment on a pull request")
    .option("--events <file>", "write what happens to this file, a line of JSON each")
    .option(
      "--author <emails>",
      "who authored the change, for rules by which authors do not approve (default: AXCESS_AUTHOR)",
    );
  addShardFlags(command);
  command
    .option("--summary <file>", "what axcess summary --out wrote: lets the plan of a part be applied")
    .option("--no-summary", "apply a part though nobody judged the whole; stands in the ledger");
  addLimitFlags(command);
  command.action((plan: string | undefined, raw: RawApplyFlags) =>
    start("apply", async (session) => {
      const page = readApplyPage(raw.format);
      const request = { ...readApplyRequest(plan, raw), ...(page !== undefined && { page }) };
      const { runApply } = await import("../flows/run-apply.ts");
      const { withEvents } = await import("../events/open-events.ts");
      return withEvents(session, raw.events, (inner) => runApply(inner, request));
    }),
  );
}

function readApplyRequest(plan: string | undefined, raw: RawApplyFlags): ApplyRequest {
  const limits = readLimits(raw);
  const shard = readShard(raw);
  if (plan !== undefined && (isLimited(limits) || shard !== undefined)) {
    throw new UsageError(
      "A saved plan is applied as it is; it holds the flags it was made with.",
      "Give these flags to the plan command that saves it.",
    );
  }
  return {
    plan,
    autoApprove: raw.autoApprove ?? false,
    approvals: raw.approvals ?? [],
    author: raw.author,
    limits,
    shard,
    summary: raw.summary,
  };
}
