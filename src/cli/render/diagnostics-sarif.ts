import type { Diagnostic, Position } from "../../model/diagnostic.ts";
import { compareText, type JsonObject } from "../../model/json.ts";
import { harmless } from "./harmless.ts";
import { prettyJson } from "./pretty-json.ts";

/** Diagnostics as a SARIF 2.1.0 log with one run, for code scanning. */
export function renderSarif(diagnostics: readonly Diagnostic[], version: string): string {
  return prettyJson({
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "axcess", version, rules: rulesOf(diagnostics) } },
        columnKind: "utf16CodeUnits",
        results: diagnostics.map(resultOf),
      },
    ],
  });
}

function rulesOf(diagnostics: readonly Diagnostic[]): readonly JsonObject[] {
  const summaries = new Map(diagnostics.map((diagnostic) => [diagnostic.code, diagnostic.summary]));
  return [...summaries]
    .sort(([a], [b]) => compareText(a, b))
    .map(([id, summary]) => ({ id, shortDescription: { text: harmless(summary) } }));
}

function resultOf(diagnostic: Diagnostic): JsonObject {
  const text = [diagnostic.detail, diagnostic.fix ?? ""].filter((part) => part !== "").join(" ");
  return {
    ruleId: diagnostic.code,
    level: diagnostic.severity,
    message: { text: harmless(text === "" ? diagnostic.summary : text) },
    ...(diagnostic.at === undefined ? {} : { locations: [{ physicalLocation: physicalLocation(diagnostic.at) }] }),
    ...relatedOf(diagnostic),
  };
}

function relatedOf(diagnostic: Diagnostic): JsonObject {
  if (diagnostic.related === undefined || diagnostic.related.length === 0) return {};
  return {
    relatedLocations: diagnostic.related.map((other, index) => ({
      id: index,
      physicalLocation: physicalLocation(other.at),
      message: { text: harmless(other.message) },
    })),
  };
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
