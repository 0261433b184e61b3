import type { Command } from "commander";
import { appendWord } from "../flags/global-flags.ts";
import { addLimitFlags, type RawLimitFlags, readLimits } from "../flags/limit-flags.ts";
import { readPlanFormats } from "../flags/plan-formats.ts";
import type { Start } from "../flow.ts";

interface RawUndoFlags extends RawLimitFlags {
  readonly out?: string;
  readonly events?: string;
  readonly format?: readonly string[];
}

/** Defines `undo`. */
export function addUndo(program: Command, start: Start): void {
  const command = program
    .command("undo")
    .description("show the plan that takes a run back; writes nothing there")
    .argument("[run]", "id of the run, or its beginning (default: the last that changed something)")
    .option("--out <file>", "save the plan, to be approved and applied")
    .option("--format <format[=file]>", "text, json, markdown or html, to stdout or to a file; repeatable", appendWord)
    .option("--events <file>", "write what happens to this file, a line of JSON each");
  addLimitFlags(command);
  command.action((run: string | undefined, raw: RawUndoFlags) =>
    start("undo", async (session) => {
      const formats = readPlanFormats(raw.format ?? [], session.globals.json);
      const limits = readLimits(raw);
      const { runUndo } = await import("../flows/run-undo.ts");
      const { withEvents } = await import("../events/open-events.ts");
      return withEvents(session, raw.events, (inner) => runUndo(inner, { run, out: raw.out, formats, limits }));
    }),
  );
}
