import type { FaultRule } from "./faults.ts";
import type { LoggedRequest } from "./request-log.ts";
import type { SandboxSwitches } from "./switches.ts";

/** How a sandbox is started. */
export interface SandboxOptions {
  /** Where the account lives between starts; undefined keeps it in memory. One process at a time may use a directory. */
  readonly directory: string | undefined;
  /** The port on 127.0.0.1; 0 takes any free one. */
  readonly port: number;
  readonly switches?: Partial<SandboxSwitches>;
  readonly faults?: readonly FaultRule[];
  /** The clock for timestamps, expiry and rate limits; the wall clock by default. */
  readonly now?: () => Date;
  /** Makes ids, keys, orders and delays repeatable; counts when the directory is first used. Random by default. */
  readonly seed?: number;
}

/** A running simulated account. */
export interface Sandbox {
  /** Base URL of the REST API, and of the app host with /graphql. */
  readonly url: string;
  /** The key of the first account admin; the same at every start on a directory, where it is also in the file admin-key. */
  readonly adminKey: string;
  /** The requests answered since this start, oldest first, secrets redacted. */
  readonly log: readonly LoggedRequest[];
  readonly setSwitches: (chosen: Partial<SandboxSwitches>) => void;
  readonly setFaults: (rules: readonly FaultRule[]) => void;
  /** Stops serving, writes the state and frees the directory. */
  readonly close: () => Promise<void>;
}
