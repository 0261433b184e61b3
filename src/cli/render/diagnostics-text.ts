import { type Diagnostic, formatPosition, type Position, type Severity } from "../../model/diagnostic.ts";
import { harmless } from "./harmless.ts";
import type { Paint } from "./paint.ts";

/** Diagnostics for people, each with the place, the line and a caret, one blank line between two; "" for none. */
export function renderDiagnostics(diagnostics: readonly Diagnostic[], paint: Paint): string {
  return diagnostics.map((diagnostic) => renderDiagnostic(diagnostic, paint)).join("\n");
}

/** Columns a source line may take before it is cut around the fault. */
const SOURCE_WIDTH = 100;

function renderDiagnostic(diagnostic: Diagnostic, paint: Paint): string {
  const lines = [headline(diagnostic, paint)];
  if (diagnostic.at !== undefined) {
    lines.push(`  ${harmless(formatPosition(diagnostic.at))}`);
    lines.push(...sourceLines(diagnostic.at, diagnostic.sourceLine, paint));
  }
  if (diagnostic.detail !== "") lines.push(`  ${harmless(diagnostic.detail)}`);
  if (diagnostic.fix !== undefined) lines.push(`  ${harmless(diagnostic.fix)}`);
  for (const other of diagnostic.related ?? []) {
    lines.push(`  ${harmless(formatPosition(other.at))}: ${harmless(other.message)}`);
  }
  return `${lines.join("\n")}\n`;
}

function headline(diagnostic: Diagnostic, paint: Paint): string {
  return `${paint[diagnostic.severity satisfies Severity](`${diagnostic.severity} ${diagnostic.code}`)}  ${paint.strong(harmless(diagnostic.summary))}`;
}

function sourceLines(at: Position, source: string | undefined, paint: Paint): readonly string[] {
  if (source === undefined) return [];
  const { before, fault, after } = cutAround(source, at);
  const number = String(at.line);
  const gutter = " ".repeat(5 + number.length);
  const caret = "^".repeat(Math.max(1, fault.length));
  return [
    `     ${paint.faint(`${number} |`)} ${before}${fault}${after}`,
    `${gutter} ${paint.faint("|")} ${" ".repeat(before.length)}${paint.error(caret)}`,
  ];
}

interface Cut {
  readonly before: string;
  readonly fault: string;
  readonly after: string;
}

/** The three parts of a line, made harmless one by one so that the caret still stands under the fault, and cut where it is too long. */
function cutAround(source: string, at: Position): Cut {
  const start = Math.min(at.column - 1, source.length);
  const end = Math.min(start + at.length, source.length);
  const fault = cutEnd(harmless(source.slice(start, end)), SOURCE_WIDTH - 20);
  const before = harmless(source.slice(0, start));
  const after = harmless(source.slice(end));
  if (before.length + fault.length + after.length <= SOURCE_WIDTH) return { before, fault, after };
  const room = SOURCE_WIDTH - fault.length;
  const roomAfter = Math.min(after.length, Math.max(Math.floor(room / 2), room - before.length));
  return { before: cutStart(before, room - roomAfter), fault, after: cutEnd(after, roomAfter) };
}

function cutStart(text: string, width: number): string {
  return text.length <= width ? text : `…${text.slice(text.length - width + 1)}`;
}

function cutEnd(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}
