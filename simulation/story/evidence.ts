import type { Applied } from "../../src/engine/apply-manifest.ts";
import type { ChangeId, Digest, Step } from "../../src/model/change.ts";
import type { Plan } from "../../src/model/plan.ts";
import type { PartName } from "../../src/model/shard.ts";
import type { Operation } from "../../src/sandbox/store.ts";
import type { DiskChange } from "../machine/disk.ts";
import type { Scenario } from "./scenario.ts";

/** What happened, one after the other. This is all that is judged, and all that a trace is made of. */
export type Happening =
  | { readonly type: "stage"; readonly stage: number }
  /** The trouble of a stage is over: nothing goes wrong any more. */
  | { readonly type: "calm" }
  | {
      readonly type: "started";
      readonly pid: number;
      readonly command: "plan" | "apply";
      /** Of a divided account the part that it is for; none where it is for all of it. */
      readonly part?: PartName;
      /** What it is to run exactly or not at all; none where it runs what it plans itself. */
      readonly saved?: Plan;
      /** By digest: the summary that it shows for the whole of a divided account. */
      readonly summary?: Digest;
    }
  | {
      readonly type: "request";
      readonly pid: number;
      readonly number: number;
      readonly method: string;
      /** Path and query. */
      readonly target: string;
      readonly body: string | undefined;
    }
  /** The server wrote something: for a request, or for a person. */
  | { readonly type: "commit"; readonly by: number | "person" | "furniture"; readonly operations: readonly Operation[] }
  | { readonly type: "answer"; readonly number: number; readonly status: number; readonly body: string }
  | { readonly type: "fault"; readonly name: string; readonly at: string }
  | {
      readonly type: "write";
      readonly pid: number;
      readonly change: DiskChange;
      readonly path: string;
      readonly text: string;
    }
  | { readonly type: "planned"; readonly pid: number; readonly plan: Plan }
  /** The plans of all parts were judged as one, and together they may remove so many objects. */
  | {
      readonly type: "judged";
      readonly summary: Digest;
      readonly plans: readonly Plan[];
      readonly mostRemovals: number;
    }
  | {
      readonly type: "approved";
      readonly changes: readonly ChangeId[];
      /** The digest of the line that was written last, in any part of the ledger, when the plan was begun; none where there was no line. */
      readonly head?: string;
    }
  /** An older copy took the place of the ledger. */
  | { readonly type: "put-back"; readonly text: string }
  | { readonly type: "killed"; readonly pid: number }
  | { readonly type: "ended"; readonly pid: number; readonly ending: Ending }
  /** A stage is over: nothing is left to do, or what is left is said. */
  | { readonly type: "settled"; readonly stage: number; readonly rounds: number; readonly left: Left };

/** What is left after the last round: nothing, what no approval releases, or what there is no excuse for. */
export type Left =
  | { readonly state: "nothing" }
  | { readonly state: "blocked"; readonly steps: readonly LeftStep[]; readonly unknown: readonly string[] }
  | { readonly state: "unfinished"; readonly because: string };

/** A step that is left, with what its plan says of it. */
export type LeftStep = Pick<Step, "op" | "address" | "renamedFrom" | "dependsOn" | "gate" | "hazards">;

/** How a process ended by itself. */
export interface Ending {
  readonly exit: number;
  readonly applied?: Applied;
  /** What it was refused with; `isBug` where that was a fault of axcess. */
  readonly failure?: { readonly words: string; readonly isBug: boolean };
}

/** Everything that is known of a run. */
export interface Evidence {
  readonly scenario: Scenario;
  readonly happenings: readonly Happening[];
  /** All that would have been shown or handed to anybody. */
  readonly outputs: readonly string[];
  /** The key of the account. */
  readonly adminKey: string;
}

/** Where the ledger is, and the account part of a divided one. */
export const LEDGER = "/home/ana/.axcess/ledger.jsonl";

/** True for the ledger, and for each part of a divided one. */
export function isLedger(path: string): boolean {
  return path === LEDGER || /^\/home\/ana\/\.axcess\/ledger\.shard-\d+\.jsonl$/u.test(path);
}
