import { hash } from "node:crypto";
import { mixNumber, seedNumber } from "./ids.ts";
import { invalid } from "./problems.ts";
import { readLimit } from "./query-parameters.ts";
import type { Call, Reply } from "./routing.ts";
import type { Row } from "./rows.ts";

/** What a list shows and of what. */
interface ListOf<R extends Row> {
  /** The property of the answer that holds the page. */
  readonly collection: string;
  /** All candidates, in any order; each has its own number. */
  readonly rows: readonly R[];
  readonly keep: (row: R) => boolean;
  readonly show: (row: R) => unknown;
  /** "fixed": the order is documented. "open": it is not, and the shuffle switch may change it. */
  readonly order: "fixed" | "open";
  /** Whether visibility is applied after the page was cut, so that pages may be short or empty (documented for restrictions). */
  readonly filtersAfterRead?: boolean;
}

interface Cursor {
  /** Digest of the list and its filters. */
  readonly list: string;
  /** Order key of the last row already passed. */
  readonly after: number | undefined;
  /** Whether an inserted empty page was just served. */
  readonly rested: boolean;
}

/** Answers one page: `next_cursor` is present exactly when `has_more` is true (documented). */
export function answerPage<R extends Row>(call: Call, list: ListOf<R>): Reply {
  const limit = readLimit(call.query);
  const digest = digestList(call, list.collection);
  const cursor = readCursor(call.query.get("cursor"), digest);
  const { store, switches } = call.actor.account;
  const seed = switches().shuffle && list.order === "open" ? seedNumber(store.settings().seed) : undefined;

  if (insertsEmptyPage(list, switches().emptyPages) && !cursor.rested) {
    return pageReply(list.collection, [], { ...cursor, rested: true });
  }
  const cut = cutPage(list, { limit, after: cursor.after, seed });
  const next = cut.hasMore ? { list: digest, after: cut.last, rested: false } : undefined;
  return pageReply(list.collection, cut.page.map(list.show), next);
}

interface Cut<R> {
  readonly page: readonly R[];
  readonly last: number | undefined;
  readonly hasMore: boolean;
}

interface CutRule {
  readonly limit: number;
  readonly after: number | undefined;
  readonly seed: number | undefined;
}

function cutPage<R extends Row>(list: ListOf<R>, rule: CutRule): Cut<R> {
  const { rows, key } = putInOrder(list.rows, rule.seed);
  const taken: R[] = [];
  for (let at = rule.after === undefined ? 0 : countUpTo(rows, key, rule.after); at < rows.length; at += 1) {
    const row = rows[at] as R;
    if (list.filtersAfterRead !== true && !list.keep(row)) continue;
    taken.push(row);
    // One more than asked for: the proof that there is more.
    if (taken.length > rule.limit) break;
  }
  const read = taken.slice(0, rule.limit);
  const last = read.at(-1);
  return {
    page: list.filtersAfterRead === true ? read.filter(list.keep) : read,
    last: last === undefined ? rule.after : key(last),
    hasMore: taken.length > rule.limit,
  };
}

function pageReply(collection: string, page: readonly unknown[], next: Cursor | undefined): Reply {
  const pagination = next === undefined ? { has_more: false } : { has_more: true, next_cursor: writeCursor(next) };
  return { status: 200, body: { [collection]: page, pagination } };
}

function insertsEmptyPage<R extends Row>(list: ListOf<R>, mode: "none" | "documented" | "all"): boolean {
  if (mode === "none") return false;
  return mode === "all" || list.collection === "resource_restrictions" || list.collection === "role_bindings";
}

function digestList(call: Call, collection: string): string {
  const filters = [...call.query].filter(([name]) => name !== "limit" && name !== "cursor");
  return hash("sha256", JSON.stringify([collection, filters]), "base64url").slice(0, 10);
}

function writeCursor(cursor: Cursor): string {
  const parts = [cursor.list, cursor.after ?? "", cursor.rested ? 1 : 0];
  return Buffer.from(parts.join("."), "latin1").toString("base64url");
}

function readCursor(text: string | null, digest: string): Cursor {
  if (text === null || text === "") return { list: digest, after: undefined, rested: false };
  const match = /^([\w-]{10})\.(-?\d*)\.([01])$/.exec(Buffer.from(text, "base64url").toString("latin1"));
  const [, list, after, rested] = match ?? [];
  // A cursor belongs to the list and the filters it was given for.
  if (list !== digest || after === undefined) throw invalid('"cursor" is not valid for this request.');
  return { list, after: after === "" ? undefined : Number(after), rested: rested === "1" };
}

interface InOrder {
  readonly seed: number | undefined;
  readonly key: (row: Row) => number;
  readonly rows: readonly Row[];
}

/** The order that each list was last shown in: a list of a million rows has ten thousand pages, and is put in order for the first. */
const ORDERS = new WeakMap<readonly Row[], InOrder>();

function putInOrder(rows: readonly Row[], seed: number | undefined): InOrder {
  const known = ORDERS.get(rows);
  if (known !== undefined && known.seed === seed) return known;
  const key = seed === undefined ? byNumber : shuffled(seed);
  const made = { seed, key, rows: [...rows].sort((a, b) => key(a) - key(b)) };
  ORDERS.set(rows, made);
  return made;
}

/** How many rows at the beginning of an ordered list have a key no greater than this one; found by halving. */
function countUpTo(rows: readonly Row[], key: (row: Row) => number, last: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (key(rows[middle] as Row) <= last) low = middle + 1;
    else high = middle;
  }
  return low;
}

function byNumber(row: Row): number {
  return row.n;
}

function shuffled(seed: number): (row: Row) => number {
  return (row) => mixNumber(row.n, seed);
}
