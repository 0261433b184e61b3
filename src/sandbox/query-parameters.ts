import { readId } from "./ids.ts";
import { invalid } from "./problems.ts";

/** Reads `limit`: 1 to 100, 50 when absent (documented); anything else is refused with 400 (inferred). */
export function readLimit(query: URLSearchParams): number {
  const text = query.get("limit");
  if (text === null) return 50;
  const limit = Number(text);
  if (!/^\d+$/.test(text) || limit < 1 || limit > 100) throw invalid('"limit" must be an integer from 1 to 100.');
  return limit;
}

/** Reads a text filter of at most 255 characters, in lower case for the documented case-insensitive match. */
export function readFilter(query: URLSearchParams, name: string): string | undefined {
  const text = query.get(name);
  if (text === null || text === "") return undefined;
  if (text.length > 255) throw invalid(`"${name}" must not be longer than 255 characters.`);
  return text.toLowerCase();
}

/** Reads a parameter that must be one of a few words. */
export function readChoice<T extends string>(query: URLSearchParams, name: string, words: readonly T[]): T | undefined {
  const text = query.get(name);
  return text === null ? undefined : pickWord(text, name, words);
}

/** Reads a parameter that may be repeated, each time one of a few words. */
export function readChoices<T extends string>(query: URLSearchParams, name: string, words: readonly T[]): readonly T[] {
  return query.getAll(name).map((text) => pickWord(text, name, words));
}

/** Reads a parameter that holds an ID of a kind; refuses with 400 what is not one. */
export function readIdParameter(query: URLSearchParams, name: string, kind: string): string | undefined {
  const text = query.get(name);
  return text === null ? undefined : canonicalId(text, kind);
}

/** Reads a parameter that holds a moment. */
export function readInstant(query: URLSearchParams, name: string): Date | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const instant = new Date(text);
  if (Number.isNaN(instant.getTime())) throw invalid(`"${name}" is not a valid date and time.`);
  return instant;
}

/** Gives the padded form of an ID text, and refuses with 400 what is not an ID of that kind. */
export function canonicalId(text: string, kind: string): string {
  const read = readId(text);
  if (read?.kind !== kind) throw invalid(`"${text}" is not a valid resource ID format for this parameter.`);
  return read.canonical;
}

function pickWord<T extends string>(text: string, name: string, words: readonly T[]): T {
  const word = words.find((each) => each === text);
  if (word === undefined) throw invalid(`"${name}" must be one of ${words.join(", ")}.`);
  return word;
}
