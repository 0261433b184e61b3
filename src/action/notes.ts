import { join } from "node:path";
import type { Inputs } from "./inputs.ts";
import type { PullRequest } from "./job-event.ts";
import { parseJson } from "./json-field.ts";
import type { Machine } from "./machine.ts";
import type { Dropped } from "./merge-order.ts";
import type { Authors } from "./pull-authors.ts";

/** What the first step found out for the second. */
export interface Prepared {
  /** Whether the account may be asked, and so whether the next step is handed the key. */
  readonly asksAccount: boolean;
  /** Why not; "" where it may. */
  readonly because: string;
  /** The pull request that a plan is commented on, or whose plan is applied. */
  readonly pull?: Omit<PullRequest, "isFork"> & { readonly isFork?: boolean };
  /** Whether the plan that was reviewed was found; only for `apply`. */
  readonly isReviewed?: boolean;
  /** Who authored it, where the input `authors` maps logins to e-mails. */
  readonly authors?: Authors;
  /** Earlier merges whose applies were cancelled; only for `apply`. */
  readonly dropped?: readonly Dropped[];
  /** The ledger as it came from its branch; only where it has one. */
  readonly ledger?: string;
}

/** What the second step did, for the third. */
export interface Result {
  /** As axcess ends. */
  readonly exit: number;
  /** Markdown to be posted, without the lines that find it again. */
  readonly page: string;
  readonly outputs: Readonly<Record<string, string | number>>;
  /** Why it ended so, where axcess itself did not end so. */
  readonly because?: string;
}

/** Where the next step finds what this one leaves. */
export const FILES = { prepared: "prepared.json", result: "result.json", reviewed: "reviewed.json" } as const;

/** The folder that is uploaded as an artifact. */
export function uploadFolder({ out }: Inputs): string {
  return join(out, "upload");
}

/** Leaves something for the next step. */
export async function leave(machine: Machine, { out }: Inputs, file: string, value: Prepared | Result): Promise<void> {
  await machine.write(join(out, file), JSON.stringify(value));
}

/** What the first step left; where it did not run, the account is not asked. */
export async function recallPrepared(machine: Machine, { out }: Inputs): Promise<Prepared> {
  const found = parseJson((await machine.read(join(out, FILES.prepared))) ?? "");
  return (found as Prepared | undefined) ?? { asksAccount: false, because: "The step before this one failed." };
}

/** What the second step left; undefined where it failed before it came to anything. */
export async function recallResult(machine: Machine, { out }: Inputs): Promise<Result | undefined> {
  return parseJson((await machine.read(join(out, FILES.result))) ?? "") as Result | undefined;
}
