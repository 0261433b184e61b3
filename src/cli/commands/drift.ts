import type { Command } from "commander";
import { appendWord } from "../flags/global-flags.ts";
import { readDriftFormats } from "../flags/plan-formats.ts";
import { addShardFlags, type RawShardFlags, readShard } from "../flags/shard-flags.ts";
import type { Start } from "../flow.ts";

interface RawDriftFlags extends RawShardFlags {
  readonly write?: true;
  readonly format?: readonly string[];
  readonly events?: string;
}

/** Defines `drift`. */
export function addDrift(program: Command, start: Start): void {
  const command = program
    .command("drift")
    .description("what on the account is otherwise than axcess left it; exit 2 when there is something")
    .option("--write", "take the account's side into the manifest; comments stay")
    .option("--format <format[=file]>", "text, json or markdown, to stdout or to a file; repeatable", appendWord)
    .option("--events <file>", "write what happens to this file, a line of JSON each");
  addShardFlags(command);
  command.action((raw: RawDriftFlags) =>
    start("drift", async (session) => {
      const formats = readDriftFormats(raw.format ?? [], session.globals.json);
      const shard = readShard(raw);
      const { runDrift } = await import("../flows/run-drift.ts");
      const { withEvents } = await import("../events/open-events.ts");
      return withEvents(session, raw.events, (inner) => runDrift(inner, { write: raw.write ?? false, formats, shard }));
    }),
  );
}
