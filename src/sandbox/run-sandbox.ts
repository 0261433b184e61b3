import { lockDirectory } from "./directory-lock.ts";
import { makeParts, type OpenState, openState } from "./open-state.ts";
import type { Sandbox, SandboxOptions } from "./sandbox.ts";
import { listenOnLoopback } from "./server.ts";

/** Opens the state, serves it and frees the directory again when anything fails on the way. */
export async function runSandbox(options: SandboxOptions): Promise<Sandbox> {
  const release = options.directory === undefined ? () => {} : lockDirectory(options.directory);
  let state: OpenState | undefined;
  try {
    state = openState(options);
    return await serveState(state, options, release);
  } catch (error) {
    state?.close();
    release();
    throw error;
  }
}

async function serveState(state: OpenState, options: SandboxOptions, release: () => void): Promise<Sandbox> {
  const { account, log, faults, setSwitches } = state;
  const parts = await makeParts(state);
  const server = await listenOnLoopback(parts, options.port);
  let closing: Promise<void> | undefined;
  return {
    url: `http://127.0.0.1:${server.port}`,
    adminKey: account.store.settings().admin_key,
    log: log.entries,
    setSwitches,
    setFaults: faults.replace,
    close: () => {
      closing ??= server.close().then(() => {
        state.close();
        release();
      });
      return closing;
    },
  };
}
