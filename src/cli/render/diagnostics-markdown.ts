import type { Diagnostic, Severity } from "../../model/diagnostic.ts";
import { fitSections, type MarkdownSection } from "./markdown-fit.ts";
import { writeMarker } from "./markdown-text.ts";
import { noteEntry } from "./plan-markdown.ts";

/** Problems of a manifest as a page: a hidden marker line, the verdict, then errors, warnings and notes. */
export function renderDiagnosticsMarkdown(diagnostics: readonly Diagnostic[], files: readonly string[]): string {
  const errors = diagnostics.filter(({ severity }) => severity === "error").length;
  const verdict = errors === 0 ? "The manifest is valid" : "The manifest is not valid";
  const head = `${writeMarker("validate", files)}### ${verdict}\n`;
  return fitSections(
    [{ rank: 0, title: head, entries: [], noun: ["", ""] }, ...SEVERITIES.flatMap((each) => partOf(each, diagnostics))],
    "All of it: `axcess validate`",
  );
}

const SEVERITIES: readonly Severity[] = ["error", "warning", "note"];

function partOf(severity: Severity, diagnostics: readonly Diagnostic[]): readonly MarkdownSection[] {
  const entries = diagnostics.filter((diagnostic) => diagnostic.severity === severity).map(noteEntry);
  if (entries.length === 0) return [];
  const noun: readonly [string, string] = [severity, `${severity}s`];
  const title = `\n#### ${entries.length} ${entries.length === 1 ? noun[0] : noun[1]}\n\n`;
  return [{ rank: SEVERITIES.indexOf(severity) + 1, title, entries, noun }];
}
