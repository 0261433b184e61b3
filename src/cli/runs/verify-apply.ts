import type { ApplyReport } from "../../apply/report.ts";
import { PlatformError } from "../../model/errors.ts";
import type { Manifest } from "../../model/manifest.ts";
import type { Plan } from "../../model/plan.ts";
import type { Limits } from "../../model/policy.ts";
import { recallMemory } from "../../state/memory.ts";
import type { Reading } from "../context.ts";
import type { UndoSource } from "../plans/aim-undo.ts";
import { completeSight, planFrom, readAccount } from "../plans/plan-account.ts";
import { renderClosing } from "../render/closing-text.ts";
import { harmless } from "../render/harmless.ts";
import type { Session } from "../session.ts";
import type { Run } from "./open-run.ts";

export interface Verification {
  readonly session: Session;
  readonly manifest: Manifest;
  readonly writing: Reading;
  readonly run: Run;
  readonly report: ApplyReport;
  readonly limits: Limits;
  /** The run that was taken back, where one was. */
  readonly undo: UndoSource | undefined;
  /** What was to get a new secret on demand. */
  readonly rotate: Plan["basis"]["rotate"];
  readonly signal: AbortSignal;
}

/** Looks again after something was done and says whether the account now matches; gives back the plan of what is left, if it could be made. */
export async function verifyApply(verification: Verification): Promise<Plan | undefined> {
  const { session, manifest, writing, run, report, limits, undo, rotate, signal } = verification;
  const didSomething = report.results.some(({ state }) => state === "done" || state === "failed");
  if (!didSomething || signal.aborted) return undefined;
  try {
    const options = { memory: recallMemory(run.ledger.lines()), limits };
    const seen = await readAccount(session, { manifest, reading: writing, undo, rotate, memory: options.memory });
    const left = planFrom(await completeSight(session, seen, { ...options, reading: writing }), options);
    const text = renderClosing(report, left);
    session.print(text);
    session.events?.emit("log", "info", text.slice(0, text.indexOf("\n")), {});
    return left;
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    session.print(`The account could not be read again afterwards: ${harmless(error.message)}\n`);
    return undefined;
  }
}
