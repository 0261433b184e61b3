import { canonicalJson } from "../model/json.ts";
import type { PlatformReader } from "../model/platform.ts";

/** Two readers of one account. */
export interface EarlyAndLate {
  /** Asks, once, and keeps the answer, or that there is none. */
  readonly early: PlatformReader;
  /** Takes what was asked early, once; everything else it asks itself. */
  readonly late: PlatformReader;
}

/**
 * Lets lists be asked for before anybody can understand them: what was asked early is not asked again, and is given to the first
 * who asks the very same. Nothing is kept beyond that.
 */
export function askEarly(reader: PlatformReader): EarlyAndLate {
  const answers = new Map<string, Promise<unknown>>();
  // The casts are sound because a key names both the question and the type of its answer.
  const keep = <T>(key: string, ask: () => Promise<T>): Promise<T> => {
    const asked = answers.get(key) as Promise<T> | undefined;
    if (asked !== undefined) return asked;
    const answer = ask();
    // Whoever takes it hears of a refusal.
    answer.catch(() => {});
    answers.set(key, answer);
    return answer;
  };
  const take = <T>(key: string, ask: () => Promise<T>): Promise<T> => {
    const answer = answers.get(key) as Promise<T> | undefined;
    answers.delete(key);
    return answer ?? ask();
  };
  return { early: withLists(reader, keep), late: withLists(reader, take) };
}

type Settle = <T>(key: string, ask: () => Promise<T>) => Promise<T>;

function withLists(reader: PlatformReader, settle: Settle): PlatformReader {
  return {
    ...reader,
    list: (request) => settle(`list ${canonicalJson(request)}`, () => reader.list(request)),
    readSpaceMembers: (ids, few = false) =>
      settle(`spaces ${few} ${ids.join()}`, () => reader.readSpaceMembers(ids, few)),
    readOrganizationMembers: (ids) => settle(`organizations ${ids.join()}`, () => reader.readOrganizationMembers(ids)),
  };
}
