import type { Sandbox, SandboxOptions } from "./sandbox.ts";

export type { FaultRule } from "./faults.ts";
export type { Sandbox, SandboxOptions } from "./sandbox.ts";
export type { SandboxSwitches } from "./switches.ts";

/** Starts a simulated Arize AX account on loopback; on a fresh directory it holds one admin and the predefined roles. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  // Nothing behind this door is loaded by commands that start no sandbox.
  const { runSandbox } = await import("./run-sandbox.ts");
  return runSandbox(options);
}
