import {
  Composer,
  type CST,
  type Document,
  type DocumentOptions,
  Lexer,
  type ParseOptions,
  Parser,
  type SchemaOptions,
  type YAMLError,
} from "yaml";
import type { Position } from "../model/diagnostic.ts";
import type { Problems } from "./collect-problems.ts";
import { MAX_PIECES } from "./limit-pieces.ts";
import { positionOf, type Source } from "./source.ts";

/** The most anchors one file may define. */
const MAX_ANCHORS = 1000;

/** Levels that a text may have while it is read; a manifest may have far fewer. */
const MOST_LEVELS = 100;

/** YAML 1.2 and nothing else. Texts that YAML 1.1 would take for something else are put in quotes when they are written. */
export const YAML_OPTIONS: ParseOptions & DocumentOptions & SchemaOptions = {
  version: "1.2",
  schema: "core",
  compat: "yaml-1.1",
  merge: false,
  strict: true,
  uniqueKeys: false,
  prettyErrors: false,
  logLevel: "silent",
};

const MAX_REPORTED = 100;

/**
 * Parses one file as strict YAML 1.2 and reports where it breaks the grammar. Undefined when the text cannot be taken
 * further. Keys are not compared here: yaml does so in quadratic time.
 */
export function parseYaml(source: Source, problems: Problems): Document.Parsed | undefined {
  const documents = composeDocuments(source, problems);
  const [document, second] = documents ?? [];
  if (document === undefined) return undefined;
  if (second !== undefined) {
    reportSecondDocument(source, second, problems);
    return undefined;
  }
  for (const fault of chooseFaults(document)) reportFault(source, fault, problems);
  checkDirectives(source, document, problems);
  return document.errors.length > 0 ? undefined : document;
}

/** What follows from stumbling over an earlier fault is not told beside it. */
function chooseFaults({ errors }: Document.Parsed): readonly YAMLError[] {
  const faults = errors.filter((fault) => fault.code !== "RESOURCE_EXHAUSTION");
  return (faults.length > 0 ? faults : errors).slice(0, MAX_REPORTED);
}

/** Composes two documents at most, piece by piece, so that a text made to exhaust memory is given up in time. */
function composeDocuments(source: Source, problems: Problems): readonly Document.Parsed[] | undefined {
  const parser = new Parser();
  const composer = new Composer(YAML_OPTIONS);
  const documents: Document.Parsed[] = [];
  const limits: Limits = { offset: 0, pieces: 0, anchors: 0 };
  const compose = (token: CST.Token): boolean => {
    const offset = findTooDeep(token);
    if (offset === undefined) documents.push(...composer.next(token));
    else reportTooDeep(source, offset, problems);
    return offset === undefined;
  };
  for (const piece of new Lexer().lex(source.text)) {
    if (!isWithinLimits(limits, piece, { source, problems })) return undefined;
    for (const token of parser.next(piece)) if (!compose(token)) return undefined;
    if (documents.length > 1) return documents;
  }
  for (const token of parser.end()) if (!compose(token)) return undefined;
  documents.push(...composer.end(true, source.text.length));
  return documents;
}

/**
 * Where a text nests deeper than may be composed, which goes down level by level. That is not left to the stack: a process in which
 * V8 has to compile a regular expression when there is next to nothing left of it is ended on the spot.
 */
function findTooDeep(token: CST.Token): number | undefined {
  const open: { readonly token: CST.Token; readonly level: number }[] = [{ token, level: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const level = next.level + 1;
    if (level > MOST_LEVELS) return next.token.offset;
    for (const below of tokensIn(next.token)) open.push({ token: below, level });
  }
  return undefined;
}

function tokensIn(token: CST.Token): readonly CST.Token[] {
  if (token.type === "document") return token.value === undefined ? [] : [token.value];
  if (!("items" in token)) return [];
  return token.items.flatMap(({ key, value }) => [key ?? [], value ?? []].flat());
}

function reportTooDeep(source: Source, offset: number, problems: Problems): void {
  problems.report("AX113", {
    at: positionOf(source, offset, offset + 1),
    detail: "The nesting is deeper than can be read.",
    fix: "Flatten it: the deepest part of a manifest has nine levels.",
  });
}

interface Limits {
  offset: number;
  pieces: number;
  anchors: number;
}

function isWithinLimits(
  limits: Limits,
  piece: string,
  { source, problems }: { readonly source: Source; readonly problems: Problems },
): boolean {
  // The lexer announces documents and texts by a control character that is not part of the source.
  if (piece === "\u0002" || piece === "\u0018" || piece === "\u001f") return true;
  limits.pieces += 1;
  if (piece.startsWith("&")) limits.anchors += 1;
  const start = limits.offset;
  limits.offset += piece.length;
  if (limits.anchors <= MAX_ANCHORS && limits.pieces <= MAX_PIECES) return true;
  const at = positionOf(source, start, limits.offset);
  if (limits.anchors > MAX_ANCHORS) {
    problems.report("AX112", {
      at,
      detail: `A file may define ${MAX_ANCHORS} anchors; this is one more.`,
      fix: "Use groups and several files instead of anchors.",
    });
  } else {
    problems.report("AX103", {
      at,
      detail: `Up to here the file has ${MAX_PIECES} pieces of YAML, which is about sixty thousand grants.`,
      fix: "Split it into several files in a directory, and name the directory with --file.",
    });
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
  const at = placeFault(source, fault);
  const known = SYNTAX[fault.code];
  problems.report("AX106", {
    at,
    detail: known?.detail ?? `${fault.message.replace(/^(Missing closing ["'])(?=quote)/u, "$1 ")}.`,
    fix: known?.fix ?? "Correct the YAML here; an editor with YAML support shows the same place.",
  });
}

/** A fault that shows only where the text ends is told behind its last visible character. */
function placeFault(source: Source, fault: YAMLError): Position {
  const [start, end] = fault.pos;
  if (source.text.slice(start).trim() !== "") return positionOf(source, start, end);
  const last = source.text.trimEnd().length - 1;
  return positionOf(source, last, last + 1);
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
