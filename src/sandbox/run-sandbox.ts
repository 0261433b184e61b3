import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Account } from "./account.ts";
import { makeBodyCheck } from "./check-body.ts";
import { lockDirectory } from "./directory-lock.ts";
import type { Faults } from "./faults.ts";
import { makeFaults } from "./faults.ts";
import { makeGraphqlEndpoint } from "./graphql/endpoint.ts";
import { makeRateLimits } from "./rate-limits.ts";
import type { RequestLog } from "./request-log.ts";
import { openRequestLog } from "./request-log.ts";
import type { Sandbox, SandboxOptions } from "./sandbox.ts";
import { seedAccount } from "./seed-account.ts";
import { listenOnLoopback } from "./server.ts";
import { openStateDirectory } from "./state-directory.ts";
import type { Store } from "./store.ts";
import { makeStore } from "./store.ts";
import type { SandboxSwitches } from "./switches.ts";
import { resolveSwitches } from "./switches.ts";

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

interface OpenState {
  readonly account: Account;
  readonly log: RequestLog;
  readonly faults: Faults;
  readonly setSwitches: (chosen: Partial<SandboxSwitches>) => void;
  readonly close: () => void;
}

function openState(options: SandboxOptions): OpenState {
  const { directory } = options;
  const disk = directory === undefined ? undefined : openStateDirectory(directory);
  const store: Store = makeStore((operations) => disk?.append(operations));
  let chosen = options.switches ?? {};
  let switches = resolveSwitches(chosen);
  const account: Account = { store, switches: () => switches, now: options.now ?? (() => new Date()) };
  if (disk?.load(store) !== true) seedAccount(account, chooseSeed(options));
  if (directory !== undefined) writeAdminKey(directory, account);
  const log = openRequestLog(directory === undefined ? undefined : join(directory, "requests.jsonl"));
  const faults = makeFaults();
  faults.replace(options.faults ?? []);
  return {
    account,
    log,
    faults,
    setSwitches: (more) => {
      const wanted = { ...chosen, ...more };
      switches = resolveSwitches(wanted);
      chosen = wanted;
    },
    close: () => {
      log.close();
      disk?.close(store);
    },
  };
}

async function serveState(state: OpenState, options: SandboxOptions, release: () => void): Promise<Sandbox> {
  const { account, log, faults, setSwitches } = state;
  const limits = makeRateLimits(account.now);
  const checkBody = await makeBodyCheck(account.switches);
  const answerGraphql = makeGraphqlEndpoint({ account, limits });
  const parts = { account, log, faults, setSwitches, limits, checkBody, answerGraphql };
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

function chooseSeed(options: SandboxOptions): string {
  return options.seed === undefined ? randomBytes(12).toString("hex") : String(options.seed);
}

function writeAdminKey(directory: string, account: Account): void {
  writeFileSync(join(directory, "admin-key"), `${account.store.settings().admin_key}\n`, { mode: 0o600 });
}
