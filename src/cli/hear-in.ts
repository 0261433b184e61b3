import type { StepState } from "../apply/report.ts";
import type { EngineEvent, Hear } from "../engine/engine-event.ts";
import { emitApply, emitReport } from "./events/apply-events.ts";
import { makeProgress, type Progress } from "./progress.ts";
import { renderClosing } from "./render/closing-text.ts";
import { renderDiagnostics } from "./render/diagnostics-text.ts";
import { harmless } from "./render/harmless.ts";
import { renderReport, renderResultLine } from "./render/report-text.ts";
import type { Session } from "./session.ts";

/** Tells at the terminal what happens on the way to a result. */
export function hearIn(session: Session): Hear {
  const progress = makeProgress(session);
  return (event) => hearEvent(session, progress, event);
}

function hearEvent(session: Session, progress: Progress, event: EngineEvent): void {
  switch (event.type) {
    case "reading":
      progress.update(describeReading(event));
      return;
    case "looking":
      session.events?.emit("log", "info", "Reading the account.", {});
      return;
    case "ended":
      progress.end();
      return;
    case "started":
      emitApply(session.events, event);
      progress.update(`${event.step.op} ${harmless(event.step.address)}`);
      return;
    case "settled":
      emitApply(session.events, event);
      // What never began is told once, with its reason, by the report.
      if (!NEVER_BEGUN.has(event.result.state)) progress.line(renderResultLine(event.result, session.errorPaint));
      return;
    case "noted":
      session.tell(renderDiagnostics(event.diagnostics, session.errorPaint));
      return;
    case "doubted":
    case "retracted":
    case "cleared":
      tellDoubt(session, event);
      return;
    case "reported":
      if (event.plan.steps.length > 0) session.print(renderReport(event.report, session.paint));
      emitReport(session.events, event.report);
      return;
    case "verified":
      tellClosing(session, renderClosing(event.report, event.left));
      return;
    case "unverified":
      session.print(`The account could not be read again afterwards: ${harmless(event.because)}\n`);
      return;
  }
}

const NEVER_BEGUN: ReadonlySet<StepState> = new Set(["held", "blocked", "skipped"]);

type EventOf<T extends EngineEvent["type"]> = Extract<EngineEvent, { readonly type: T }>;

function describeReading({ reads, kind, count }: EventOf<"reading">): string {
  switch (reads) {
    case "manifest":
      return `Reading the account: ${kind} ${count}`;
    case "reach":
      return `Reading whom it hits: ${kind} ${count}`;
    case "belongings":
      return `Reading what stays behind: ${count}`;
  }
}

function tellClosing(session: Session, text: string): void {
  session.print(text);
  session.events?.emit("log", "info", text.slice(0, text.indexOf("\n")), {});
}

/** What is only in doubt is no event: a later run says what became of it. */
function tellDoubt(session: Session, event: EventOf<"doubted" | "retracted" | "cleared">): void {
  const text = describeDoubt(event);
  session.tell(`${text}\n`);
  if (event.type !== "doubted") session.events?.emit("log", "warn", text, {});
}

/** What became of what a run that broke off left open. */
function describeDoubt(event: EventOf<"doubted" | "retracted" | "cleared">): string {
  const address = harmless(event.address);
  switch (event.type) {
    case "doubted":
      return `A run broke off at ${address}; the next apply settles what became of it.`;
    case "retracted":
      return `An earlier run broke off at ${address} before its secret reached its place; what it made is revoked.`;
    case "cleared":
      return `An earlier run broke off at ${address}: ${event.result}.`;
  }
}
