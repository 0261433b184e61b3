import { describe, expect, test } from "vitest";
import { renderGithubAnnotations } from "../../../src/cli/render/diagnostics-github.ts";
import { renderSarif } from "../../../src/cli/render/diagnostics-sarif.ts";
import { renderDiagnostics } from "../../../src/cli/render/diagnostics-text.ts";
import { loadPaint } from "../../../src/cli/render/load-paint.ts";
import { PLAIN } from "../../../src/cli/render/paint.ts";
import type { Diagnostic } from "../../../src/model/diagnostic.ts";

const UNKNOWN_ROLE: Diagnostic = {
  code: "AX204",
  severity: "error",
  summary: "Unknown role",
  detail: 'No role is called "reviewr" in this manifest or among the predefined roles.',
  fix: 'Did you mean "reviewer" (line 12)?',
  at: { file: "examples/access.yaml", line: 31, column: 20, length: 7 },
  sourceLine: "      ana@acme.io: reviewr",
};

describe("renderDiagnostics", () => {
  test("shows the place, the line, a caret, the detail and the fix", () => {
    expect(renderDiagnostics([UNKNOWN_ROLE], PLAIN)).toBe(
      `error AX204  Unknown role
  examples/access.yaml:31:20
     31 |       ana@acme.io: reviewr
        |                    ^^^^^^^
  No role is called "reviewr" in this manifest or among the predefined roles.
  Did you mean "reviewer" (line 12)?
`,
    );
  });

  test("separates diagnostics by a blank line and leaves out what is not known", () => {
    const note: Diagnostic = { code: "AX301", severity: "note", summary: "Seen", detail: "" };
    const twice: Diagnostic = {
      ...note,
      severity: "warning",
      detail: "Twice.",
      related: [{ at: { file: "b.yaml", line: 2, column: 3, length: 1 }, message: "first written here" }],
    };
    expect(renderDiagnostics([note, twice], PLAIN)).toBe(
      "note AX301  Seen\n\nwarning AX301  Seen\n  Twice.\n  b.yaml:2:3: first written here\n",
    );
  });

  test("keeps the caret under the fault when what stands before has to be escaped", () => {
    const text = renderDiagnostics(
      [{ ...UNKNOWN_ROLE, at: { file: "a.yaml", line: 1, column: 4, length: 3 }, sourceLine: "\u001b\t:bad" }],
      PLAIN,
    );
    expect(text.split("\n").slice(2, 4)).toEqual(["     1 | \\u{1b}\\t:bad", "       |          ^^^"]);
  });

  test.each([
    ["fault far right", `${"x".repeat(300)}bad`, 301],
    ["fault far left", `bad${"x".repeat(300)}`, 1],
    ["fault in the middle", `${"x".repeat(300)}bad${"y".repeat(300)}`, 301],
  ])("cuts a long line to 100 columns around the fault: %s", (_name, sourceLine, column) => {
    const text = renderDiagnostics(
      [{ ...UNKNOWN_ROLE, at: { file: "a.yaml", line: 1, column, length: 3 }, sourceLine }],
      PLAIN,
    );
    const [line = "", carets = ""] = text.split("\n").slice(2, 4);
    expect(line.length - "     1 | ".length).toBe(100);
    expect(line.slice(carets.indexOf("^"), carets.lastIndexOf("^") + 1)).toBe("bad");
  });

  test("cuts a fault that is longer than the line may be, and survives a place beyond the line", () => {
    const at = { file: "a.yaml", line: 1, column: 1, length: 500 };
    const long = renderDiagnostics([{ ...UNKNOWN_ROLE, at, sourceLine: "z".repeat(500) }], PLAIN);
    expect(Math.max(...long.split("\n").map((line) => line.length))).toBeLessThanOrEqual(109);
    const beyond = renderDiagnostics([{ ...UNKNOWN_ROLE, at: { ...at, column: 9 }, sourceLine: "ab" }], PLAIN);
    expect(beyond.split("\n")[3]).toBe("       |   ^");
  });

  test("colours only where it may", async () => {
    expect(renderDiagnostics([UNKNOWN_ROLE], await loadPaint(true))).toContain("\u001b[");
    expect(renderDiagnostics([UNKNOWN_ROLE], PLAIN)).not.toContain("\u001b");
  });
});

