import { Argument, type Command } from "commander";
import { UsageError } from "../../model/errors.ts";
import type { Start } from "../flow.ts";
import type { RotateRequest } from "../flows/run-rotate.ts";

interface RawFlags {
  readonly autoApprove?: true;
  readonly events?: string;
  readonly approvals?: readonly string[];
  readonly out?: string;
}

/** Defines `keys`. */
export function addKeys(program: Command, start: Start): void {
  program
    .command("keys")
    .description("give a service key a new secret, which goes where the manifest says")
    .addArgument(new Argument("<deed>", "what to do").choices(["rotate"]))
    .argument("<key>", "name or address of a service key of the manifest")
    .option("--auto-approve", "do not ask; what is held stays held")
    .option("--approvals <files...>", "approvals files, beside approvals/*.yaml next to the manifest")
    .option("--out <file>", "save the plan, to be approved and applied, instead of doing it now")
    .option("--events <file>", "write what happens to this file, a line of JSON each")
    .action((_deed: string, key: string, raw: RawFlags) =>
      start("keys", async (session) => {
        const request = readRotateRequest(key, raw);
        const { runRotate } = await import("../flows/run-rotate.ts");
        const { withEvents } = await import("../events/open-events.ts");
        return withEvents(session, raw.events, (inner) => runRotate(inner, request));
      }),
    );
}

function readRotateRequest(key: string, { autoApprove, approvals, out }: RawFlags): RotateRequest {
  if (out !== undefined && (autoApprove === true || approvals !== undefined)) {
    throw new UsageError(
      "--out only saves a plan: nothing is applied, and no approval is used.",
      "Leave out --auto-approve and --approvals, and give them to the apply of the saved plan.",
    );
  }
  return { key, autoApprove: autoApprove ?? false, approvals: approvals ?? [], out };
}
