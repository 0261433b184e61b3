import { Argument, type Command } from "commander";
import type { Start } from "../flow.ts";

interface RawFlags {
  readonly autoApprove?: true;
  readonly events?: string;
  readonly approvals?: readonly string[];
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
    .option("--events <file>", "write what happens to this file, a line of JSON each")
    .action((_deed: string, key: string, raw: RawFlags) =>
      start("keys", async (session) => {
        const { runRotate } = await import("../flows/run-rotate.ts");
        const { withEvents } = await import("../events/open-events.ts");
        const request = { key, autoApprove: raw.autoApprove ?? false, approvals: raw.approvals ?? [] };
        return withEvents(session, raw.events, (inner) => runRotate(inner, request));
      }),
    );
}
