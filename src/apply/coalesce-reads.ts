import { Impossible } from "../model/errors.ts";
import { canonicalJson } from "../model/json.ts";
import type { MemberReading, PlatformReader, SpaceMemberRow, WantedMember } from "../model/platform.ts";
import type { Clock } from "../model/ports.ts";
import { widenLists } from "./widen-lists.ts";

/** How old an answer may be that another look shares. */
const FRESH_MILLISECONDS = 2000;

/**
 * A reader in which the same question, while it is being answered or shortly after, is asked only once, and in which the members
 * of many containers are asked for together: all that is wanted while one such call is under way goes into the next. Where many
 * rows of one list are asked for one by one, the list is read instead.
 *
 * Own writes drop nothing. A look asks after one address, which only its own step changes, so an answer from before another
 * step's write still tells the truth about it; what that other step took along (a cascade) is then seen as still there, and
 * its removal answers `absent`. A container made by this run has a new id, so nothing was ever asked about it. What remains
 * is that somebody else's change goes unseen for as long as an answer is fresh.
 */
export function coalesceReads(
  reader: PlatformReader,
  clock: Clock,
  freshMilliseconds: number = FRESH_MILLISECONDS,
): PlatformReader {
  const share = makeSharing(clock, freshMilliseconds);
  const widen = widenLists(reader, clock, freshMilliseconds);
  const askSpaces = makeBatching((ids) => reader.readSpaceMembers(ids));
  const findMember = makeFinding((wanted) => reader.findSpaceMembers(wanted));
  const askOrganizations = makeBatching((ids) => reader.readOrganizationMembers(ids));
  return {
    identify: () => share("identify", () => reader.identify()),
    nameAccount: () => share("nameAccount", () => reader.nameAccount()),
    list: (request) => {
      const ask = () => share(`list ${canonicalJson(request)}`, () => reader.list(request));
      return widen(request)?.then((rows) => rows ?? ask()) ?? ask();
    },
    get: (path) => share(`get ${path}`, () => reader.get(path)),
    readSpaceMembers: (ids) => readEach(ids, (id) => share(`readSpaceMembers ${id}`, () => askSpaces(id))),
    findSpaces: (wanted) => reader.findSpaces(wanted),
    findSpaceMembers: async (wanted) => {
      const rows = await Promise.all(wanted.map(async (each) => [each, await findMember(each)] as const));
      return new Map(rows.flatMap(([each, row]) => (row === undefined ? [] : [[each, row]])));
    },
    readOrganizationMembers: (ids) =>
      readEach(ids, (id) => share(`readOrganizationMembers ${id}`, () => askOrganizations(id))),
    readsOrganizationRoles: () => share("readsOrganizationRoles", () => reader.readsOrganizationRoles()),
    readIdentityProviders: () => share("readIdentityProviders", () => reader.readIdentityProviders()),
  };
}

type Share = <T>(key: string, ask: () => Promise<T>) => Promise<T>;

interface Answer {
  readonly promise: Promise<unknown>;
  /** Undefined while it is under way. */
  readonly answeredAt: number | undefined;
}

/** Shares answers by key. A refusal is shared with those who already wait for it, and then forgotten. */
function makeSharing(clock: Clock, freshMilliseconds: number): Share {
  const answers = new Map<string, Answer>();
  const isFresh = ({ answeredAt }: Answer): boolean =>
    answeredAt === undefined || clock.monotonic() - answeredAt < freshMilliseconds;
  const settle = (key: string, promise: Promise<unknown>): void => {
    answers.delete(key);
    // Answers stand in the order in which they came: the first fresh one ends what there is to throw away.
    for (const [old, answer] of answers) {
      if (!isFresh(answer)) answers.delete(old);
      else if (answer.answeredAt !== undefined) break;
    }
    answers.set(key, { promise, answeredAt: clock.monotonic() });
  };
  // The cast is sound because a key names both the question and the type of its answer.
  return <T>(key: string, ask: () => Promise<T>): Promise<T> => {
    const known = answers.get(key);
    if (known !== undefined && isFresh(known)) return known.promise as Promise<T>;
    const promise = ask();
    answers.set(key, { promise, answeredAt: undefined });
    promise.then(
      () => settle(key, promise),
      () => answers.delete(key),
    );
    return promise;
  };
}

/** So many people of one space are looked for one by one; of more, its whole list costs no more. */
const MOST_FOUND_SINGLY = 4;

/** Joins questions after single people; where many of one space are wanted, none of them is found, and its list is read instead. */
function makeFinding(
  find: (wanted: readonly WantedMember[]) => Promise<ReadonlyMap<WantedMember, SpaceMemberRow>>,
): (wanted: WantedMember) => Promise<SpaceMemberRow | undefined> {
  return makeJoining(async (wanted) => {
    const bySpace = new Map<string, WantedMember[]>();
    for (const each of wanted) bySpace.set(each.space, [...(bySpace.get(each.space) ?? []), each]);
    const single = [...bySpace.values()].filter((people) => people.length <= MOST_FOUND_SINGLY).flat();
    const found = single.length === 0 ? new Map<WantedMember, SpaceMemberRow>() : await find(single);
    return (each) => found.get(each);
  });
}

type Reading<R> = ReadonlyMap<string, MemberReading<R>>;

/** Joins questions after single containers into calls after many, one call at a time. */
function makeBatching<R>(
  read: (ids: readonly string[]) => Promise<Reading<R>>,
): (id: string) => Promise<MemberReading<R>> {
  return makeJoining(async (ids) => {
    const readings = await read([...new Set(ids)]);
    return (id) => {
      const reading = readings.get(id);
      if (reading === undefined) throw new Impossible(`the reader left out the members of ${id}`);
      return reading;
    };
  });
}

interface Waiting<Q, A> {
  readonly question: Q;
  readonly resolve: (answer: A) => void;
  readonly reject: (cause: unknown) => void;
}

/** Joins questions into one call, one call at a time: all that is asked while one is under way goes into the next. */
function makeJoining<Q, A>(ask: (questions: readonly Q[]) => Promise<(question: Q) => A>): (question: Q) => Promise<A> {
  let waiting: Waiting<Q, A>[] = [];
  let busy = false;
  const drain = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      await answerAll(batch, ask);
    }
    busy = false;
  };
  return (question) =>
    new Promise((resolve, reject) => {
      waiting.push({ question, resolve, reject });
      if (busy) return;
      busy = true;
      void Promise.resolve().then(drain);
    });
}

async function answerAll<Q, A>(
  batch: readonly Waiting<Q, A>[],
  ask: (questions: readonly Q[]) => Promise<(question: Q) => A>,
): Promise<void> {
  try {
    const answerOf = await ask(batch.map(({ question }) => question));
    for (const { question, resolve, reject } of batch) {
      try {
        resolve(answerOf(question));
      } catch (cause) {
        reject(cause);
      }
    }
  } catch (cause) {
    for (const { reject } of batch) reject(cause);
  }
}

async function readEach<R>(
  ids: readonly string[],
  ask: (id: string) => Promise<MemberReading<R>>,
): Promise<Reading<R>> {
  return new Map(await Promise.all(ids.map(async (id) => [id, await ask(id)] as const)));
}
