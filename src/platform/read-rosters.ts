import { hash } from "node:crypto";
import { canonicalJson, type Json, type JsonObject } from "../model/json.ts";
import type { MemberReading } from "../model/platform.ts";
import { ENDLESS, type Holding, weighRow } from "./allowance.ts";
import { type AskContext, askMany, type NodeAnswer, type NodeQuestion } from "./ask-many.ts";
import { choosePages, goesOn, needsQuery, type OpenList, SHORT_PAGE } from "./choose-pages.ts";
import { dig, isList, isObject, textOf } from "./json-shape.ts";
import { type Roster, shareEntries } from "./roster.ts";
import { measurePages, SIZE_COST, selectPage, selectSize } from "./roster-query.ts";
import type { PersonRow } from "./share-values.ts";

/** What was found out about a server's member lists. */
export interface RosterContext extends AskContext {
  /** Longest page that the server is known to give; shrinks where one is refused. */
  longestPage: number;
}

/** Entries after which a list counts as endless; memory would end a little later. */
const MOST_ENTRIES = 1_000_000;
/** Pages with nothing new after which a list counts as endless: a minute of queries. */
const MOST_IDLE_PAGES = 100;

/** So many short lists fit into one query, as a rule; of more their sizes are asked for in any case. */
const MOST_AT_ONCE = 6;

/** One list being read. */
interface Reading<R> extends OpenList {
  total: number | undefined;
  begin: number | undefined;
  cursor: string | undefined;
  page: number | undefined;
  again: boolean;
  /** Pages that brought nothing new. */
  idle: number;
  readonly cursors: Set<string>;
  /** By the person; what else comes of the same person, with another reason, by a digest. */
  readonly rows: Map<string, R>;
  readonly holding: Holding;
  result: MemberReading<R> | undefined;
}

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
  const readings = [...new Set(ids)].map((id) =>
    startReading<R>(id, context.graphql.allowance.open(`${roster.title} ${id}`)),
  );
  try {
    if (readings.length > MOST_AT_ONCE || (readings.length > 1 && first === "sizes"))
      await readSizes(context, roster, readings);
    else if (first === "at-once") fillQuery(context, roster, readings);
    await readToEnd(context, roster, openOf(readings));
  } finally {
    for (const { holding } of readings) holding.release();
  }
  return new Map(readings.map(({ id, result }) => [id, result ?? unreadable("it was not read")]));
}

function startReading<R>(id: string, holding: Holding): Reading<R> {
  return {
    id,
    total: undefined,
    begin: undefined,
    cursor: undefined,
    page: undefined,
    again: false,
    idle: 0,
    cursors: new Set(),
    rows: new Map(),
    holding,
    result: undefined,
  };
}

/** Divides one query among lists of which nobody knows how long they are. */
function fillQuery<R>({ dropped, budget }: RosterContext, roster: Roster<R>, readings: readonly Reading<R>[]): void {
  const { longestWithin } = measurePages(roster, dropped);
  for (const reading of readings) reading.begin = longestWithin(Math.floor(budget / readings.length));
}

async function readSizes<R>(context: RosterContext, roster: Roster<R>, readings: readonly Reading<R>[]): Promise<void> {
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
  open: readonly Reading<R>[],
): Promise<void> {
  if (open.length === 0) return;
  const firsts = choosePages(context, measurePages(roster, context.dropped), open);
  const going = new Set(open.filter((reading) => goesOn(reading, firsts.get(reading.id) ?? 1)));
  const following: Promise<void>[] = [];
  const follow = (reading: Promise<void>): void => {
    // Heard below, after the rest has been answered.
    reading.catch(() => {});
    following.push(reading);
  };
  const leftovers: Reading<R>[] = [];
  await askPages({ context, roster, going }, firsts, open, (reading) => {
    if (!going.delete(reading)) return;
    if (reading.result === undefined) {
      if (needsQuery(context, measurePages(roster, context.dropped), reading))
        follow(readAlone(context, roster, reading));
      else leftovers.push(reading);
    }
    if (going.size === 0) follow(readToEnd(context, roster, leftovers));
  });
  await Promise.all(following);
  await readToEnd(context, roster, openOf(open));
}

function openOf<R>(readings: readonly Reading<R>[]): readonly Reading<R>[] {
  return readings.filter(({ result }) => result === undefined);
}

/** Reads pages of a list that leave no room in their queries. */
async function readAlone<R extends PersonRow>(
  context: RosterContext,
  roster: Roster<R>,
  reading: Reading<R>,
): Promise<void> {
  do {
    const firsts = choosePages(context, measurePages(roster, context.dropped), [reading]);
    await askPages({ context, roster, going: new Set<Reading<R>>() }, firsts, [reading], () => {});
  } while (reading.result === undefined && needsQuery(context, measurePages(roster, context.dropped), reading));
}

interface PageAsking<R> {
  readonly context: RosterContext;
  readonly roster: Roster<R>;
  /** Lists of which more is expected afterwards: they are asked for first. */
  readonly going: ReadonlySet<Reading<R>>;
}

/** Asks for a page of each list, of the lengths that are given; tells of each list when its page was taken. */
async function askPages<R extends PersonRow>(
  { context, roster, going }: PageAsking<R>,
  firsts: ReadonlyMap<string, number>,
  open: readonly Reading<R>[],
  onTaken: (reading: Reading<R>) => void,
): Promise<void> {
  const { costOf } = measurePages(roster, context.dropped);
  const questions = open.map((reading): NodeQuestion => {
    const first = firsts.get(reading.id) ?? 1;
    return {
      id: reading.id,
      // Without `first` the server chooses the length of the page, and nobody knows what it costs.
      cost: context.dropped.has("first") ? context.budget : costOf(first),
      cursor: reading.cursor,
      goesOn: going.has(reading),
      select: (dropped, cursor) => selectPage(roster, dropped, { first, cursor }),
    };
  });
  const byId = new Map(open.map((reading) => [reading.id, reading]));
  await askMany(context, questions, (id, answer) => {
    const reading = byId.get(id);
    if (reading === undefined) return;
    takeAnswer({ context, roster, reading }, answer, firsts.get(id) ?? 1);
    onTaken(reading);
  });
}

