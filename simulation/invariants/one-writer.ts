import type { PartName } from "../../src/model/shard.ts";
import { isLedger } from "../story/evidence.ts";
import type { Invariant } from "./invariant.ts";

/**
 * No two processes write at once: once another one writes to the ledger, whoever wrote before does nothing more. Of a divided account
 * that is so for each part, and for whoever works on the whole with any of them.
 */
export const oneWriter: Invariant = {
  name: "one-writer",
  claim: "no two processes write at once",
  watch: (tell) => {
    const writing = new Set<number>();
    const overtaken = new Set<number>();
    const forget = (pid: number): void => {
      writing.delete(pid);
      overtaken.delete(pid);
    };
    const parts = new Map<number, PartName | undefined>();
    const excludes = (one: number, other: number): boolean => {
      const [part, otherPart] = [parts.get(one), parts.get(other)];
      return one !== other && (part === undefined || otherPart === undefined || part === otherPart);
    };
    const begin = (pid: number): void => {
      for (const other of writing) if (excludes(pid, other)) overtaken.add(other);
      writing.add(pid);
    };
    return {
      see: (happening) => {
        if (happening.type === "started" || happening.type === "killed" || happening.type === "ended")
          forget(happening.pid);
        if (happening.type === "started") parts.set(happening.pid, happening.part);
        if (happening.type === "request" && overtaken.has(happening.pid) && isWrite(happening))
          tell(`${happening.method} ${happening.target} was sent by a run whose place another one had taken`);
        if (happening.type !== "write" || !isLedger(happening.path) || happening.change !== "append") return;
        if (overtaken.has(happening.pid)) tell("a run added to the ledger whose place another one had taken");
        else begin(happening.pid);
      },
    };
  },
};

/** Whether a request may change the account. */
export function isWrite({
  method,
  target,
  body,
}: {
  readonly method: string;
  readonly target: string;
  readonly body: string | undefined;
}): boolean {
  return target === "/graphql" ? /"query":"\s*mutation/u.test(body ?? "") : method !== "GET";
}
