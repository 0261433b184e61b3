import type { Diagnostic, DiagnosticCode } from "../model/diagnostic.ts";
import { DiagnosedError } from "../model/errors.ts";
import { canonicalJson } from "../model/json.ts";
import { headOf, type LedgerHead, type LedgerLine } from "../model/ledger.ts";
import { parseJson } from "../model/parse-json.ts";
import { hasItsDigest } from "./chain.ts";
import { isEntry } from "./entry-shape.ts";

/** What a ledger file holds. */
export interface LedgerText {
  readonly lines: readonly LedgerLine[];
  /** A last line that a crash tore. */
  readonly notes: readonly Diagnostic[];
  /** What must be done to the end before anything is added: a torn line be cut off, or a whole one be ended. */
  readonly mend: "nothing" | "cut" | "end";
}

/** A line of a ledger: where that is, and its number. */
export interface LinePlace {
  readonly file: string;
  readonly number: number;
}

const NEWLINE = 0x0a;

/** So many bytes become text at once: a call for each line costs more than what it does for one. */
const PIECE_BYTES = 256 * 1024;

/** A ledger has no limit, but a line of it: one that never ends would fill the memory before it could be told. */
export const MOST_LINE_BYTES: number = 64 * 1024 * 1024;

/** Whole, and with all its lines; see `makeLedgerReader`. */
export function parseLedger(bytes: Uint8Array, file: string): LedgerText {
  const lines: LedgerLine[] = [];
  const reader = makeLedgerReader(file, (line) => lines.push(line));
  reader.add(bytes);
  return { lines, ...reader.end() };
}

/** Takes the bytes of a ledger as they come. */
export interface LedgerReader {
  /** In any pieces; none is kept. */
  add(bytes: Uint8Array): void;
  end(): Omit<LedgerText, "lines">;
}

/**
 * Reads the text of a ledger and checks its chain. Every line must have, to the byte, the text its digest was made of, and follow
 * the one before; anything else is a DiagnosedError with its line number. The one exception: a last line without its newline
 * that is no JSON is what a crash in mid-write leaves. It was never acknowledged to anybody, so it is told and left out.
 *
 * Of a line nothing is kept once `take` had it. Where one is at fault, those before it were taken already.
 *
 * Where lines before were passed over, `passed` tells how many: what the first one follows is not checked then.
 */
export function makeLedgerReader(file: string, take: (line: LedgerLine) => void, passed = 0): LedgerReader {
  let last: LastLine = passed === 0 ? headOf([]) : { seq: passed, digest: undefined };
  /** What was begun of a line. */
  let begun: Uint8Array[] = [];
  let length = 0;
  const here = (): LinePlace => ({ file, number: last.seq + 1 });
  const follow = (text: string | undefined): void => {
    const line = checkLine(text, { place: here(), last });
    last = { seq: line.seq, digest: line.digest };
    take(line);
  };
  const add = (bytes: Uint8Array): void => {
    const end = bytes.lastIndexOf(NEWLINE) + 1;
    const whole = bytes.subarray(0, end);
    if (end > 0)
      for (const text of splitLines(begun.length === 0 ? whole : Buffer.concat([...begun, whole]))) follow(text);
    if (end > 0) begun = [];
    // Copied: whoever hands over the bytes may put others in their place.
    begun.push(new Uint8Array(bytes.subarray(end)));
    length = (end > 0 ? 0 : length) + bytes.length - end;
    if (length > MOST_LINE_BYTES) throw breakOf("AX501", here(), "It is longer than 64 MiB, and no line of a ledger.");
  };
  return {
    add: (bytes) => {
      for (let start = 0; start < bytes.length; start += PIECE_BYTES) add(bytes.subarray(start, start + PIECE_BYTES));
    },
    end: () => {
      const bytes = Buffer.concat(begun);
      if (bytes.length === 0) return { notes: [], mend: "nothing" };
      const text = decodeText(bytes);
      if (text === undefined || parseJson(text) === undefined) return { notes: [describeTear(here())], mend: "cut" };
      follow(text);
      return { notes: [], mend: "end" };
    },
  };
}

/** The texts of whole lines; undefined for one that is no text. */
function splitLines(bytes: Uint8Array): readonly (string | undefined)[] {
  const text = decodeText(bytes);
  if (text !== undefined) return text.slice(0, -1).split("\n");
  const lines: (string | undefined)[] = [];
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(NEWLINE, start);
    lines.push(decodeText(bytes.subarray(start, end)));
    start = end + 1;
  }
  return lines;
}

/** The text of ledger lines, as it stands in the file. */
export function formatLines(lines: readonly LedgerLine[]): string {
  return lines.map((line) => `${canonicalJson(line)}\n`).join("");
}

/** The line before; without its digest where it was not read. */
type LastLine = Pick<LedgerHead, "seq"> & { readonly digest: LedgerHead["digest"] | undefined };

interface LineContext {
  readonly place: LinePlace;
  readonly last: LastLine;
}

function checkLine(text: string | undefined, { place, last }: LineContext): LedgerLine {
  const value = text === undefined ? undefined : parseJson(text);
  if (
    text === undefined ||
    !isRecord(value) ||
    !isRecord(value["entry"]) ||
    typeof value["entry"]["type"] !== "string"
  ) {
    throw breakOf("AX501", place, "It is not a ledger line.");
  }
  if (value["format"] !== 1) {
    throw breakOf("AX502", place, `Its format is ${JSON.stringify(value["format"])}; this version knows only 1.`);
  }
  if (!isEntry(value["entry"]) || typeof value["at"] !== "string" || Number.isNaN(Date.parse(value["at"]))) {
    throw breakOf("AX501", place, "It is no line that axcess writes.");
  }
  const line = value as unknown as LedgerLine;
  if (!hasItsDigest(text, line)) {
    throw breakOf("AX501", place, "Its digest does not fit its content: it was changed after it was written.");
  }
  if ((last.digest !== undefined && line.prev !== last.digest) || line.seq !== last.seq + 1) {
    throw breakOf("AX501", place, "It does not follow the line before: a line was removed, added or moved.");
  }
  return line;
}

/** What is told of a line at fault. */
export function breakOf(code: DiagnosticCode, place: LinePlace, detail: string): DiagnosedError {
  const summary = code === "AX502" ? "Ledger of another version" : "The chain of the ledger is broken";
  const fix =
    code === "AX502"
      ? "Use a version of axcess that knows this format."
      : "Restore the ledger from a copy, or move it away: without it axcess only removes less and asks more.";
  const at = { file: place.file, line: place.number, column: 1, length: 1 };
  return new DiagnosedError([
    { code, severity: "error", summary, detail: `Line ${place.number} of the ledger: ${detail}`, fix, at },
  ]);
}

function describeTear(place: LinePlace): Diagnostic {
  return {
    code: "AX503",
    severity: "note",
    summary: "The last line of the ledger is torn",
    detail: `Line ${place.number} of the ledger was cut off in mid-write and is left out. The next write mends the file.`,
    at: { file: place.file, line: place.number, column: 1, length: 1 },
  };
}

/** One for all lines: making it costs more than what it does for one. */
const DECODER = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function decodeText(bytes: Uint8Array): string | undefined {
  try {
    return DECODER.decode(bytes);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === "object";
}
