import type { ApplyEvent } from "../../apply/apply-plan.ts";
import type { ApplyReport, StepResult, StepState } from "../../apply/report.ts";
import { summarizeReport } from "../render/report-text.ts";
import type { EventBodies, EventLevel, EventSink } from "./event.ts";
import { emitGate, nameChange } from "./plan-events.ts";

/** Tells that a change begins, or what became of it. */
export function emitApply(events: EventSink | undefined, event: ApplyEvent): void {
  if (events === undefined) return;
  if (event.type === "started") {
    const { step } = event;
    events.emit("apply_start", "info", `${step.op} ${step.address}: begun`, { hook: nameChange(step) });
  } else emitResult(events, event.result);
}

/** Tells how many changes came to what. */
export function emitReport(events: EventSink | undefined, report: ApplyReport): void {
  const { results } = report;
  const count = (...fits: readonly string[]): number =>
    results.filter(({ state, step }) => fits.includes(state) || (state === "done" && fits.includes(step.op))).length;
  events?.emit("change_summary", "info", summarizeReport(report), {
    changes: {
      operation: "apply",
      add: count("create"),
      change: count("update"),
      remove: count("delete"),
      already: count("already"),
      failed: count("failed"),
      stale: count("stale"),
      skipped: count("skipped"),
      held: count("held"),
      blocked: count("blocked"),
    },
  });
}

/** What never began since it waits for an approval, or may not be, is told by its gate. */
function emitResult(events: EventSink, result: StepResult): void {
  const { step, state, because = "" } = result;
  const isGated = (state === "held" || state === "blocked") && step.gate.state !== "open";
  if (isGated) emitGate(events, step);
  else {
    const [type, level] = TOLD[state];
    const message = `${step.op} ${step.address}: ${state}${because === "" ? "" : `. ${because}`}`;
    events.emit(type, level, message, { hook: describeResult(result) });
  }
}

const TOLD: Readonly<Record<StepState, readonly ["apply_complete" | "apply_errored", EventLevel]>> = {
  done: ["apply_complete", "info"],
  already: ["apply_complete", "info"],
  failed: ["apply_errored", "error"],
  stale: ["apply_errored", "error"],
  skipped: ["apply_errored", "warn"],
  // A change that was open when it was planned, and needs an approval by now.
  held: ["apply_errored", "warn"],
  blocked: ["apply_errored", "warn"],
};

function describeResult({
  step,
  state,
  because,
  approvedBy,
  notes,
}: StepResult): EventBodies["apply_complete"]["hook"] {
  return {
    ...nameChange(step),
    state,
    ...(because !== undefined && { because }),
    ...(approvedBy !== undefined && { approved_by: approvedBy }),
    ...(notes.length > 0 && { notes }),
  };
}
