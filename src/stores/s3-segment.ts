import { canonicalJson } from "../model/json.ts";
import type { LockHolder } from "../model/ledger-store.ts";
import { parseHolder } from "../state/lock-texts.ts";

/** One object of a ledger: a head that says whose it is, and then lines of the ledger. */
export interface Segment {
  readonly number: number;
  readonly epoch: number;
  /** Grows with each write, so that no two writes of an object are the same, and none has the tag of one before. */
  readonly write: number;
  readonly holder: LockHolder | undefined;
  /** True where the ledger goes on in the next segment: this one is never written again. */
  readonly closed: boolean;
  readonly lines: string;
}

/** A segment that grew beyond this is closed: whoever adds a line writes the whole segment. */
export const SEGMENT_CHARACTERS: number = 256 * 1024;

/** The name of a segment; names sort as numbers do. */
export function nameSegment(number: number): string {
  return `${String(number).padStart(10, "0")}.jsonl`;
}

export function formatSegment({ number, epoch, write, holder, closed, lines }: Segment): string {
  const head = { axcess: "ledger-segment", format: 1, number, epoch, write, closed, holder: holder ?? null };
  return `${canonicalJson(head)}\n${lines}`;
}

/** Reads a segment; undefined where the text is none, or not the one with this number. */
export function parseSegment(text: string, number: number): Segment | undefined {
  const end = text.indexOf("\n");
  const head = parseJson(text.slice(0, end));
  const lines = text.slice(end + 1);
  if (end < 0 || head === undefined || head["axcess"] !== "ledger-segment" || head["format"] !== 1) return undefined;
  const { epoch, write, closed, holder } = head;
  const whole = head["number"] === number && isCount(epoch) && isCount(write) && typeof closed === "boolean";
  if (!whole || !(lines === "" || lines.endsWith("\n"))) return undefined;
  const known = holder === null ? undefined : parseHolder(JSON.stringify(holder));
  if (holder !== null && known === undefined) return undefined;
  return { number, epoch, write, closed, holder: known, lines };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function parseJson(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === "object" ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}
