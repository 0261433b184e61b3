import type { Command } from "commander";
import { UsageError } from "../../model/errors.ts";
import { appendWord } from "../flags/global-flags.ts";
import type { Start } from "../flow.ts";
import type { ApproveRequest } from "../flows/run-approve.ts";

interface RawApproveFlags {
  readonly all?: true;
  readonly only?: readonly string[];
  readonly reason?: string;
  readonly expires?: string;
  readonly by?: string;
  readonly output?: string;
  readonly sign?: string;
  readonly author?: string;
}

/** Defines `approve`. */
export function addApprove(program: Command, start: Start): void {
  program
    .command("approve")
    .description("write approvals for held changes of a saved plan")
    .argument("<plan>", "file that `plan --out` wrote")
    .option("--all", "approve every held change")
    .option("--only <id>", "approve the change of this id; repeatable", appendWord)
    .option("--reason <text>", "why; told wherever the change is told")
    .option("--expires <when>", "until when: a date, an RFC 3339 moment, or days such as 7d (default: 7d)")
    .option("--by <person>", "who approves (default: GIT_AUTHOR_EMAIL, EMAIL, or the login name)")
    .option("--output <file>", "where to (default: a new file in approvals/ beside the manifest)")
    .option(
      "--sign <keyfile>",
      "sign with this SSH key, by ssh-keygen; the public half of one that an agent holds will do",
    )
    .option(
      "--author <emails>",
      "who authored the change, to tell whether the approval counts (default: AXCESS_AUTHOR)",
    )
    .action((plan: string, raw: RawApproveFlags) =>
      start("approve", async (session) => {
        const request = readApproveRequest(plan, raw);
        const { runApprove } = await import("../flows/run-approve.ts");
        return runApprove(session, request);
      }),
    );
}

function readApproveRequest(plan: string, raw: RawApproveFlags): ApproveRequest {
  if ((raw.all ?? false) === (raw.only !== undefined)) {
    throw new UsageError(
      "Which changes are approved has to be said, once.",
      "Give --all, or --only ID for each change; see the ids with: axcess show PLAN",
    );
  }
  const reason = raw.reason?.trim() ?? "";
  if (reason === "") throw new UsageError("An approval needs a reason.", 'Give --reason "…".');
  const { only, expires, by, output, sign, author } = raw;
  return { plan, only, reason, expires, by, output, sign, author };
}
