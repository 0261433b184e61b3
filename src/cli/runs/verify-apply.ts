import type { ApplyReport } from "../../apply/report.ts";
import { PlatformError } from "../../model/errors.ts";
import type { Manifest } from "../../model/manifest.ts";
import type { Plan } from "../../model/plan.ts";
import type { Limits } from "../../model/policy.ts";
import { recallMemory } from "../../state/memory.ts";
import type { Reading } from "../context.ts";
import type { UndoSource } from "../plans/aim-undo.ts";
import { completeSight, planFrom, readAccount } from "../plans/plan-account.ts";
import { harmless } from "../render/harmless.ts";
import { summarizePlan } from "../render/plan-summary.ts";
import { STEP_MARKS } from "../render/step-text.ts";
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
  readonly signal: AbortSignal;
}

/** Looks again after something was done and says whether the account now matches; gives back the plan of what is left, if it could be made. */
export async function verifyApply(verification: Verification): Promise<Plan | undefined> {
  const { session, manifest, writing, run, report, limits, undo, signal } = verification;
  const didSomething = report.results.some(({ state }) => state === "done" || state === "failed");
  if (!didSomething || signal.aborted) return undefined;
  try {
    const options = { memory: recallMemory(run.ledger.lines()), limits };
    const seen = await readAccount(session, { manifest, reading: writing, undo, memory: options.memory });
    const left = planFrom(await completeSight(session, seen, { ...options, reading: writing }), options);
    const text = describeLeft(left);
    session.print(text);
    session.events?.emit("log", "info", text.slice(0, text.indexOf("\n")), {});
    return left;
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    session.print(`The account could not be read again afterwards: ${harmless(error.message)}\n`);
    return undefined;
  }
}

function describeLeft(left: Plan): string {
  if (left.steps.length + left.withheld.length + left.incomplete.length + left.assertions.length === 0) {
    return left.basis.undo === undefined
      ? "The account now matches the manifest.\n"
      : `All of ${harmless(left.basis.undo)} that can be undone is undone.\n`;
  }
  const lines = [
    summarizePlan(left, "Left"),
    ...left.steps.map(
      (step) => `  ${STEP_MARKS[step.op]} ${step.op} ${harmless(step.address)}  ${step.gate.state} ${step.id}`,
    ),
    ...left.withheld.map((address) => `  withheld ${harmless(address)}`),
    ...left.incomplete.map((key) => `  not read whole ${harmless(key)}`),
  ];
  return lines.map((line) => `${line}\n`).join("");
}
