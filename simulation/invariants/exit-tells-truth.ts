import type { StepState } from "../../src/apply/report.ts";
import type { Applied } from "../../src/engine/apply-manifest.ts";
import type { Ending } from "../story/evidence.ts";
import type { Invariant } from "./invariant.ts";

/** The exit code and the report of every process say what really happened, and nothing that goes wrong is a fault of axcess. */
export const exitTellsTruth: Invariant = {
  name: "exit-tells-truth",
  claim: "exit code and report say what happened",
  watch: (tell) => {
    const written = new Map<number, string[]>();
    const interrupted = new Set<number>();
    // A process that was killed has its number again, and what it had sent still arrives.
    const sent = new Map<number, Set<number>>();
    return {
      see: (happening, { request }) => {
        if (happening.type === "started") {
          written.set(happening.pid, []);
          sent.set(happening.pid, new Set());
        }
        if (happening.type === "request") sent.get(happening.pid)?.add(happening.number);
        if (happening.type === "commit" && typeof happening.by === "number") {
          const { pid = 0, method = "GET", target = "" } = request(happening.by) ?? {};
          const isOwn = sent.get(pid)?.has(happening.by) === true;
          if (isOwn && method !== "GET" && target !== "/graphql" && !target.endsWith("/revoke"))
            written.get(pid)?.push(`${method} ${target}`);
        }
        if (happening.type === "fault" && happening.name === "interrupt") interrupted.add(0);
        if (happening.type === "calm") interrupted.clear();
        if (happening.type !== "ended") return;
        for (const breach of judgeEnding(happening.ending, written.get(happening.pid) ?? [], interrupted.size > 0))
          tell(breach);
      },
    };
  },
};

function judgeEnding(ending: Ending, written: readonly string[], mayBeInterrupted: boolean): readonly string[] {
  const { exit, failure, applied } = ending;
  if (failure?.isBug === true) return [`it failed by a fault of its own: ${failure.words}`];
  if (exit === 130 && !mayBeInterrupted) return ["it ended with 130, and nobody interrupted it"];
  if (applied === undefined) {
    if (exit === 1 && written.length > 0)
      return [`it ended with 1 (${failure?.words}) and told nothing of ${written.join(", ")}`];
    return [];
  }
  if (applied.outcome !== "applied")
    return written.length === 0 ? [] : [`it was ${applied.outcome}, and wrote ${written.join(", ")}`];
  return judgeReport(exit, applied, written);
}

function judgeReport(
  exit: number,
  { report, plan, remaining }: Extract<Applied, { outcome: "applied" }>,
  written: readonly string[],
): readonly string[] {
  const has = (...states: readonly StepState[]): boolean => report.results.some(({ state }) => states.includes(state));
  const rules: Readonly<Record<number, boolean>> = {
    0: report.results.every(({ state }) => state === "done" || state === "already"),
    1: !has("done") && (has("failed") || report.stopped !== undefined),
    3: has("held", "blocked") || (remaining ?? plan).assertions.length > 0,
    4: has("stale") && !has("done"),
    5: has("done") && (has("failed", "stale") || report.stopped !== undefined),
    6: [plan, remaining].some((one) => (one?.withheld.length ?? 0) + (one?.incomplete.length ?? 0) > 0),
    130: report.interrupted,
  };
  const states = report.results.map(({ step, state }) => `${state} ${step.address}`).join(", ");
  if (rules[exit] !== true) return [`it ended with ${exit}, and its steps were: ${states}`];
  if (written.length > 0 && !has("done", "failed"))
    return [`it wrote ${written.join(", ")}, and no step says so: ${states}`];
  return [];
}
