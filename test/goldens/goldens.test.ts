import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { emitApply, emitReport } from "../../src/cli/events/apply-events.ts";
import { emitDrift } from "../../src/cli/events/drift-events.ts";
import type { EventSink } from "../../src/cli/events/event.ts";
import { emitDiagnostics, makeEvents } from "../../src/cli/events/open-events.ts";
import { emitPlan } from "../../src/cli/events/plan-events.ts";
import { formatPlanFile } from "../../src/cli/plans/write-plan.ts";
import { type ApplyPage, renderApplyMarkdown, renderStaleMarkdown } from "../../src/cli/render/apply-markdown.ts";
import { renderGithubAnnotations } from "../../src/cli/render/diagnostics-github.ts";
import { renderDiagnosticsMarkdown } from "../../src/cli/render/diagnostics-markdown.ts";
import { renderSarif } from "../../src/cli/render/diagnostics-sarif.ts";
import { renderDiagnostics } from "../../src/cli/render/diagnostics-text.ts";
import { renderDriftMarkdown } from "../../src/cli/render/drift-markdown.ts";
import { type DriftView, renderDrift } from "../../src/cli/render/drift-text.ts";
import { renderMovement } from "../../src/cli/render/movement-text.ts";
import { PLAIN } from "../../src/cli/render/paint.ts";
import { renderPlanMarkdown } from "../../src/cli/render/plan-markdown.ts";
import { renderPlan } from "../../src/cli/render/plan-text.ts";
import type { HeldApproval } from "../../src/model/approval.ts";
import type { Diagnostic } from "../../src/model/diagnostic.ts";
import type { Plan } from "../../src/model/plan.ts";
import type { DriftItem } from "../../src/plan/find-drift.ts";
import { readDocument } from "../support/document.ts";
import { makeHandClock } from "../support/hand-clock.ts";
import { EVIL_NAME, makeNamedPlan, namedPage } from "../support/hostile-plan.ts";
import { readMarkdownPage } from "../support/markdown-page.ts";
import { sampleFailure } from "../support/sample-plan.ts";
import { makeUsualPlan } from "../support/usual-plan.ts";

const fitsEvents = new Ajv2020({ strict: true, strictRequired: false }).compile(
  JSON.parse(readDocument("schema/events.schema.json")),
);
const BLESS = process.env["BLESS"] === "1";
const FOLDER = new URL("./", import.meta.url);
const USUAL = { planFile: "plan.json", flags: [], planFlags: [], undo: undefined, files: ["access.yaml"] } as const;

/** Every rendering of the usual and of the hostile case, by the name of its file. */
const GOLDENS: Readonly<Record<string, string>> = {
  ...renderings("usual", makeUsualPlan(), USUAL),
  ...renderings("hostile", makeNamedPlan(EVIL_NAME), namedPage(EVIL_NAME)),
  ...verdicts("usual", "jane@acme.example"),
  ...verdicts("hostile", EVIL_NAME),
};

test.each(Object.keys(GOLDENS))("%s", (name) => {
  const url = new URL(name, FOLDER);
  const text = GOLDENS[name] ?? "";
  if (BLESS) writeFileSync(url, text);
  expect(existsSync(url) ? readFileSync(url, "utf8") : "").toBe(text);
});

test.each(Object.keys(GOLDENS).filter((name) => name.endsWith(".ndjson")))("%s: every line fits the schema", (name) => {
  const lines = (GOLDENS[name] ?? "").trimEnd().split("\n");
  const strange = lines.filter((line) => !fitsEvents(JSON.parse(line)));
  expect(strange).toEqual([]);
  expect(lines.length).toBeGreaterThan(5);
});

test.each(["plan", "apply", "stale", "drift", "validate"])(
  "%s.md: a hostile name adds no element and no text outside of code",
  (name) => {
    const pages = { plan: planPage, apply: applyPage, stale: stalePage, drift: driftPage, validate: validatePage };
    const write = pages[name as keyof typeof pages];
    const [plain, hostile] = ["x", EVIL_NAME].map((word) => readMarkdownPage(write(word)));
    expect(hostile?.skeleton.slice(1)).toEqual(plain?.skeleton.slice(1));
    expect(hostile?.outside).toBe(plain?.outside);
    expect(hostile?.code.some((text) => text.includes("</details> -->"))).toBe(true);
  },
);

test("no golden file is left over", () => {
  const files = readdirSync(FOLDER).filter((name) => !name.endsWith(".ts"));
  expect(files.sort()).toEqual(Object.keys(GOLDENS).sort());
});

test("the page that docs/pull-requests.md shows is the page of the usual plan", () => {
  const document = readDocument("docs/pull-requests.md");
  const [begin, end] = ["<!-- begin: page -->\n", "<!-- end: page -->\n"];
  const before = document.slice(0, document.indexOf(begin) + begin.length);
  const after = document.slice(document.indexOf(end));
  const page = GOLDENS["usual.plan.md"] ?? "";
  const shown = `${before}\n${page.slice(page.indexOf("\n") + 1)}\n${after}`;
  if (BLESS) writeFileSync(new URL("../../docs/pull-requests.md", import.meta.url), shown);
  expect(document.includes(begin) && document.includes(end)).toBe(true);
  expect(readDocument("docs/pull-requests.md")).toBe(shown);
});

