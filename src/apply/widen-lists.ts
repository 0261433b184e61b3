import { canonicalJson } from "../model/json.ts";
import type { ListRequest, PlatformReader, Row } from "../model/platform.ts";
import type { Clock } from "../model/ports.ts";
import { widenRequest } from "../model/widen-request.ts";

/** Pages of a list beyond which it is not read for the sake of a few of its rows: page after page, the first would be old by the last. */
const MOST_PAGES = 10;

/** Pages that a list of unknown length is tried with, once so many of its rows were asked for. */
const PAGES_TO_TRY = 4;

/** Rows; undefined where the list turned out to be longer than was tried. */
type Answer = Promise<readonly Row[] | undefined>;

interface WideList {
  /** When each narrower question was last asked, while that is recent. */
  readonly asked: Map<string, number>;
  answer: Answer | undefined;
  askedAt: number;
  wasTried: boolean;
}

/**
 * Answers questions after a few rows of a list from the whole of it, where that takes no more calls: once as many were asked within
 * the time that an answer is fresh as the list has pages. undefined where the question had better be asked as it is. A list is as old as the moment in which it was asked for.
 */
export function widenLists(
  reader: PlatformReader,
  clock: Clock,
  freshMilliseconds: number,
): (request: ListRequest) => Answer | undefined {
  const lists = new Map<string, WideList>();
  const isWorthIt = (list: WideList, pages: number | undefined): boolean => {
    if (pages !== undefined) return pages <= MOST_PAGES && list.asked.size >= pages;
    return !list.wasTried && list.asked.size >= PAGES_TO_TRY;
  };
  return (request) => {
    const wide = widenRequest(request);
    if (wide === undefined) return undefined;
    const list = entryOf(lists, canonicalJson({ ...wide }));
    const now = clock.monotonic();
    const isRecent = (at: number): boolean => now - at < freshMilliseconds;
    // What the list itself has answered counts, too: once it has grown old, as many are likely to come.
    noteQuestion(list.asked, canonicalJson({ ...request.query }), { now, isRecent });
    if (list.answer !== undefined && isRecent(list.askedAt)) return list.answer;
    return isWorthIt(list, reader.pagesOf?.(wide)) ? askWide(reader, { list, wide, now }) : undefined;
  };
}

/** Questions stand in the order in which they were last asked: the first recent one ends what there is to forget. */
function noteQuestion(
  asked: Map<string, number>,
  question: string,
  { now, isRecent }: { readonly now: number; readonly isRecent: (at: number) => boolean },
): void {
  for (const [old, at] of asked) {
    if (isRecent(at)) break;
    asked.delete(old);
  }
  asked.delete(question);
  asked.set(question, now);
}

function entryOf(lists: Map<string, WideList>, key: string): WideList {
  const known = lists.get(key);
  if (known !== undefined) return known;
  const made: WideList = { asked: new Map(), answer: undefined, askedAt: 0, wasTried: false };
  lists.set(key, made);
  return made;
}

/** A refusal is shared with those who already wait for it, and then forgotten; so is a list that is longer than was tried. */
function askWide(
  reader: PlatformReader,
  { list, wide, now }: { readonly list: WideList; readonly wide: ListRequest; readonly now: number },
): Answer {
  const isTrial = reader.pagesOf?.(wide) === undefined;
  list.wasTried ||= isTrial;
  const ask = async (): Promise<readonly Row[] | undefined> => {
    const rows = await reader.list(isTrial ? { ...wide, mostPages: PAGES_TO_TRY } : wide);
    // Only of what was read whole it is known how long it is.
    return reader.pagesOf?.(wide) === undefined ? undefined : rows;
  };
  const answer = ask();
  list.answer = answer;
  list.askedAt = now;
  const forget = (): void => {
    if (list.answer === answer) list.answer = undefined;
  };
  answer.then((rows) => rows ?? forget(), forget);
  return answer;
}
