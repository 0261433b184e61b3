import { Command } from "commander";
import { addAdopt } from "./commands/adopt.ts";
import { addApply } from "./commands/apply.ts";
import { addApprove } from "./commands/approve.ts";
import { addCompletion } from "./commands/completion.ts";
import { addDoctor } from "./commands/doctor.ts";
import { addDrift } from "./commands/drift.ts";
import { addExport } from "./commands/export.ts";
import { addFmt } from "./commands/fmt.ts";
import { addInit } from "./commands/init.ts";
import { addKeys } from "./commands/keys.ts";
import { addLedger } from "./commands/ledger.ts";
import { addOffboard } from "./commands/offboard.ts";
import { addPlan } from "./commands/plan.ts";
import { addQuestions } from "./commands/questions.ts";
import { addReview } from "./commands/review.ts";
import { addSandbox } from "./commands/sandbox.ts";
import { addSchema } from "./commands/schema.ts";
import { addShow } from "./commands/show.ts";
import { addSummary } from "./commands/summary.ts";
import { addTest } from "./commands/test.ts";
import { addUndo } from "./commands/undo.ts";
import { addUnlock } from "./commands/unlock.ts";
import { addValidate } from "./commands/validate.ts";
import { addGlobalFlags } from "./flags/global-flags.ts";
import type { AddCommand, Start } from "./flow.ts";
import type { Io } from "./io.ts";

const COMMANDS: readonly AddCommand[] = [
  addInit,
  addValidate,
  addFmt,
  addSchema,
  addExport,
  addAdopt,
  addPlan,
  addSummary,
  addShow,
  addReview,
  addApprove,
  addApply,
  addUndo,
  addQuestions,
  addTest,
  addLedger,
  addUnlock,
  addDrift,
  addOffboard,
  addKeys,
  addDoctor,
  addSandbox,
  addCompletion,
];

/** The whole command line as a tree; parsing it calls `start`, prints help through `io`, or throws CommanderError. */
export function buildProgram(io: Io, start: Start): Command {
  const program = new Command("axcess")
    .description("Access as code for Arize AX: plan who may do what, review it, apply it.")
    .usage("COMMAND [flags]")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      // The error is thrown, and shown once, by whoever runs the command.
      outputError: () => undefined,
      getOutHelpWidth: () => Math.min(io.columns, 120),
      getErrHelpWidth: () => Math.min(io.columns, 120),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .configureHelp({ showGlobalOptions: true })
    .showSuggestionAfterError();
  addGlobalFlags(program);
  for (const add of COMMANDS) add(program, start);
  return program;
}
