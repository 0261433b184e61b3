import type { Diagnostic, Position, Severity } from "../../model/diagnostic.ts";
import { harmless } from "./harmless.ts";

/** Diagnostics as workflow commands of GitHub Actions, which shows them beside the lines of a pull request; "" for none. */
export function renderGithubAnnotations(diagnostics: readonly Diagnostic[]): string {
  return diagnostics.map((diagnostic) => `${annotation(diagnostic)}\n`).join("");
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