function renderings(
  name: string,
  plan: Plan,
  page: ReturnType<typeof namedPage> | typeof USUAL,
): Readonly<Record<string, string>> {
  return {
    [`${name}.plan.txt`]: renderPlan(plan, { paint: PLAIN, ...page }),
    [`${name}.plan.md`]: renderPlanMarkdown(plan, page),
    [`${name}.apply.md`]: renderApplyMarkdown({
      ...makeReport(plan, name === "usual" ? "ana@acme.example" : EVIL_NAME),
      files: page.files,
    }),
    [`${name}.plan.golden.json`]: formatPlanFile(plan),
    [`${name}.plan.ndjson`]: recordEvents((events) => {
      emitPlan(events, plan);
      const [first] = plan.steps;
      if (first === undefined) return;
      emitApply(events, { type: "started", step: first });
      const results = plan.steps.map(
        (step) => ({ step, state: step === first ? "failed" : "held", notes: [] }) as const,
      );
      for (const result of results) emitApply(events, { type: "settled", result, settled: 1, total: 1 });
      emitReport(events, { results, interrupted: false });
    }),
  };
}

function planPage(word: string): string {
  return renderPlanMarkdown(makeNamedPlan(word), namedPage(word));
}

function applyPage(word: string): string {
  return renderApplyMarkdown({ ...makeReport(makeNamedPlan(word), word), files: [word] });
}

function stalePage(word: string): string {
  const [saved] = makeNamedPlan(word).steps;
  if (saved === undefined) throw new Error("the plan has no step");
  const changed = [{ saved, fresh: { ...saved, address: `${saved.address}x` } }] as const;
  const movement = renderMovement({ onlySaved: [saved], onlyFresh: [saved], changed, basis: [word] });
  return renderStaleMarkdown(makeNamedPlan(word), { files: [word], movement, again: `axcess plan -f ${word}` });
}

/** One change of each fate, the first approved. */
function makeReport(plan: Plan, word: string): Omit<ApplyPage, "files"> {
  const fates = ["done", "failed", "held", "stale", "skipped", "already", "blocked"] as const;
  const results = plan.steps.map((step, at) => {
    const state = fates[at % fates.length] ?? "done";
    return { step, state, ...(state !== "done" && { because: `It is ${word}.` }), notes: at === 0 ? [word] : [] };
  });
  const at = "2027-01-15T09:00:00Z";
  const approval = { plan: plan.digest, by: word, at, expires: at, reason: word, changes: [] };
  const counted: readonly HeldApproval[] = [approval];
  const verdict = { isEnough: true, needed: 1, people: 1, counted, refused: [] };
  const standing = new Map(plan.steps.slice(0, 1).map(({ id }) => [id, verdict]));
  return { plan, report: { results, interrupted: true, stopped: word }, standing, remaining: plan };
}

function driftPage(word: string): string {
  const page = { account: word, files: [word], unread: [`user@space:${word}`] };
  return renderDriftMarkdown(makeDrift(word), page);
}

function validatePage(word: string): string {
  return renderDiagnosticsMarkdown(makeDiagnostics(word), [word]);
}

function verdicts(name: string, word: string): Readonly<Record<string, string>> {
  const diagnostics = makeDiagnostics(word);
  const view = makeDrift(word);
  return {
    [`${name}.validate.txt`]: renderDiagnostics(diagnostics, PLAIN),
    [`${name}.validate.md`]: validatePage(word),
    [`${name}.validate.sarif.golden.json`]: renderSarif(diagnostics, { version: "0.0.0", place: "access.yaml" }),
    [`${name}.validate.github.txt`]: renderGithubAnnotations(diagnostics),
    [`${name}.drift.txt`]: renderDrift(view, PLAIN),
    [`${name}.drift.md`]: driftPage(word),
    [`${name}.drift.ndjson`]: recordEvents((events) => {
      emitDrift(events, view.drift, view.records);
      emitDiagnostics(events, diagnostics);
    }),
  };
}

function makeDiagnostics(word: string): readonly Diagnostic[] {
  const at = { file: word, line: 3, column: 5, length: 4 };
  const one: Diagnostic = { code: "AX204", severity: "error", summary: "Unknown role", detail: `No role is ${word}.` };
  return [
    { ...one, fix: `Write ${word}.`, at, sourceLine: word, related: [{ at, message: word }] },
    { ...one, severity: "warning" },
    ...Array.from({ length: 11 }, (): Diagnostic => ({ ...one, severity: "note", at })),
  ];
}

function makeDrift(word: string): DriftView {
  const at = { file: word, line: 3, column: 5, length: 4 };
  const items: readonly DriftItem[] = [
    {
      sort: "changed",
      address: `org-member:A/${word}`,
      at,
      group: word,
      fields: [{ field: "role", from: word, to: "admin" }],
    },
    { sort: "missing", address: `space:A/${word}`, at, fields: [], movedTo: `space:A/new ${word}` },
    { sort: "extra", address: `user:${word}`, fields: [], spec: { role: word, developer: true } },
    { sort: "expired", address: `binding:A/b/c/${word}`, at, fields: [], spec: { role: word } },
  ];
  const [first] = items;
  const record = { by: word, at: "2027-01-15T09:00:00Z", operation: word };
  return {
    drift: { items, ahead: [`user:${word}`], notes: [], unread: [] },
    failures: [sampleFailure({ detail: word })],
    records: new Map(first === undefined ? [] : [[first, record]]),
    because: word,
    flags: ["--file", word],
  };
}

function recordEvents(tell: (events: EventSink) => void): string {
  const lines: string[] = [];
  const stream = { write: (line: string): number => lines.push(`${line}\n`), close: (): void => undefined };
  tell(makeEvents(stream, { clock: makeHandClock(), tell: () => undefined }));
  return lines.join("");
}
