import type { Clock, Files, Host, Programs, Random } from "../model/ports.ts";

/** The machine, as far as a run needs it. */
export interface Outside {
  readonly files: Files;
  readonly programs: Programs;
  readonly clock: Clock;
  readonly host: Host;
  readonly random: Random;
  /** Absolute path of a folder for what is there for a moment. */
  readonly temporary: string;
  /** Absolute path of the folder that paths of secrets are read from. */
  readonly home: string;
  /** Environment variables that hold the account's key, whole or in part. */
  readonly keyVariables: readonly string[];
}
