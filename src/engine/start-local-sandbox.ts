import { DiagnosedError } from "../model/errors.ts";
import { explainCode } from "../model/explain-code.ts";
import { type Sandbox, type SandboxOptions, startSandbox } from "../sandbox/start-sandbox.ts";

/** Starts the simulated account. Throws DiagnosedError when its folder cannot be used, or its port is in use. */
export async function startLocalSandbox(options: SandboxOptions): Promise<Sandbox> {
  try {
    return await startSandbox(options);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new DiagnosedError([
      {
        code: "AX391",
        severity: "error",
        summary: "The sandbox cannot be started",
        detail: describe(error, options),
        fix: "Stop what uses it, or choose another folder or port.",
      },
    ]);
  }
}

/** Errors of the system are told in words: of the network they name the port, all others are of the folder. */
function describe(error: NodeJS.ErrnoException, { directory, port }: SandboxOptions): string {
  if (error.syscall === undefined || error.code === undefined) return error.message;
  if (error.syscall === "listen") {
    return error.code === "EADDRINUSE"
      ? `The port ${port} is in use.`
      : `The port ${port} cannot be opened: ${explainCode(error.code).because}.`;
  }
  const path = error.path === undefined || error.path === directory ? "" : ` (${error.path})`;
  return `The folder ${directory ?? "of the sandbox"} cannot be used: ${explainCode(error.code).because}${path}.`;
}
