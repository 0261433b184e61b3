import type { Diagnostic } from "../model/diagnostic.ts";
import { isSameJson } from "../model/json.ts";
import { collectProblems } from "./collect-problems.ts";
import { formatDocument } from "./format-document.ts";
import { readText } from "./read-text.ts";
import { makeSource, positionOf, type Source } from "./source.ts";
import { plainValueOf } from "./tree.ts";

/** What formatting gave: the canonical text, or the text as it was when there are errors. */
export interface FormattedManifest {
  readonly text: string;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Gives a manifest file its canonical order of keys (that of the schema; named things keep theirs), indentation and
 * quoting. Comments and single blank lines stay. The meaning never changes, and formatting twice changes nothing. Text
 * that cannot be read is refused; unknown keys stay, behind the known ones.
 */
export function formatManifest(text: string, file: string): FormattedManifest {
  const source = makeSource(file, text.replace(/^\ufeff/u, ""));
  const before = readPlain(source);
  if (before.value === undefined) return { text, diagnostics: before.diagnostics };
  const formatted = settle(source);
  const after = formatted === undefined ? undefined : readPlain(makeSource(file, formatted));
  if (formatted !== undefined && isSameJson(before.value, after?.value)) {
    return { text: formatted, diagnostics: before.diagnostics };
  }
  return { text, diagnostics: reportRefusal(source) };
}

interface Plain {
  /** Undefined when the text has errors. */
  readonly value: unknown;
  readonly diagnostics: readonly Diagnostic[];
}

function readPlain(source: Source): Plain {
  const problems = collectProblems(new Map([[source.file, source]]));
  const tree = readText(source, problems);
  const value = tree === undefined || problems.hasErrors() ? undefined : plainValueOf(tree);
  return { value, diagnostics: problems.list() };
}

const MAX_ROUNDS = 4;

/** Formats until nothing changes any more. Comments in odd places may need a second round; undefined when they never come to rest. */
function settle(source: Source): string | undefined {
  let text = source.text;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const next = formatDocument(text);
    if (next === undefined || next === text) return next;
    text = next;
  }
  return undefined;
}

function reportRefusal(source: Source): readonly Diagnostic[] {
  const problems = collectProblems(new Map([[source.file, source]]));
  problems.report("AX118", {
    at: positionOf(source, 0, source.text.length),
    detail: "The canonical text would not mean the same as this one, or would not stay as it is.",
    fix: "Move comments out of flow collections and from between a key and its value.",
  });
  return problems.list();
}
