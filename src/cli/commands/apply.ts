import type { Command } from "commander";
import { UsageError } from "../../model/errors.ts";
import type { Start } from "../flow.ts";
import type { ApplyRequest } from "../flows/run-apply.ts";
import { addSafetyFlags, type RawSafetyFlags, readSafetyFlags } from "../safety-flags.ts";
import { addScopeFlags, type RawScopeFlags, readScopeFlags } from "../scope-flags.ts";

interface RawApplyFlags extends RawSafetyFlags, RawScopeFlags {
  readonly autoApprove?: true;
  readonly approvals?: readonly string[];
}

/** Defines `apply`. */
export function addApply(program: Command, start: Start): void {
  const command = program
    .command("apply")
    .description("make it so: a saved plan exactly, or plan, show and ask")
    .argument("[plan]", "file that `plan --out` wrote")
    .option("--auto-approve", "do not ask; what is held stays held")
    .option("--approvals <files...>", "approvals files, beside approvals/*.yaml next to the manifest");
  addScopeFlags(command);
  addSafetyFlags(command);
  command.action((plan: string | undefined, raw: RawApplyFlags) =>
    start("apply", async (session) => {
      const request: ApplyRequest = {
        plan,
        autoApprove: raw.autoApprove ?? false,
        approvals: raw.approvals ?? [],
        safety: readSafetyFlags(raw),
        scope: readScopeFlags(raw),
      };
      checkApplyRequest(request);
      const { runApply } = await import("../flows/run-apply.ts");
      return runApply(session, request);
    }),
  );
}

function checkApplyRequest(request: ApplyRequest): void {
  const narrows = request.scope.targets.length > 0 || request.scope.excludes.length > 0;
  if (request.plan !== undefined && narrows) {
    throw new UsageError(
      "A saved plan is applied as it is.",
      "Give --target and --exclude to the plan command that saves it.",
    );
  }
}
