import { packByCost } from "./packing.ts";
import type { OptionalPart } from "./roster.ts";
import type { PageMeasure } from "./roster-query.ts";

/** A refusal of a page this short is not about its length. */
export const SHORT_PAGE = 10;
/** Entries asked for where nobody says how many there are. */
export const BLIND_PAGE = 25;

/** Longest page that servers give as a rule: of a longer one, what does not come is paid for. One list finds out whether it comes. */
const LIKELY_LONGEST = 100;

/** What a page may be. */
interface PageLimits {
  readonly dropped: ReadonlySet<OptionalPart>;
  /** Points that one query may cost. */
  readonly budget: number;
  /** Longest page that the server gives; undefined while that is not known. */
  readonly longestPage: number | undefined;
  /** Longest page that came. */
  readonly longestCame: number;
}

/** A list of which more is to be asked for. */
export interface OpenList {
  readonly id: string;
  readonly total: number | undefined;
  /** How long the list was a while ago, and a little more; of use until its total is known. */
  readonly expected: number | undefined;
  /** Length of the first page where its size was not asked for; undefined: a few entries. */
  readonly begin: number | undefined;
  readonly cursor: string | undefined;
  /** Length of the page to ask for where that is settled: a longer one was refused. */
  readonly page: number | undefined;
  readonly rows: ReadonlyMap<string, unknown>;
}

/**
 * The length of the next page of each list. A list of which only a part fits into what a query still has room for gives that part
 * now and the rest later, where that takes fewer queries in all: left empty, that room would cost up to twice the queries, and
 * there are only a hundred a minute. Where one query holds them all, they share what room is left in it.
 */
export function choosePages(
  context: PageLimits,
  measure: PageMeasure,
  open: readonly OpenList[],
): ReadonlyMap<string, number> {
  const { budget } = context;
  const { longestWithin, costOf } = measure;
  const alone = open.length === 1;
  const affordable = longestWithin(budget);
  const longest = chooseLongest(context, affordable);
  const chosen = open.map((reading): Chosen => ({ reading, whole: choosePage(reading, longest, alone) }));
  chosen.sort((a, b) => b.whole - a.whole);
  const trial = chosen.find(({ reading }) => context.longestPage === undefined && goesOn(reading, affordable));
  if (trial !== undefined) trial.whole = choosePage(trial.reading, affordable, alone);
  const packed = packByCost(chosen, ({ whole }) => costOf(whole), budget);
  if (packed.length === 1) shareRoom(chosen, { budget, longest, measure });
  else {
    const { firsts, queries } = cutToFit(context, measure, chosen);
    if (packed.length > queries) return firsts;
  }
  return new Map(chosen.map(({ reading: { id }, whole }) => [id, whole]));
}

/** A list and the length of its next page, where that is not cut. */
interface Chosen {
  readonly reading: OpenList;
  whole: number;
}

/** The same where the last list of each query gives what fits, and how many queries that takes in all. */
function cutToFit(
  { dropped, budget }: PageLimits,
  { longestWithin, costOf }: PageMeasure,
  chosen: readonly Chosen[],
): { readonly firsts: ReadonlyMap<string, number>; readonly queries: number } {
  const firsts = new Map<string, number>();
  let room = budget;
  let queries = 1;
  let later = 0;
  for (const { reading, whole } of chosen) {
    const fits = longestWithin(room);
    const isCut = fits < whole && fits >= SHORT_PAGE && mayBeCut(reading, dropped);
    const cost = costOf(isCut ? fits : whole);
    if (cost > room) queries += 1;
    room = (cost > room ? budget : room) - cost;
    // Of a list of which nobody knows how long it is, what is cut off may not be there at all.
    if (isCut && lengthOf(reading) !== undefined) later += costOf(whole - fits);
    firsts.set(reading.id, isCut ? fits : whole);
  }
  return { firsts, queries: queries + Math.ceil(later / budget) };
}

/** A list may have grown since somebody knew how long it is: what comes of it in the same query costs no other. */
function shareRoom(
  chosen: readonly Chosen[],
  { budget, longest, measure }: { readonly budget: number; readonly longest: number; readonly measure: PageMeasure },
): void {
  const taken = chosen.reduce((sum, { whole }) => sum + measure.costOf(whole), 0);
  const maybeLonger = chosen.filter(({ reading: { total, page } }) => total === undefined && page === undefined);
  const more = Math.floor((budget - taken) / measure.perEntry / maybeLonger.length);
  for (const each of maybeLonger) each.whole = Math.max(each.whole, Math.min(longest, each.whole + more));
}

/** Only a list of which more is known to follow, from a server that turns pages, and not while a shorter page is tried after a refusal. */
function mayBeCut(list: OpenList, dropped: PageLimits["dropped"]): boolean {
  const turnsPages = !dropped.has("first") && !dropped.has("after") && !dropped.has("pageInfo");
  return (lengthOf(list) !== undefined || list.cursor !== undefined) && list.page === undefined && turnsPages;
}

function chooseLongest({ longestPage, longestCame }: PageLimits, affordable: number): number {
  return Math.min(longestPage ?? (longestCame > LIKELY_LONGEST ? affordable : LIKELY_LONGEST), affordable);
}

/** As long as what is left, where that is known. */
function choosePage(reading: OpenList, longest: number, alone: boolean): number {
  const { page, cursor, rows, begin = BLIND_PAGE } = reading;
  if (page !== undefined) return Math.min(page, longest);
  const length = lengthOf(reading);
  if (length === undefined) return alone || cursor !== undefined ? longest : Math.min(begin, longest);
  const left = length - rows.size;
  return Math.min(longest, left > 0 ? left : BLIND_PAGE);
}

/** Whether more is expected of a list after a page of so many. */
export function goesOn(list: OpenList, first: number): boolean {
  const length = lengthOf(list);
  return length === undefined || length - list.rows.size > first;
}

/** A list that turned out to be longer than was expected may be of any length. */
function lengthOf({ total, expected = 0, rows }: OpenList): number | undefined {
  return total ?? (expected > rows.size ? expected : undefined);
}

/** Whether the next page of a list leaves no room in its query for any other. */
export function needsQuery(context: PageLimits, { longestWithin, costOf }: PageMeasure, list: OpenList): boolean {
  if (context.dropped.has("first")) return true;
  const longest = chooseLongest(context, longestWithin(context.budget));
  return costOf(choosePage(list, longest, false)) + costOf(1) > context.budget;
}
