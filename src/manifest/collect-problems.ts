import { compareDiagnostics, type Diagnostic, type Position } from "../model/diagnostic.ts";
import { MANIFEST_CODES, type ManifestCode } from "./diagnostic-codes.ts";
import { lineTextOf, type Source } from "./source.ts";

/** One problem before it has its summary, severity and source line. */
export interface Problem {
  readonly at: Position;
  readonly detail: string;
  readonly fix: string;
  readonly related?: readonly { readonly at: Position; readonly message: string }[];
}

/** Where problems are reported, and what was reported so far. */
export interface Problems {
  report(code: ManifestCode, problem: Problem): void;
  /** Everything reported, sorted, each once. */
  list(): readonly Diagnostic[];
  /** True when an error, not only a warning, was reported. */
  hasErrors(): boolean;
}

/** Nobody reads more of one kind, and a text made to exhaust memory could give millions. */
const MAX_OF_A_CODE = 1000;

/** Makes an empty collection; source lines are taken from `sources`, which may grow meanwhile. */
export function collectProblems(sources: ReadonlyMap<string, Source>): Problems {
  const found = new Map<string, Diagnostic>();
  const counts = new Map<ManifestCode, number>();
  let errors = 0;
  return {
    report: (code, problem) => {
      const diagnostic = makeDiagnostic(code, problem, sources.get(problem.at.file));
      const { file, line, column } = problem.at;
      const key = JSON.stringify([code, file, line, column, problem.detail]);
      if (found.has(key)) return;
      if (diagnostic.severity === "error") errors += 1;
      const count = (counts.get(code) ?? 0) + 1;
      counts.set(code, count);
      if (count > MAX_OF_A_CODE) return;
      found.set(key, diagnostic);
    },
    list: () => [...found.values()].sort(compareDiagnostics),
    hasErrors: () => errors > 0,
  };
}

/** Nobody finds anything in a longer line, and a thousand problems would each carry it along. */
const LONGEST_LINE = 10_000;

function makeDiagnostic(code: ManifestCode, problem: Problem, source: Source | undefined): Diagnostic {
  const { severity, summary } = MANIFEST_CODES[code];
  const line = source === undefined ? undefined : lineTextOf(source, problem.at.line);
  return {
    code,
    severity,
    summary,
    detail: problem.detail,
    fix: problem.fix,
    at: problem.at,
    ...(line === undefined || line.length > LONGEST_LINE ? {} : { sourceLine: line }),
    ...(problem.related === undefined ? {} : { related: problem.related }),
  };
}
