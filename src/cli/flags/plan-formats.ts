import { UsageError } from "../../model/errors.ts";
import { harmless } from "../render/harmless.ts";

/** One way in which a plan, or drift, is written out; `file` undefined: to stdout. */
export interface PlanFormat {
  readonly format: "text" | "json" | "markdown";
  readonly file: string | undefined;
}

/** Reads `--format FORMAT` and `--format FORMAT=FILE`. At most one of them may go to stdout, and none when `--json` has it. Throws UsageError. */
export function readPlanFormats(words: readonly string[], stdoutIsTaken: boolean): readonly PlanFormat[] {
  const formats = words.map(readFormat);
  const printed = formats.filter((format) => format.file === undefined);
  if (printed.length > 1) {
    throw new UsageError("Only one --format can go to stdout.", "Give the others a file: --format json=plan-view.json");
  }
  if (stdoutIsTaken && printed.length > 0) {
    throw new UsageError("--json and --format both want stdout.", "Give the format a file, or leave one out.");
  }
  return formats;
}

function readFormat(word: string): PlanFormat {
  const equals = word.indexOf("=");
  const format = equals < 0 ? word : word.slice(0, equals);
  const file = equals < 0 ? undefined : word.slice(equals + 1);
  if (file === "") throw new UsageError(`--format ${harmless(format)}= names no file.`);
  if (format === "text" || format === "json" || format === "markdown") return { format, file };
  if (format === "html") throw new UsageError("--format html is not in this version.", "Use text, json or markdown.");
  throw new UsageError(`--format knows text, json and markdown, not "${harmless(format)}".`);
}
