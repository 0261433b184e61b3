import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Account } from "./account.ts";
import { makeBodyCheck } from "./check-body.ts";
import type { ControlParts } from "./control.ts";
import type { ExchangeParts } from "./exchange.ts";
import type { Faults } from "./faults.ts";
import { makeFaults } from "./faults.ts";
import { makeGraphqlEndpoint } from "./graphql/endpoint.ts";
import { makeRateLimits } from "./rate-limits.ts";
import type { RequestLog } from "./request-log.ts";
import { openRequestLog } from "./request-log.ts";
import type { RestParts } from "./rest.ts";
import type { SandboxOptions } from "./sandbox.ts";
import { seedAccount } from "./seed-account.ts";
import { openStateDirectory } from "./state-directory.ts";
import type { Operation, Store } from "./store.ts";
import { makeStore } from "./store.ts";
import type { SandboxSwitches } from "./switches.ts";
import { resolveSwitches } from "./switches.ts";
import type { Outcome, WireRequest } from "./wire.ts";

/** Everything that answers requests. */
export interface ServerParts extends RestParts, ControlParts, ExchangeParts {
  readonly answerGraphql: (request: WireRequest) => Promise<Outcome>;
}

/** An account that was opened, and what it takes to serve it. */
export interface OpenState {
  readonly account: Account;
  readonly log: RequestLog;
  readonly faults: Faults;
  readonly setSwitches: (chosen: Partial<SandboxSwitches>) => void;
  readonly close: () => void;
}

/** Opens the account of a directory, or a new one in memory. What is written is told as it is journalled. */
export function openState(
  options: Omit<SandboxOptions, "port">,
  onCommit: (operations: readonly Operation[]) => void = () => {},
): OpenState {
  const { directory } = options;
  const disk = directory === undefined ? undefined : openStateDirectory(directory);
  const store: Store = makeStore((operations) => {
    disk?.append(operations);
    onCommit(operations);
  });
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

/** Makes everything that answers requests to an opened account. */
export async function makeParts(state: OpenState): Promise<ServerParts> {
  const { account, log, faults, setSwitches } = state;
  const limits = makeRateLimits(account.now);
  const checkBody = await makeBodyCheck(account.switches);
  const answerGraphql = makeGraphqlEndpoint({ account, limits });
  return { account, log, faults, setSwitches, limits, checkBody, answerGraphql };
}

function chooseSeed(options: Pick<SandboxOptions, "seed">): string {
  return options.seed === undefined ? randomBytes(12).toString("hex") : String(options.seed);
}

function writeAdminKey(directory: string, account: Account): void {
  writeFileSync(join(directory, "admin-key"), `${account.store.settings().admin_key}\n`, { mode: 0o600 });
}
