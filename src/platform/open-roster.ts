import { hash } from "node:crypto";
import { canonicalJson, type Json, type JsonObject } from "../model/json.ts";
import type { MemberReading } from "../model/platform.ts";
import { ENDLESS, type Holding, weighRow } from "./allowance.ts";
import type { AskContext, NodeAnswer } from "./ask-many.ts";
import { BLIND_PAGE, type OpenList, SHORT_PAGE } from "./choose-pages.ts";
import { dig, isList, isObject, textOf } from "./json-shape.ts";
import type { Roster } from "./roster.ts";
import type { PersonRow } from "./share-values.ts";

/** What was found out about a server's member lists. */
export interface RosterContext extends AskContext {
  /** Longest page that the server gives; known where a longer one was refused, or came shorter than it was asked for. */
  longestPage: number | undefined;
  /** Longest page that came. */
  longestCame: number;
  /** How many entries lists had when they were last read. */
  readonly lengths: Map<string, number>;
}

/** Entries after which a list counts as endless; memory would end a little later. */
const MOST_ENTRIES = 1_000_000;
/** Pages with nothing new after which a list counts as endless: a minute of queries. */
const MOST_IDLE_PAGES = 100;

/** By how much a list may have grown since it was last read, so that it still comes in as many pages: so many entries, and that share. */
const SLACK = 2;
const GROWTH = 0.01;

/** One list being read. */
export interface OpenRoster<R> extends OpenList {
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

/** How long a list may well be by now that had so many entries. */
export function expectedLength(length: number | undefined): number | undefined {
  return length === undefined ? undefined : length + SLACK + Math.floor(length * GROWTH);
}

export function openRoster<R>(id: string, { lengths, graphql }: RosterContext, title: string): OpenRoster<R> {
  return {
    id,
    total: undefined,
    expected: expectedLength(lengths.get(id)),
    begin: undefined,
    cursor: undefined,
    page: undefined,
    again: false,
    idle: 0,
    cursors: new Set(),
    rows: new Map(),
    holding: graphql.allowance.open(`${title} ${id}`),
    result: undefined,
  };
}

/** A page of a list that came. */
interface Taking<R> {
  readonly context: RosterContext;
  readonly roster: Roster<R>;
  readonly reading: OpenRoster<R>;
}

/** Takes the answer to a question after a page of so many entries. */
export function takeAnswer<R extends PersonRow>(taking: Taking<R>, answer: NodeAnswer, first: number): void {
  const { context, reading, roster } = taking;
  if (answer.state !== "answered") {
    // A server may refuse long pages: asked again for a shorter one, until length cannot be the reason.
    if (answer.state === "refused" && first > SHORT_PAGE && !context.dropped.has("first")) {
      reading.page = Math.max(SHORT_PAGE, Math.floor(first / 2));
    } else reading.result = explainMissing(answer);
    return;
  }
  if (reading.page !== undefined) limitPages(context, reading.page);
  const connection = answer.node[roster.connection];
  const fault = isObject(connection)
    ? takePage(taking, connection, first)
    : `this id is not one of a ${roster.title} with members`;
  if (fault === undefined) return;
  reading.result = unreadable(fault);
  forgetRows(reading);
}

/** Takes one page in; answers why the list cannot be read, if so. */
function takePage<R extends PersonRow>(taking: Taking<R>, connection: JsonObject, first: number): string | undefined {
  const { context, reading } = taking;
  const edges = connection["edges"];
  if (!isList(edges)) return "the list came without entries";
  const before = reading.rows.size;
  const fault = takeEdges(taking, edges);
  if (fault !== undefined) return fault;
  if (reading.rows.size === before) reading.idle += 1;
  context.longestCame = Math.max(context.longestCame, edges.length);
  reading.total = countOf(connection) ?? reading.total;
  if (context.dropped.has("pageInfo")) {
    if (reading.total === undefined) return "the server does not say whether the list is whole";
    return finishReading(context, reading);
  }
  const hasNextPage = dig(connection, "pageInfo", "hasNextPage");
  if (hasNextPage === false) return finishReading(context, reading);
  if (hasNextPage !== true) return "the server does not say whether the list goes on";
  // A longer page is paid for and does not come. One that is very short is so for another reason.
  if (edges.length < first && edges.length >= BLIND_PAGE) limitPages(context, context.longestCame);
  if (context.dropped.has("after")) return "the list has more pages than the server lets one ask for";
  return turnPage(reading, textOf(dig(connection, "pageInfo", "endCursor")));
}

function limitPages(context: RosterContext, most: number): void {
  context.longestPage = Math.min(context.longestPage ?? most, most);
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

function turnPage<R>(reading: OpenRoster<R>, cursor: string | undefined): string | undefined {
  if (cursor === undefined) return "the list has more pages but gives no cursor";
  if (reading.cursors.has(cursor)) return "the list gave the same cursor twice";
  if (reading.rows.size > MOST_ENTRIES) return `the list did not end after ${MOST_ENTRIES} entries`;
  if (reading.idle > MOST_IDLE_PAGES) return `the list went on for ${MOST_IDLE_PAGES} pages without anything new`;
  if (!reading.holding.take(cursor.length)) return `the list ${ENDLESS}`;
  reading.cursors.add(cursor);
  reading.cursor = cursor;
  return undefined;
}

function finishReading<R>({ lengths }: RosterContext, reading: OpenRoster<R>): string | undefined {
  const { rows, total } = reading;
  if (total !== undefined && rows.size < total) {
    if (reading.again)
      return `${rows.size} of ${total} entries came: the list moved while it was read, or is not shown whole`;
    readAgain(reading);
    return undefined;
  }
  lengths.set(reading.id, Math.max(rows.size, total ?? 0));
  reading.result = { state: "complete", rows: [...rows.values()] };
  // Other lists may still be under way for long.
  rows.clear();
  reading.holding.keep();
  return undefined;
}

/** Somebody who leaves between two pages shifts the rest past the reader; the second reading is most likely quiet. */
function readAgain<R>(reading: OpenRoster<R>): void {
  reading.again = true;
  reading.idle = 0;
  reading.cursor = undefined;
  forgetRows(reading);
}

function forgetRows<R>({ cursors, rows, holding }: OpenRoster<R>): void {
  cursors.clear();
  rows.clear();
  holding.release();
}

export function countOf(connection: JsonObject[string] | undefined): number | undefined {
  const count = dig(connection, "totalCount");
  return typeof count === "number" && Number.isSafeInteger(count) && count >= 0 ? count : undefined;
}

export function explainMissing<R>(answer: NodeAnswer | undefined): MemberReading<R> {
  return unreadable(
    answer?.state === "refused" || answer?.state === "failed" ? answer.because : "not visible to this key, or gone",
  );
}

export function unreadable<R>(because: string): MemberReading<R> {
  return { state: "unreadable", because };
}
