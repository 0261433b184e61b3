import { resolve } from "node:path";
import { filesWithin } from "../host/files-within.ts";
import { makeSystemClock } from "../host/system-clock.ts";
import { systemFiles } from "../host/system-files.ts";
import { systemPrograms } from "../host/system-programs.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import { UsageError } from "../model/errors.ts";
import type { Clock, Files, Programs } from "../model/ports.ts";
import type { EventSink } from "./events/event.ts";
import type { ExitCode } from "./exit.ts";
import type { Globals } from "./flags/globals.ts";
import type { Io } from "./io.ts";
import { harmless } from "./render/harmless.ts";
import { loadPaint } from "./render/load-paint.ts";
import type { Paint } from "./render/paint.ts";

/** What every flow gets: the global flags and the outside, ready to use. */
export interface Session {
  readonly io: Io;
  readonly globals: Globals;
  /** Absolute; relative paths are read from here. */
  readonly folder: string;
  readonly files: Files;
  readonly programs: Programs;
  readonly clock: Clock;
  /** Where what happens is written for programs; undefined unless `--events` asks for it. */
  readonly events?: EventSink;
  /** For the result, which goes to stdout. */
  readonly paint: Paint;
  /** For everything else, which goes to stderr. */
  readonly errorPaint: Paint;
  /** Prints a result for people: to stdout, or to stderr where `--json` keeps stdout for the document. */
  readonly print: (text: string) => void;
  /** Prints what only accompanies the result: to stderr, and not at all under `--quiet`. */
  readonly tell: (text: string) => void;
}

/** How a command ended. `document` joins the one JSON document of `--json`; undefined when the flow wrote its own. */
export interface Outcome {
  readonly exit: ExitCode;
  readonly diagnostics: readonly Diagnostic[];
  readonly document: Readonly<Record<string, unknown>> | undefined;
}

/** Prepares the outside as the global flags want it. Throws UsageError when `--chdir` names no folder. */
export async function openSession(io: Io, globals: Globals): Promise<Session> {
  const folder = resolve(io.cwd, globals.chdir ?? ".");
  if (globals.chdir !== undefined && (await filesWithin(io.cwd, systemFiles).kind(globals.chdir)) !== "directory") {
    throw new UsageError(`--chdir names "${harmless(globals.chdir)}", which is not a folder.`, "Name a folder.");
  }
  const errorPaint = await loadPaint(mayColor(io, globals, io.isTty.stderr));
  const result = globals.json ? io.stderr : io.stdout;
  return {
    io,
    globals,
    folder,
    files: filesWithin(folder, systemFiles),
    programs: systemPrograms,
    clock: makeSystemClock(globals.now),
    paint: globals.json ? errorPaint : await loadPaint(mayColor(io, globals, io.isTty.stdout)),
    errorPaint,
    print: (text) => result.write(text),
    tell: (text) => {
      if (!globals.quiet) io.stderr.write(text);
    },
  };
}

/** Colour only on a terminal that does not refuse it, by flag, `NO_COLOR` or `TERM=dumb`. */
function mayColor(io: Io, globals: Globals, isTerminal: boolean): boolean {
  const refused = (io.env["NO_COLOR"] ?? "") !== "" || io.env["TERM"] === "dumb";
  return globals.color && isTerminal && !refused;
}
