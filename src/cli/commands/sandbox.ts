import type { Command } from "commander";
import { UsageError } from "../../model/errors.ts";
import { DEFAULT_SANDBOX, readCount } from "../flags/globals.ts";
import type { Start } from "../flow.ts";
import type { SandboxRequest } from "../flows/run-sandbox.ts";

/** Defines `sandbox`. */
export function addSandbox(program: Command, start: Start): void {
  program
    .command("sandbox")
    .description("serve the simulated account on this machine until interrupted")
    .option("--port <n>", "port to listen on (default: 4010; 0: any free one)")
    .option("--dir <folder>", `where its content lives (default: ${DEFAULT_SANDBOX})`)
    .action((raw: { readonly port?: string; readonly dir?: string }) =>
      start("sandbox", async (session) => {
        const request: SandboxRequest = {
          port: readPort(raw.port),
          directory: raw.dir ?? session.globals.sandbox ?? DEFAULT_SANDBOX,
        };
        const { runSandbox } = await import("../flows/run-sandbox.ts");
        return runSandbox(session, request);
      }),
    );
}

/** Always the same one, so that a plan saved against the sandbox still names its account the next day. */
const DEFAULT_PORT = 4010;

function readPort(text: string | undefined): number {
  const port = text === undefined ? DEFAULT_PORT : readCount("--port", text, 0);
  if (port > 65535) throw new UsageError(`--port wants a number up to 65535, not ${port}.`);
  return port;
}
