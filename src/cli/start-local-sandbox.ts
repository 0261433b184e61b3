import { DiagnosedError } from "../model/errors.ts";
import { type Sandbox, startSandbox } from "../sandbox/start-sandbox.ts";

/** Starts the simulated account. Throws DiagnosedError when its folder or its port is in use. */
export async function startLocalSandbox(directory: string, port: number): Promise<Sandbox> {
  try {
    return await startSandbox({ directory, port });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new DiagnosedError([
      {
        code: "AX391",
        severity: "error",
        summary: "The sandbox cannot be started",
        detail: error.message,
        fix: "Stop what uses it, or choose another folder or port.",
      },
    ]);
  }
}
