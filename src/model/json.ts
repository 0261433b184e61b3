/** A value that JSON can carry. Comparable specs use it without arrays, because deep-diff compares arrays by position. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** A JSON object. */
export type JsonObject = { readonly [key: string]: Json };

/**
 * The one text of a JSON value: keys sorted by code unit, no white space, members that are undefined left out.
 * Digests and change ids are made from it, so that the same value always has the same bytes.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  // Of JSON, a number too large to be held is infinite, and must not pass for nothing.
  if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY) return value > 0 ? "1e999" : "-1e999";
  if (value === null || typeof value !== "object") return JSON.stringify(value ?? null);
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(",")}]`;
  const record = value as Readonly<Record<string, unknown>>;
  let members = "";
  for (const key of sortTexts(Object.keys(record))) {
    const member = record[key];
    if (member !== undefined) members += `${members === "" ? "" : ","}${quoteKey(key)}:${canonicalJson(member)}`;
  }
  return `{${members}}`;
}

/** The same few keys come again and again. */
const quoted = new Map<string, string>();

function quoteKey(key: string): string {
  const known = quoted.get(key);
  if (known !== undefined) return known;
  const quote = JSON.stringify(key);
  if (quoted.size < MOST_QUOTED) quoted.set(key, quote);
  return quote;
}

/** Keys may also be names of other people's choosing: of those not all are kept. */
const MOST_QUOTED = 1000;

/** The same text in pieces, a list entry by entry: as a whole, that of a large value takes several times the memory of the value. */
export function* canonicalPieces(value: unknown): Generator<string, void, void> {
  if (value === null || typeof value !== "object") return yield canonicalJson(value);
  let before = "";
  if (Array.isArray(value)) {
    yield "[";
    for (const item of value) {
      yield `${before}${canonicalJson(item)}`;
      before = ",";
    }
    return yield "]";
  }
  yield "{";
  for (const [key, member] of sortMembers(value)) {
    yield `${before}${JSON.stringify(key)}:`;
    yield* canonicalPieces(member);
    before = ",";
  }
  yield "}";
}

function sortMembers(record: object): readonly (readonly [string, unknown])[] {
  const members = Object.entries(record).filter(([, member]) => member !== undefined);
  return members.sort(([a], [b]) => compareText(a, b));
}

/** Sorts a list in place, by code unit. Most lists of keys are short, and sorted or nearly: each goes a few places down. */
function sortTexts(texts: string[]): readonly string[] {
  // Without a comparison of its own, sort orders by code unit.
  if (texts.length > FEW) return texts.sort();
  for (let at = 1; at < texts.length; at += 1) {
    const text = texts[at] as string;
    let to = at;
    for (; to > 0 && (texts[to - 1] as string) > text; to -= 1) texts[to] = texts[to - 1] as string;
    texts[to] = text;
  }
  return texts;
}

const FEW = 32;

/** Orders texts by UTF-16 code unit: the same on every machine, whatever its locale. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** True when both values have the same canonical JSON. */
export function isSameJson(a: unknown, b: unknown): boolean {
  return a === b || canonicalJson(a) === canonicalJson(b);
}

/** A value of somebody else's JSON as a text: a text as it is, all else as JSON. `String` would call what an object calls `toString`. */
export function spellJson(value: unknown): string {
  return typeof value === "string" ? value : canonicalJson(value ?? null);
}
