import { canonicalJson } from "../model/json.ts";
import type { ListRequest, PlatformReader } from "../model/platform.ts";
import { widenRequest } from "../model/widen-request.ts";

/** Two readers of one account. */
export interface EarlyAndLate {
  /** Asks, once, and keeps the answer, or that there is none. */
  readonly early: PlatformReader;
  /** Takes what was asked early, once; everything else it asks itself. */
  readonly late: PlatformReader;
}

/**
 * Lets lists be asked for before anybody can understand them: what was asked early is not asked again, and is given to the first
 * who asks the very same, or for rows of it; of member lists each by itself. Nothing is kept beyond that.
 */
export function askEarly(reader: PlatformReader): EarlyAndLate {
  const lists = shareAnswers<string, Awaited<ReturnType<PlatformReader["list"]>>>();
  const spaces = shareMembers((ids) => reader.readSpaceMembers(ids));
  const organizations = shareMembers((ids) => reader.readOrganizationMembers(ids));
  return {
    early: {
      ...reader,
      list: (request) => lists.keep(canonicalJson(request), () => reader.list(request)),
      readSpaceMembers: (ids) => spaces.early(ids),
      readOrganizationMembers: (ids) => organizations.early(ids),
    },
    late: {
      ...reader,
      list: (request) => takeList(request, lists.take) ?? reader.list(request),
      readSpaceMembers: (ids, how = "lean") => (how === "lean" ? spaces.late(ids) : reader.readSpaceMembers(ids, how)),
      readOrganizationMembers: (ids, how = "lean") =>
        how === "lean" ? organizations.late(ids) : reader.readOrganizationMembers(ids, how),
    },
  };
}

/** What a list was answered with, or one that has all rows of it. */
function takeList<A>(request: ListRequest, take: (key: string) => A | undefined): A | undefined {
  const wide = widenRequest(request);
  return take(canonicalJson(request)) ?? (wide && take(canonicalJson(wide)));
}

interface SharedAnswers<K, A> {
  /** What was answered, or is asked now. */
  readonly keep: (key: K, ask: () => Promise<A>) => Promise<A>;
  readonly take: (key: K) => Promise<A> | undefined;
}

function shareAnswers<K, A>(): SharedAnswers<K, A> {
  const answers = new Map<K, Promise<A>>();
  return {
    keep: (key, ask) => {
      const asked = answers.get(key);
      if (asked !== undefined) return asked;
      const answer = ask();
      // Whoever takes it hears of a refusal.
      answer.catch(() => {});
      answers.set(key, answer);
      return answer;
    },
    take: (key) => {
      const answer = answers.get(key);
      answers.delete(key);
      return answer;
    },
  };
}

type Members<A> = ReadonlyMap<string, A>;
type AskMembers<A> = (ids: readonly string[]) => Promise<Members<A>>;

/** Of each list it is known in which answer it stands. */
function shareMembers<A>(ask: AskMembers<A>): { readonly early: AskMembers<A>; readonly late: AskMembers<A> } {
  const answers = shareAnswers<string, Members<A>>();
  /** The answers by list; what nobody asked yet is asked in one go. */
  const gather = async (
    ids: readonly string[],
    known: (id: string, rest: () => Promise<Members<A>>) => Promise<Members<A>>,
  ): Promise<Members<A>> => {
    const missing: string[] = [];
    let rest: Promise<Members<A>> | undefined;
    // Asked once it is known of all lists whether they are missing.
    const askRest = (): Promise<Members<A>> => {
      rest ??= Promise.resolve().then(() => ask(missing));
      return rest;
    };
    const askAlso = (id: string): Promise<Members<A>> => {
      missing.push(id);
      return askRest();
    };
    const found = ids.map(async (id): Promise<readonly (readonly [string, A])[]> => {
      const answer = (await known(id, () => askAlso(id))).get(id);
      return answer === undefined ? [] : [[id, answer]];
    });
    return new Map((await Promise.all(found)).flat());
  };
  return {
    early: (ids) => gather(ids, (id, rest) => answers.keep(id, rest)),
    late: (ids) => gather(ids, (id, rest) => answers.take(id) ?? rest()),
  };
}
