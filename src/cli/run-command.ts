import { type Command, CommanderError } from "commander";
import { UsageError } from "../model/errors.ts";
import { describeFailure, EXIT, type Failure } from "./exit.ts";
import { checkEnvironment } from "./flags/environment.ts";
import { type RawGlobals, readGlobals } from "./flags/globals.ts";
import type { Flow } from "./flow.ts";
import type { Io } from "./io.ts";
import { buildProgram } from "./program.ts";
import { renderDiagnostics } from "./render/diagnostics-text.ts";
import { harmless } from "./render/harmless.ts";
import { loadPaint } from "./render/load-paint.ts";
import { prettyJson } from "./render/pretty-json.ts";
import { type Outcome, openSession } from "./session.ts";

/** Parses the command line, runs the command's flow, and turns its outcome or error into output and an exit code. */
export async function runCommand(argv: readonly string[], io: Io): Promise<number> {
  const words = spellOut(argv);
  const flags = wordsBeforeOperands(words);
  const json = flags.includes("--json");
  let command: string | undefined;
  try {
    checkEnvironment(io.env);
    const started = parse(words, io);
    if (started === undefined) return EXIT.done;
    command = started.command;
    const session = await openSession(io, readGlobals(started.globals, io.env));
    const outcome = await started.flow(session);
    if (json) writeDocument(io, command, outcome);
    return outcome.exit;
  } catch (error) {
    const failure = describeFailure(error);
    await writeFailure(io, failure, flags.includes("--no-color"));
    if (flags.includes("--verbose") && error instanceof Error) io.stderr.write(`${stackOf(error)}\n`);
    if (json) writeDocument(io, command, outcomeOf(failure));
    return failure.exit;
  }
}

/** `--sandbox` alone must not take the next word for its folder: only `--sandbox=DIR` has one. */
function spellOut(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf("--");
  return argv.map((word, index) => (word === "--sandbox" && (end < 0 || index < end) ? "--sandbox=" : word));
}

function wordsBeforeOperands(words: readonly string[]): readonly string[] {
  const end = words.indexOf("--");
  return end < 0 ? words : words.slice(0, end);
}

interface Started {
  readonly command: string;
  readonly globals: RawGlobals;
  readonly flow: Flow;
}

/** The command that the words ask for; undefined when they asked for help, which is printed then. */
function parse(words: readonly string[], io: Io): Started | undefined {
  let started: Started | undefined;
  const begin = (command: string, flow: Flow): void => {
    started = { command, globals: program.opts<RawGlobals>(), flow };
  };
  const program = buildProgram(io, begin, words[0]);
  try {
    program.parse(words, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    throw usageErrorOf(
      error,
      nameCommand(
        buildProgram(io, () => undefined),
        words,
        error,
      ),
    );
  }
  return started;
}

/** The command that the words name; the value of a flag that comes before it is none, whatever it is called. */
function nameCommand(program: Command, words: readonly string[], { code }: CommanderError): string | undefined {
  // A flag without its value is always the last word.
  const whole = code === "commander.optionMissingArgument" ? words.slice(0, -1) : words;
  const [first] = program.parseOptions([...whole]).operands;
  return program.commands.map((each) => each.name()).find((name) => name === first);
}

function usageErrorOf(error: CommanderError, command: string | undefined): UsageError {
  if (error.code === "commander.help") return new UsageError("No command was given.", "See: axcess --help");
  const [message = "", ...rest] = error.message.replace(/^error: /u, "").split("\n");
  const suggestion = rest.join(" ").replace(/^\((.*)\)$/u, "$1");
  const sentence = message.replace(
    /^command-argument value ('.*') is invalid for argument '.*?'\./u,
    "$1 is not known.",
  );
  const help = command === undefined ? "axcess --help" : `axcess ${command} --help`;
  return new UsageError(sentence, suggestion === "" ? `See: ${help}` : suggestion);
}

function writeDocument(io: Io, command: string | undefined, outcome: Outcome): void {
  if (outcome.document === undefined) return;
  io.stdout.write(prettyJson({ ...outcome.document, command, exit: outcome.exit, diagnostics: outcome.diagnostics }));
}

function outcomeOf(failure: Failure): Outcome {
  const error = failure.message === "" ? undefined : { message: failure.message, fix: failure.fix };
  return { exit: failure.exit, diagnostics: failure.diagnostics, document: { error } };
}

async function writeFailure(io: Io, failure: Failure, colorless: boolean): Promise<void> {
  const paint = await loadPaint(io.isTty.stderr && !colorless && (io.env["NO_COLOR"] ?? "") === "");
  io.stderr.write(renderDiagnostics(failure.diagnostics, paint));
  if (failure.message !== "") io.stderr.write(`${paint.error("error")}  ${harmless(failure.message)}\n`);
  if (failure.fix !== undefined) io.stderr.write(`  ${harmless(failure.fix)}\n`);
  if (failure.isBug) {
    io.stderr.write("  This looks like a fault of axcess. Run it again with --verbose and report what it prints.\n");
  }
}

function stackOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${stackOf(error.cause)}` : "";
  return `${(error.stack ?? error.message).split("\n").map(harmless).join("\n")}${cause}`;
}
