import type { Diagnostic, Position, Severity } from "../../model/diagnostic.ts";
import { harmless } from "./harmless.ts";

/**
 * Diagnostics as workflow commands of GitHub Actions, which shows them beside the lines of a pull request; "" for none. Of one
 * step it shows so many of each severity: a last line says how many more there are.
 */
export function renderGithubAnnotations(diagnostics: readonly Diagnostic[]): string {
  return [...diagnostics.map((diagnostic) => `${annotation(diagnostic)}\n`), ...unshown(diagnostics)].join("");
}

/** So many errors, so many warnings and so many notices of one step are shown as annotations. */
const SHOWN = 10;

function unshown(diagnostics: readonly Diagnostic[]): readonly string[] {
  const parts = (Object.keys(COMMANDS) as readonly Severity[]).flatMap((severity) => {
    const more = diagnostics.filter((diagnostic) => diagnostic.severity === severity).length - SHOWN;
    return more <= 0 ? [] : [`${more} more ${severity}${more === 1 ? "" : "s"}`];
  });
  if (parts.length === 0) return [];
  return [`GitHub shows ${SHOWN} annotations of each severity for a step; above in this log: ${parts.join(", ")}.\n`];
}

const COMMANDS = { error: "error", warning: "warning", note: "notice" } satisfies Record<Severity, string>;

function annotation(diagnostic: Diagnostic): string {
  const properties = [
    ...placeOf(diagnostic.at),
    `title=${escapeProperty(harmless(`${diagnostic.code} ${diagnostic.summary}`))}`,
  ];
  const message = [diagnostic.detail, diagnostic.fix ?? ""].filter((text) => text !== "").map(harmless);
  return `::${COMMANDS[diagnostic.severity]} ${properties.join(",")}::${escapeMessage(message.join("\n"))}`;
}

function placeOf(at: Position | undefined): readonly string[] {
  if (at === undefined) return [];
  return [
    `file=${escapeProperty(harmless(at.file))}`,
    `line=${at.line}`,
    `col=${at.column}`,
    `endColumn=${at.column + at.length}`,
  ];
}

function escapeMessage(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeMessage(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