interface Taking<R> {
  readonly context: RosterContext;
  readonly roster: Roster<R>;
  readonly reading: Reading<R>;
}

function takeAnswer<R extends PersonRow>(taking: Taking<R>, answer: NodeAnswer, first: number): void {
  const { context, reading, roster } = taking;
  if (answer.state !== "answered") {
    // A server may refuse long pages: asked again for a shorter one, until length cannot be the reason.
    if (answer.state === "refused" && first > SHORT_PAGE && !context.dropped.has("first")) {
      reading.page = Math.max(SHORT_PAGE, Math.floor(first / 2));
    } else reading.result = explainMissing(answer);
    return;
  }
  if (reading.page !== undefined) context.longestPage = Math.min(context.longestPage, reading.page);
  const connection = answer.node[roster.connection];
  const fault = isObject(connection)
    ? takePage(taking, connection)
    : `this id is not one of a ${roster.title} with members`;
  if (fault === undefined) return;
  reading.result = unreadable(fault);
  forgetRows(reading);
}

/** Takes one page in; answers why the list cannot be read, if so. */
function takePage<R extends PersonRow>(taking: Taking<R>, connection: JsonObject): string | undefined {
  const { context, reading } = taking;
  const edges = connection["edges"];
  if (!isList(edges)) return "the list came without entries";
  const before = reading.rows.size;
  const fault = takeEdges(taking, edges);
  if (fault !== undefined) return fault;
  if (reading.rows.size === before) reading.idle += 1;
  reading.total = countOf(connection) ?? reading.total;
  if (context.dropped.has("pageInfo")) {
    if (reading.total === undefined) return "the server does not say whether the list is whole";
    return finishReading(reading);
  }
  const hasNextPage = dig(connection, "pageInfo", "hasNextPage");
  if (hasNextPage === false) return finishReading(reading);
  if (hasNextPage !== true) return "the server does not say whether the list goes on";
  if (context.dropped.has("after")) return "the list has more pages than the server lets one ask for";
  return turnPage(reading, textOf(dig(connection, "pageInfo", "endCursor")));
}

function takeEdges<R extends PersonRow>(taking: Taking<R>, edges: readonly Json[]): string | undefined {
  for (const edge of edges) {
    const node = isObject(edge) ? edge["node"] : undefined;
    const row = isObject(node) ? taking.roster.readEntry(node) : undefined;
    if (row === undefined) return "an entry does not say which user it is";
    if (!keepRow(taking, row)) return `the list ${ENDLESS}`;
  }
  return undefined;
}

/** False where all lists together hold too much. */
function keepRow<R extends PersonRow>({ roster, reading: { rows, holding } }: Taking<R>, row: R): boolean {
  const first = rows.get(row.userId);
  if (first !== undefined && roster.isSame(first, row)) return true;
  const key = first === undefined ? row.userId : `digest ${hash("sha256", canonicalJson(row), "base64url")}`;
  if (first !== undefined && rows.has(key)) return true;
  rows.set(key, row);
  return holding.take(weighRow(row) + key.length);
}

function turnPage<R>(reading: Reading<R>, cursor: string | undefined): string | undefined {
  if (cursor === undefined) return "the list has more pages but gives no cursor";
  if (reading.cursors.has(cursor)) return "the list gave the same cursor twice";
  if (reading.rows.size > MOST_ENTRIES) return `the list did not end after ${MOST_ENTRIES} entries`;
  if (reading.idle > MOST_IDLE_PAGES) return `the list went on for ${MOST_IDLE_PAGES} pages without anything new`;
  if (!reading.holding.take(cursor.length)) return `the list ${ENDLESS}`;
  reading.cursors.add(cursor);
  reading.cursor = cursor;
  return undefined;
}

function finishReading<R>(reading: Reading<R>): string | undefined {
  const { rows, total } = reading;
  if (total !== undefined && rows.size < total) {
    if (reading.again)
      return `${rows.size} of ${total} entries came: the list moved while it was read, or is not shown whole`;
    readAgain(reading);
    return undefined;
  }
  reading.result = { state: "complete", rows: [...rows.values()] };
  // Other lists may still be under way for long.
  rows.clear();
  reading.holding.keep();
  return undefined;
}

/** Somebody who leaves between two pages shifts the rest past the reader; the second reading is most likely quiet. */
function readAgain<R>(reading: Reading<R>): void {
  reading.again = true;
  reading.idle = 0;
  reading.cursor = undefined;
  forgetRows(reading);
}

function forgetRows<R>({ cursors, rows, holding }: Reading<R>): void {
  cursors.clear();
  rows.clear();
  holding.release();
}

function countOf(connection: JsonObject[string] | undefined): number | undefined {
  const count = dig(connection, "totalCount");
  return typeof count === "number" && Number.isSafeInteger(count) && count >= 0 ? count : undefined;
}

function explainMissing<R>(answer: NodeAnswer | undefined): MemberReading<R> {
  return unreadable(
    answer?.state === "refused" || answer?.state === "failed" ? answer.because : "not visible to this key, or gone",
  );
}

function unreadable<R>(because: string): MemberReading<R> {
  return { state: "unreadable", because };
}