describe("renderGithubAnnotations", () => {
  test("escapes properties and message", () => {
    const at = { file: "a,b:c%.yaml", line: 3, column: 5, length: 2 };
    expect(renderGithubAnnotations([{ ...UNKNOWN_ROLE, severity: "note", detail: "100 %\n::error::x", at }])).toBe(
      '::notice file=a%2Cb%3Ac%25.yaml,line=3,col=5,endColumn=7,title=AX204 Unknown role::100 %25\\n::error::x%0ADid you mean "reviewer" (line 12)?\n',
    );
  });

  test("says nothing of a place that is not known", () => {
    expect(renderGithubAnnotations([{ code: "AX301", severity: "warning", summary: "S", detail: "D." }])).toBe(
      "::warning title=AX301 S::D.\n",
    );
  });
});

describe("the limit of annotations", () => {
  const many = (severity: Diagnostic["severity"], count: number): readonly Diagnostic[] =>
    Array.from({ length: count }, () => ({ ...UNKNOWN_ROLE, severity }));

  test("of more than ten of a severity the last line tells how many GitHub does not show", () => {
    const text = renderGithubAnnotations([...many("error", 11), ...many("warning", 10), ...many("note", 13)]);
    const lines = text.trimEnd().split("\n");
    expect(lines).toHaveLength(35);
    expect(lines.at(-1)).toBe(
      "GitHub shows 10 annotations of each severity for a step; above in this log: 1 more error, 3 more notes.",
    );
    expect(renderGithubAnnotations(many("error", 10)).split("\n")).toHaveLength(11);
  });
});

describe("renderSarif", () => {
  test("is one run with rules, results and places", () => {
    const related = [{ at: { file: "b.yaml", line: 1, column: 2, length: 3 }, message: "first" }];
    const log = JSON.parse(
      renderSarif(
        [
          { ...UNKNOWN_ROLE, related },
          { code: "AX101", severity: "note", summary: "S", detail: "" },
        ],
        { version: "1.2.3", place: "access.yaml" },
      ),
    );
    expect(log.version).toBe("2.1.0");
    expect(log.runs).toHaveLength(1);
    expect(log.runs[0].tool.driver.rules).toEqual([
      {
        id: "AX101",
        shortDescription: { text: "S" },
        fullDescription: { text: "S." },
        help: { text: 'S. The documentation of axcess explains AX101 under "Diagnostics".' },
      },
      {
        id: "AX204",
        shortDescription: { text: "Unknown role" },
        fullDescription: { text: "Unknown role." },
        help: { text: 'Unknown role. The documentation of axcess explains AX204 under "Diagnostics".' },
      },
    ]);
    expect(log.runs[0].results[0].locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: "examples/access.yaml" },
      region: { startLine: 31, startColumn: 20, endColumn: 27 },
    });
    expect(log.runs[0].results[0].relatedLocations[0].message.text).toBe("first");
    // GitHub takes no result without a place.
    expect(log.runs[0].results[1]).toEqual({
      ruleId: "AX101",
      level: "note",
      message: { text: "S" },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: "access.yaml" },
            region: { startLine: 1, startColumn: 1, endColumn: 2 },
          },
        },
      ],
    });
  });

  test("a message holds no place for an argument and no link", () => {
    const detail = "{0} [here](https://evil.example) [p1]";
    const log = JSON.parse(renderSarif([{ ...UNKNOWN_ROLE, fix: "F.", detail }], { version: "1", place: undefined }));
    expect(log.runs[0].results[0].message.text).toBe("{{0}} [here\\](https://evil.example) [p1] F.");
  });
});
