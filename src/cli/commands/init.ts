import { type Command, Option } from "commander";
import { UsageError } from "../../model/errors.ts";
import { appendWord } from "../flags/global-flags.ts";
import type { Start } from "../flow.ts";
import { harmless } from "../render/harmless.ts";
import type { SetupRequest } from "../setup/plan-setup.ts";

interface RawInitFlags {
  readonly ci: SetupRequest["ci"];
  readonly owner?: readonly string[];
  readonly branch: string;
  readonly print?: true;
}

/** Defines `init`. */
export function addInit(program: Command, start: Start): void {
  program
    .command("init")
    .description("write a first manifest and the jobs that plan and apply it; overwrites nothing, asks no account")
    .addOption(new Option("--ci <where>", "where the jobs run").choices(["github", "gitlab", "none"]).default("github"))
    .option(
      "--owner <owner>",
      "code owner of manifest, jobs and approvals: @team, @org/team, e-mail; repeatable",
      appendWord,
    )
    .option("--branch <name>", "branch from which is applied", "main")
    .option("--print", "write nothing, and print what would be written")
    .action((raw: RawInitFlags) =>
      start("init", async (session) => {
        const request = readSetup(raw, session.globals.files);
        const { runInit } = await import("../flows/run-init.ts");
        return runInit(session, request);
      }),
    );
}

function readSetup({ ci, owner = [], branch, print }: RawInitFlags, files: readonly string[]): SetupRequest {
  const stranger = owner.find((word) => !/^(?:@[\w.-]+(?:\/[\w.-]+)*|[^\s@#]+@[\w.-]+)$/u.test(word));
  if (stranger !== undefined) {
    throw new UsageError(`"${harmless(stranger)}" is no code owner.`, "Write @team, @org/team or an e-mail address.");
  }
  if (!/^[\w][\w./-]*$/u.test(branch)) throw new UsageError(`"${harmless(branch)}" is no branch that a job can name.`);
  const [file = "", ...more] = files;
  if (more.length > 0 || !/^[\w. -]+(?:\/[\w. -]+)*$/u.test(file) || file.split("/").includes("..")) {
    throw new UsageError("init makes one manifest: --file names one file or folder below this one.");
  }
  return { ci, owners: owner, branch, isOnlyPrinted: print ?? false };
}
