import { compareText } from "./json.ts";

/** A place in a text file: 1-based line and column in UTF-16 code units, and how many code units the fault covers (at least 1). */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/** `file:line:column`, as editors and people take it. */
export function formatPosition({ file, line, column }: Position): string {
  return `${file}:${line}:${column}`;
}

export type Severity = "error" | "warning" | "note";

/** AX1xx text, AX2xx meaning, AX3xx plan, AX4xx apply, AX5xx ledger. Codes are stable: scripts match on them. */
export type DiagnosticCode = `AX${1 | 2 | 3 | 4 | 5}${number}`;

/** One problem, told to a person: what is wrong, why it matters, and what to do. */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  /** A few words without any user-chosen name, so that the same problem always reads the same. */
  readonly summary: string;
  /** Full sentences, with the names. */
  readonly detail: string;
  /** What to do, in the imperative. */
  readonly fix?: string;
  readonly at?: Position;
  /** The whole source line at `at`, for the caret. */
  readonly sourceLine?: string;
  /** Other places that belong to the problem, such as the first of two definitions. */
  readonly related?: readonly { readonly at: Position; readonly message: string }[];
}

/** Orders diagnostics by file, line, column and code; those without a place come last. */
export function compareDiagnostics(a: Diagnostic, b: Diagnostic): number {
  if (a.at === undefined || b.at === undefined) {
    if (a.at === b.at) return compareText(a.code, b.code) || compareText(a.detail, b.detail);
    return a.at === undefined ? 1 : -1;
  }
  return (
    compareText(a.at.file, b.at.file) ||
    a.at.line - b.at.line ||
    a.at.column - b.at.column ||
    compareText(a.code, b.code) ||
    compareText(a.detail, b.detail)
  );
}

/** True when at least one diagnostic is an error. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === "error");
}
