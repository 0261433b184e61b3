import { Composer, type Document, Lexer, Parser, type YAMLError } from "yaml";
import type { Problems } from "./collect-problems.ts";
import { positionOf, type Source } from "./source.ts";

/** The most anchors one file may define. */
export const MAX_ANCHORS = 1000;

const MAX_REPORTED = 100;
const MAY_BE_ANCHOR = /(?:^|[\s,[\]{}?:-])&[^\s,[\]{}]/gmu;

/**
 * Parses one file as strict YAML 1.2 and reports where it breaks the grammar. Undefined when the text cannot be taken
 * further. Keys are not compared here: yaml does so in quadratic time.
 */
export function parseYaml(source: Source, problems: Problems): Document.Parsed | undefined {
  if (hasTooManyAnchors(source, problems)) return undefined;
  const composer = new Composer({
    version: "1.2",
    schema: "core",
    compat: "yaml-1.1",
    merge: false,
    strict: true,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: "silent",
  });
  let document: Document.Parsed | undefined;
  for (const next of composer.compose(new Parser().parse(source.text), true, source.text.length)) {
    if (document !== undefined) {
      reportSecondDocument(source, next, problems);
      return undefined;
    }
    document = next;
  }
  if (document === undefined) return undefined;
  for (const fault of document.errors.slice(0, MAX_REPORTED)) reportFault(source, fault, problems);
  checkDirectives(source, document, problems);
  return document.errors.length > 0 ? undefined : document;
}

/** Counted before parsing, which is slow for millions of anchors; first roughly, then exactly where the rough count is too high. */
function hasTooManyAnchors(source: Source, problems: Problems): boolean {
  let rough = 0;
  for (const _ of source.text.matchAll(MAY_BE_ANCHOR)) rough += 1;
  if (rough <= MAX_ANCHORS) return false;
  let offset = 0;
  let anchors = 0;
  for (const token of new Lexer().lex(source.text)) {
    // The lexer announces a scalar or a document by a token of one control character that is not in the text.
    if (token === "\u0002" || token === "\u0018" || token === "\u001f") continue;
    if (token.startsWith("&")) anchors += 1;
    if (anchors > MAX_ANCHORS) {
      problems.report("AX112", {
        at: positionOf(source, offset, offset + token.length),
        detail: `A file may define ${MAX_ANCHORS} anchors; this is one more.`,
        fix: "Use groups and several files instead of anchors.",
      });
      return true;
    }
    offset += token.length;
  }
  return false;
}

function reportSecondDocument(source: Source, document: Document.Parsed, problems: Problems): void {
  const start = document.range[0];
  const marker = source.text.lastIndexOf("---", start + 3);
  problems.report("AX111", {
    at: marker >= 0 ? positionOf(source, marker, marker + 3) : positionOf(source, start, start + 1),
    detail: "A second document begins here; axcess would have to guess which one counts.",
    fix: "Put each document into a file of its own; a manifest may be spread over many files.",
  });
}

function checkDirectives(source: Source, document: Document.Parsed, problems: Problems): void {
  const { explicit, version } = document.directives.yaml;
  if (explicit !== true || version === "1.2") return;
  const start = Math.max(0, source.text.indexOf("%YAML"));
  problems.report("AX115", {
    at: positionOf(source, start, source.text.length),
    detail: `The file asks to be read as YAML ${version}, in which the same text can mean something else.`,
    fix: "Remove the %YAML line.",
  });
}

function reportFault(source: Source, fault: YAMLError, problems: Problems): void {
  const [start, end] = fault.pos;
  const at = positionOf(source, start, end);
  if (fault.code === "RESOURCE_EXHAUSTION") {
    problems.report("AX113", {
      at,
      detail: "The nesting is deeper than can be read.",
      fix: "Flatten it: the deepest part of a manifest has nine levels.",
    });
    return;
  }
  const known = SYNTAX[fault.code];
  problems.report("AX106", {
    at,
    detail: known?.detail ?? `${fault.message}.`,
    fix: known?.fix ?? "Correct the YAML here; an editor with YAML support shows the same place.",
  });
}

const SYNTAX: Readonly<Record<string, { readonly detail: string; readonly fix: string }>> = {
  TAB_AS_INDENT: { detail: "A tab stands where the indentation is counted.", fix: "Indent with spaces." },
  BLOCK_AS_IMPLICIT_KEY: {
    detail: "A second `: ` follows on the same line, so that YAML sees a mapping inside a one-line mapping.",
    fix: "Put a text that holds `: ` in quotes, and align keys that belong together.",
  },
  MULTILINE_IMPLICIT_KEY: {
    detail: "A key goes on over several lines.",
    fix: "Align this line with the keys it belongs to, or put the text in quotes.",
  },
  BAD_SCALAR_START: {
    detail: "A text may not begin with this character unless it is in quotes.",
    fix: "Put the text in double quotes.",
  },
  BAD_DQ_ESCAPE: {
    detail: "This is no escape sequence of a text in double quotes.",
    fix: "Write a backslash as \\\\, or use single quotes.",
  },
};
