import { Impossible } from "../model/errors.ts";
import { canonicalJson } from "../model/json.ts";
import type { MemberReading, PlatformReader } from "../model/platform.ts";
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
    readOrganizationMembers: (ids) =>
      readEach(ids, (id) => share(`readOrganizationMembers ${id}`, () => askOrganizations(id))),
    describePeople: (seen) => reader.describePeople(seen),
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

type Reading<R> = ReadonlyMap<string, MemberReading<R>>;

interface Waiting<R> {
  readonly resolve: (reading: MemberReading<R>) => void;
  readonly reject: (cause: unknown) => void;
}

/** Joins questions after single containers into calls after many, one call at a time. */
function makeBatching<R>(
  read: (ids: readonly string[]) => Promise<Reading<R>>,
): (id: string) => Promise<MemberReading<R>> {
  let waiting = new Map<string, Waiting<R>>();
  let busy = false;
  const drain = async (): Promise<void> => {
    while (waiting.size > 0) {
      const batch = waiting;
      waiting = new Map();
      await answerBatch(batch, read);
    }
    busy = false;
  };
  return (id) =>
    new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      if (busy) return;
      busy = true;
      void Promise.resolve().then(drain);
    });
}

async function answerBatch<R>(
  batch: ReadonlyMap<string, Waiting<R>>,
  read: (ids: readonly string[]) => Promise<Reading<R>>,
): Promise<void> {
  try {
    const readings = await read([...batch.keys()]);
    for (const [id, { resolve, reject }] of batch) {
      const reading = readings.get(id);
      if (reading === undefined) reject(new Impossible(`the reader left out the members of ${id}`));
      else resolve(reading);
    }
  } catch (cause) {
    for (const { reject } of batch.values()) reject(cause);
  }
}

async function readEach<R>(
  ids: readonly string[],
  ask: (id: string) => Promise<MemberReading<R>>,
): Promise<Reading<R>> {
  return new Map(await Promise.all(ids.map(async (id) => [id, await ask(id)] as const)));
}
