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

/** Each command by its name, in the order of the help; what defines several stands under each of them. */
const COMMANDS: ReadonlyMap<string, AddCommand> = new Map([
  ["init", addInit],
  ["validate", addValidate],
  ["fmt", addFmt],
  ["schema", addSchema],
  ["export", addExport],
  ["adopt", addAdopt],
  ["plan", addPlan],
  ["summary", addSummary],
  ["show", addShow],
  ["review", addReview],
  ["approve", addApprove],
  ["apply", addApply],
  ["undo", addUndo],
  ["explain", addQuestions],
  ["who-can", addQuestions],
  ["access", addQuestions],
  ["test", addTest],
  ["ledger", addLedger],
  ["unlock", addUnlock],
  ["drift", addDrift],
  ["offboard", addOffboard],
  ["keys", addKeys],
  ["doctor", addDoctor],
  ["sandbox", addSandbox],
  ["completion", addCompletion],
]);

/** Tells of the whole command line, and so needs all of it. */
const TELLS_OF_ALL = "completion";

/**
 * The command line as a tree; parsing it calls `start`, prints help through `io`, or throws CommanderError. It has only the
 * command that `first`, the first word, names, since defining the others takes longer than reading the words; all of them where
 * that names none.
 */
export function buildProgram(io: Io, start: Start, first?: string): Command {
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
  const only = first === undefined || first === TELLS_OF_ALL ? undefined : COMMANDS.get(first);
  for (const add of only === undefined ? new Set(COMMANDS.values()) : [only]) add(program, start);
  return program;
}
