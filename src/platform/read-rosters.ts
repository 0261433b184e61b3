import type { MemberReading } from "../model/platform.ts";
import { askMany, type NodeAnswer, type NodeQuestion } from "./ask-many.ts";
import { choosePages, goesOn, needsQuery } from "./choose-pages.ts";
import { dig } from "./json-shape.ts";
import {
  countOf,
  expectedLength,
  explainMissing,
  type OpenRoster,
  openRoster,
  type RosterContext,
  takeAnswer,
  unreadable,
} from "./open-roster.ts";
import { type Roster, shareEntries } from "./roster.ts";
import { measurePages, SIZE_COST, selectPage, selectSize } from "./roster-query.ts";
import type { PersonRow } from "./share-values.ts";

/** So many short lists fit into one query, as a rule; of more their sizes are asked for in any case. */
const MOST_AT_ONCE = 6;

/** Of more lists their sizes are asked for also where they were read before: a few entries too many in each take more points. */
const MOST_GUESSED = 100;

/**
 * Reads whole member lists: sizes first, then pages fitted to each list and packed under the cost limit, until every list ends;
 * or `at-once` the first pages, as long as one query has room for. A list is complete only when the server said that nothing
 * follows and no fewer entries came than it counted.
 */
export async function readRosters<R extends PersonRow>(
  context: RosterContext,
  given: Roster<R>,
  ids: readonly string[],
  first: "sizes" | "at-once" = "sizes",
): Promise<ReadonlyMap<string, MemberReading<R>>> {
  const roster = shareEntries(given);
  const readings = [...new Set(ids)].map((id) => openRoster<R>(id, context, roster.title));
  try {
    if (readings.length > MOST_AT_ONCE || (readings.length > 1 && first === "sizes"))
      await readSizes(
        context,
        roster,
        readings.filter(({ expected }) => expected === undefined || readings.length > MOST_GUESSED),
      );
    else if (first === "at-once") fillQuery(context, roster, readings);
    await readToEnd(context, roster, openOf(readings));
  } finally {
    for (const { holding } of readings) holding.release();
  }
  return new Map(readings.map(({ id, result }) => [id, result ?? unreadable("it was not read")]));
}

/** Whether one query has room for lists that somebody knows the lengths of; a list of several pages takes a query for each. */
export function fitInQuery<R>(
  { budget, dropped, lengths }: RosterContext,
  roster: Roster<R>,
  ids: readonly string[],
): boolean {
  const { costOf } = measurePages(roster, dropped);
  const expected = ids.flatMap((id) => expectedLength(lengths.get(id)) ?? []);
  if (expected.length < ids.length) return false;
  return expected.length === 1 || expected.reduce((sum, length) => sum + costOf(length), 0) <= budget;
}

/** Divides one query among lists of which nobody knows how long they are. */
function fillQuery<R>({ dropped, budget }: RosterContext, roster: Roster<R>, readings: readonly OpenRoster<R>[]): void {
  const { longestWithin } = measurePages(roster, dropped);
  for (const reading of readings) reading.begin = longestWithin(Math.floor(budget / readings.length));
}

async function readSizes<R>(
  context: RosterContext,
  roster: Roster<R>,
  readings: readonly OpenRoster<R>[],
): Promise<void> {
  if (context.dropped.has("totalCount")) return;
  const questions = readings.map(
    ({ id }): NodeQuestion => ({
      id,
      cost: SIZE_COST,
      cursor: undefined,
      // Where the server turns out not to count, the question becomes one that every server can answer.
      select: (dropped) => (dropped.has("totalCount") ? "id" : selectSize(roster, dropped)),
    }),
  );
  const answers = new Map<string, NodeAnswer>();
  await askMany(context, questions, (id, answer) => answers.set(id, answer));
  for (const reading of readings) {
    const answer = answers.get(reading.id);
    if (answer?.state !== "answered") reading.result = explainMissing(answer);
    else if (!context.dropped.has("totalCount")) {
      reading.total = countOf(dig(answer.node, roster.connection));
      if (reading.total === 0) reading.result = { state: "complete", rows: [] };
    }
  }
}

/**
 * Reads to the end of each list. What a list of several pages still needs is asked for as soon as it may be: lists that go on are in
 * the queries that go out first; of which a whole query is still needed, goes on by itself; what is left of the others shares
 * queries, while the lists that end are still under way.
 */
async function readToEnd<R extends PersonRow>(
  context: RosterContext,
  roster: Roster<R>,
  open: readonly OpenRoster<R>[],
): Promise<void> {
  const underWay = new Set<Promise<void>>();
  const ask = (lists: readonly OpenRoster<R>[]): void => {
    const firsts = choosePages(context, measurePages(roster, context.dropped), lists);
    const going = new Set(lists.filter((list) => goesOn(list, firsts.get(list.id) ?? 1)));
    const leftovers: OpenRoster<R>[] = [];
    const takeUp = (list: OpenRoster<R>): void => {
      if (!going.delete(list)) return;
      if (list.result === undefined) {
        if (needsQuery(context, measurePages(roster, context.dropped), list)) ask([list]);
        else leftovers.push(list);
      }
      if (going.size === 0 && leftovers.length > 0) ask(leftovers);
    };
    const asking = askPages(context, { roster, lists, firsts, going: new Set(going) }, takeUp).finally(() =>
      underWay.delete(asking),
    );
    // Heard below, by whoever waits for all.
    asking.catch(() => {});
    underWay.add(asking);
  };
  for (let left = open; left.length > 0; left = openOf(left)) {
    ask(left);
    while (underWay.size > 0) await Promise.race(underWay);
  }
}

function openOf<R>(readings: readonly OpenRoster<R>[]): readonly OpenRoster<R>[] {
  return readings.filter(({ result }) => result === undefined);
}

interface PageAsking<R> {
  readonly roster: Roster<R>;
  readonly lists: readonly OpenRoster<R>[];
  /** Lengths of the pages. */
  readonly firsts: ReadonlyMap<string, number>;
  /** Lists of which more is expected afterwards: they are asked for first. */
  readonly going: ReadonlySet<OpenRoster<R>>;
}

/** Asks for a page of each list; tells of each list when its page was taken. */
async function askPages<R extends PersonRow>(
  context: RosterContext,
  { roster, lists, firsts, going }: PageAsking<R>,
  onTaken: (list: OpenRoster<R>) => void,
): Promise<void> {
  const { costOf } = measurePages(roster, context.dropped);
  const questions = lists.map((list): NodeQuestion => {
    const first = firsts.get(list.id) ?? 1;
    return {
      id: list.id,
      // Without `first` the server chooses the length of the page, and nobody knows what it costs.
      cost: context.dropped.has("first") ? context.budget : costOf(first),
      cursor: list.cursor,
      goesOn: going.has(list),
      select: (dropped, cursor) => selectPage(roster, dropped, { first, cursor }),
    };
  });
  const byId = new Map(lists.map((list) => [list.id, list]));
  await askMany(context, questions, (id, answer) => {
    const list = byId.get(id);
    if (list === undefined) return;
    takeAnswer({ context, roster, reading: list }, answer, firsts.get(id) ?? 1);
    onTaken(list);
  });
}
