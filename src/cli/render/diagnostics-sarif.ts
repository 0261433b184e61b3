import type { Diagnostic, Position } from "../../model/diagnostic.ts";
import { compareText, type JsonObject } from "../../model/json.ts";
import { harmless } from "./harmless.ts";
import { prettyJson } from "./pretty-json.ts";

/**
 * Diagnostics as a SARIF 2.1.0 log with one run, for code scanning. What has no place of its own is told at the first line of
 * `place`, the path or pattern of the manifest, since GitHub takes no result without one.
 */
export function renderSarif(
  diagnostics: readonly Diagnostic[],
  { version, place }: { readonly version: string; readonly place: string | undefined },
): string {
  return prettyJson({
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "axcess", version, rules: rulesOf(diagnostics) } },
        columnKind: "utf16CodeUnits",
        results: diagnostics.map((diagnostic) => resultOf(diagnostic, place)),
      },
    ],
  });
}

function rulesOf(diagnostics: readonly Diagnostic[]): readonly JsonObject[] {
  const summaries = new Map(diagnostics.map((diagnostic) => [diagnostic.code, diagnostic.summary]));
  return [...summaries]
    .sort(([a], [b]) => compareText(a, b))
    .map(([id, summary]) => ({
      id,
      shortDescription: { text: harmless(summary) },
      fullDescription: { text: `${harmless(summary)}.` },
      help: { text: `${harmless(summary)}. The documentation of axcess explains ${id} under "Diagnostics".` },
    }));
}

function resultOf(diagnostic: Diagnostic, place: string | undefined): JsonObject {
  const text = [diagnostic.detail, diagnostic.fix ?? ""].filter((part) => part !== "").join(" ");
  const at = diagnostic.at ?? (place === undefined ? undefined : { file: place, line: 1, column: 1, length: 1 });
  return {
    ruleId: diagnostic.code,
    level: diagnostic.severity,
    message: { text: messageText(text === "" ? diagnostic.summary : text) },
    ...(at === undefined ? {} : { locations: [{ physicalLocation: physicalLocation(at) }] }),
    ...relatedOf(diagnostic),
  };
}

function relatedOf(diagnostic: Diagnostic): JsonObject {
  if (diagnostic.related === undefined || diagnostic.related.length === 0) return {};
  return {
    relatedLocations: diagnostic.related.map((other, index) => ({
      id: index,
      physicalLocation: physicalLocation(other.at),
      message: { text: messageText(other.message) },
    })),
  };
}

/** SARIF reads `{0}` as a place for an argument and `[text](target)` as a link: braces are doubled, and no bracket makes a link. */
function messageText(text: string): string {
  return harmless(text)
    .replace(/[{}]/gu, "$&$&")
    .replace(/\](?=\()/gu, "\\]");
}

function physicalLocation(at: Position): JsonObject {
  return {
    artifactLocation: {
      uri: at.file
        .replace(/\p{Cs}/gu, "\ufffd")
        .split("/")
        .map(encodeURIComponent)
        .join("/"),
    },
    region: { startLine: at.line, startColumn: at.column, endColumn: at.column + at.length },
  };
}
