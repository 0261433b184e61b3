import type { Diagnostic, DiagnosticCode } from "../model/diagnostic.ts";
import { DiagnosedError } from "../model/errors.ts";
import type { LockHolder } from "../model/ledger-store.ts";

/** Who holds a lock, in words. */
export function describeHolder({ user, hostname, pid, run, startedAt }: LockHolder): string {
  return `${user} on ${hostname} (process ${pid}, run ${run}) since ${startedAt}`;
}

/** Reads a holder out of the text in which it was kept; undefined where it is none. */
export function parseHolder(text: string | undefined): LockHolder | undefined {
  if (text === undefined) return undefined;
  try {
    const value = JSON.parse(text) as LockHolder;
    const texts = [value.hostname, value.user, value.startedAt, value.run];
    const whole = Number.isInteger(value.pid) && texts.every((member) => typeof member === "string");
    return whole ? value : undefined;
  } catch {
    return undefined;
  }
}

/** What cannot be had: the lock, while somebody else holds it (AX505) or is just taking it (AX506). */
export function refuseLock(code: "AX505" | "AX506", detail: string, fix: string): DiagnosedError {
  const summary = code === "AX505" ? "The ledger is locked" : "The lock of the ledger is changing hands";
  return makeError(code, summary, detail, fix);
}

/** The lock may be somebody else's by now. */
export function describeLoss(detail: string): DiagnosedError {
  return makeError(
    "AX508",
    "The lock of the ledger was lost",
    detail,
    "Look at the lock, wait for the run that holds it, and run again: what was under way is settled then.",
  );
}

/** Somebody else added to the ledger. */
export function describeGrowth(shown: string): DiagnosedError {
  return makeError(
    "AX504",
    "The ledger changed since it was read",
    `Somebody else wrote to ${shown} after this run had read it. Nothing was added to it.`,
    "Run again.",
  );
}

/** The lock of a run that broke off was taken over. */
export function describeFall(because: string): Diagnostic {
  return {
    code: "AX507",
    severity: "note",
    summary: "A lock that was left behind was taken over",
    detail: because,
  };
}

function makeError(code: DiagnosticCode, summary: string, detail: string, fix: string): DiagnosedError {
  return new DiagnosedError([{ code, severity: "error", summary, detail, fix }]);
}
