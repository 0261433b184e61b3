import type { Diagnostic } from "../model/diagnostic.ts";
import type { Files } from "../model/ports.ts";
import { collectProblems } from "./collect-problems.ts";
import { loadText } from "./load-text.ts";
import { readSource } from "./read-source.ts";
import type { Source } from "./source.ts";
import { plainValueOf } from "./tree.ts";

/** Reads a YAML file that is not a manifest by the rules that hold for one; `value` is undefined where a diagnostic is an error. */
export async function readYaml(
  files: Files,
  file: string,
): Promise<{ readonly value: unknown; readonly diagnostics: readonly Diagnostic[] }> {
  const sources = new Map<string, Source>();
  const problems = collectProblems(sources);
  const source = await readSource(files, file, { sources, problems });
  const tree = source === undefined ? undefined : await loadText(source, problems);
  const value = tree === undefined || problems.hasErrors() ? undefined : plainValueOf(tree);
  return { value, diagnostics: problems.list() };
}
