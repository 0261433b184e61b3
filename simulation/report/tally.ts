import process from "node:process";
import type { Outcome } from "../play.ts";

/** What is printed of many runs: what failed, and how much was tried. */
export interface Tally {
  say(text: string): void;
  fail(text: string): void;
  failures(): number;
  count(outcome: Outcome): void;
  /** Prints the sums, and makes the process fail where anything did. */
  end(): void;
}

function makeTally(): Tally {
  const sums = new Map<string, number>();
  const add = (name: string, count = 1): void => {
    sums.set(name, (sums.get(name) ?? 0) + count);
  };
  let failures = 0;
  const say = (text: string): void => {
    process.stdout.write(`${text}\n`);
  };
  return {
    say,
    fail: (text) => {
      failures += 1;
      say(`FAILED ${text}`);
    },
    failures: () => failures,
    count: ({ evidence: { happenings } }) => {
      add("scenarios");
      for (const happening of happenings) {
        if (happening.type === "request") add("requests");
        if (happening.type === "commit" && typeof happening.by === "number") add("writes to the account");
        if (happening.type === "write") add("writes to the disk");
        if (happening.type === "started") add("processes");
        if (happening.type === "killed") add("killed");
        if (happening.type === "fault") add("faults");
        if (happening.type === "settled") add(`settled: ${happening.left.state}`);
        if (happening.type === "ended") add(`exit ${happening.ending.exit}`);
      }
    },
    end: () => {
      say(
        [...sums]
          .map(([name, count]) => `${name} ${count}`)
          .sort()
          .join(", "),
      );
      say(failures === 0 ? "No invariant was broken." : `${failures} failed.`);
      process.exitCode = failures === 0 ? 0 : 1;
    },
  };
}

export const report: Tally = makeTally();
