import type { Sharding } from "../../src/model/shard.ts";
import type { SandboxSwitches } from "../../src/sandbox/start-sandbox.ts";
import type { Fault } from "../faults/fault.ts";

/** What a person sends to the account. */
export interface Call {
  readonly method: string;
  readonly target: string;
  readonly body?: unknown;
  /** The name by which later calls mean what this one made, as `{name}`. */
  readonly as?: string;
}

/** A manifest as a plain value. */
export type Company = Readonly<Record<string, unknown>>;

/** How the people in front of axcess work through one manifest. */
export interface Stage {
  readonly company: Company;
  /** Runs before the trouble is over. Then everything held is approved, until nothing is left to do. */
  readonly troubled: readonly Visit[];
  readonly faults: readonly Fault[];
  /** Days that pass before it. */
  readonly days: number;
  /** How the account is divided from this stage on; left out: it is planned and applied whole. */
  readonly shards?: Sharding;
  /** The lock of a run that died before it, if one lies there. */
  readonly leftLock?: LeftLock;
  /** How much of the ledger an older copy has that is put in its place after the first visit, from 0 to 1. */
  readonly putBack?: number;
}

/** The lock of a run that is dead. */
export interface LeftLock {
  readonly hostname: "machine" | "elsewhere";
  /** How long before it was last renewed. */
  readonly minutes: number;
}

/** One time that somebody plans and applies. */
export interface Visit {
  /** What of the held changes is approved. */
  readonly approves: "all" | "none" | "some";
  /** Whether the plan that was reviewed is applied, or what is planned then. */
  readonly isSaved: boolean;
  /** Whether the last run that changed something is taken back, by a plan that was reviewed, instead of the manifest being applied. */
  readonly undoes?: boolean;
}

/** Everything that decides a run: the same scenario always goes the same way. */
export interface Scenario {
  readonly seed: number;
  readonly switches: Partial<SandboxSwitches>;
  readonly parallelism: number;
  /** Whether every process has the same number, as in a container. */
  readonly isContainer: boolean;
  /** Whether a second axcess runs on another machine, from which nobody sees which processes live. */
  readonly isSecondElsewhere?: boolean;
  /** Whether everybody who applies hands in all approvals that there ever were. */
  readonly keepsApprovals?: boolean;
  /** What stands in the account before axcess comes, and is no business of it. */
  readonly furniture: readonly Call[];
  readonly stages: readonly Stage[];
}
