import { expect, test } from "vitest";
import { compareDiagnostics, type Diagnostic, type DiagnosticCode } from "../../src/model/diagnostic.ts";

const AT = { file: "b.yaml", line: 2, column: 3, length: 1 };

function diagnose(code: DiagnosticCode, detail: string, at?: Diagnostic["at"]): Diagnostic {
  return { code, severity: "error", summary: "", detail, ...(at && { at }) };
}

test("diagnostics stand by file, line, column, code and detail; those without a place come last, by code and detail", () => {
  const ordered = [
    diagnose("AX299", "z", { ...AT, file: "a.yaml", line: 9 }),
    diagnose("AX299", "z", { ...AT, line: 1, column: 9 }),
    diagnose("AX299", "z", { ...AT, column: 2 }),
    diagnose("AX201", "z", AT),
    diagnose("AX202", "a", AT),
    diagnose("AX202", "b", AT),
    diagnose("AX101", "z"),
    diagnose("AX102", "a"),
    diagnose("AX102", "b"),
  ];
  expect(ordered.toReversed().sort(compareDiagnostics)).toEqual(ordered);
  // A turned list and a rotated one compare each pair from both sides.
  expect([...ordered.slice(5), ...ordered.slice(0, 5)].sort(compareDiagnostics)).toEqual(ordered);
});
