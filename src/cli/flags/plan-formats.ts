import { UsageError } from "../../model/errors.ts";
import { harmless } from "../render/harmless.ts";

/** One way in which a plan, or drift, is written out; `file` undefined: to stdout. */
export interface PlanFormat {
  readonly format: "text" | "json" | "markdown" | "html";
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

/** One way in which drift is written out. */
export interface DriftFormat extends PlanFormat {
  readonly format: Exclude<PlanFormat["format"], "html">;
}

/** The same for drift, which has no review page. Throws UsageError. */
export function readDriftFormats(words: readonly string[], json: boolean): readonly DriftFormat[] {
  return readPlanFormats(words, json).map(({ format, file }) => {
    if (format === "html") throw new UsageError("drift has no --format html.", "Use text, json or markdown.");
    return { format, file };
  });
}

/** Reads `--format markdown=FILE` of an apply, which tells people on stdout what it does, and what came of it. Throws UsageError. */
export function readApplyPage(word: string | undefined): string | undefined {
  if (word === undefined) return undefined;
  const { format, file } = readFormat(word);
  if (format === "markdown" && file !== undefined) return file;
  throw new UsageError("apply has --format markdown=FILE alone.", "For programs: --json, or --events FILE.");
}

function readFormat(word: string): PlanFormat {
  const equals = word.indexOf("=");
  const format = equals < 0 ? word : word.slice(0, equals);
  const file = equals < 0 ? undefined : word.slice(equals + 1);
  if (file === "") throw new UsageError(`--format ${harmless(format)}= names no file.`);
  if (format === "text" || format === "json" || format === "markdown" || format === "html") return { format, file };
  throw new UsageError(`--format knows text, json, markdown and html, not "${harmless(format)}".`);
}
