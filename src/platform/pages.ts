import { PlatformError } from "../model/errors.ts";
import type { Json, JsonObject } from "../model/json.ts";
import type { ListRequest, Row } from "../model/platform.ts";
import { ENDLESS, type Holding, weighJson } from "./allowance.ts";
import { refuseAnswer } from "./failure.ts";
import { isObject } from "./json-shape.ts";
import { normaliseRow } from "./normalise.ts";
import { isSuccess, type Rest, readObject, repeatCall } from "./rest.ts";
import type { ShareText } from "./share-values.ts";

/** Rows per page: the most that the platform allows. */
const PAGE_ROWS = 100;
/** Rows after which a list counts as endless; memory would end a little later. */
const MOST_ROWS = 1_000_000;
/** Pages in a row with nothing new after which a list counts as endless. */
const MOST_IDLE_PAGES = 100;

interface Page {
  readonly rows: readonly JsonObject[];
  readonly nextCursor: string | undefined;
}

/**
 * All rows of a REST collection: pages of 100 until `has_more` is false, whatever their length, or as many as are asked for. A row that comes twice, because
 * the list moved while it was read, is kept once, as it came last. `onWhole` is told how many pages there were where that were all.
 * Throws PlatformError for a list that is too long to be held.
 */
export async function listRows(
  rest: Rest,
  request: ListRequest,
  onWhole?: (pages: number) => void,
): Promise<readonly Row[]> {
  const holding = rest.allowance.open(`GET ${request.path}?${writeQuery(request, undefined)}`);
  try {
    const { rows, pages } = await readPages(rest, request, holding);
    holding.keep();
    if (pages !== undefined) onWhole?.(pages);
    return rows;
  } finally {
    holding.release();
  }
}

interface Pages {
  readonly rows: readonly Row[];
  /** Of the whole list; undefined where the rest of it was not asked for. */
  readonly pages: number | undefined;
}

async function readPages(rest: Rest, request: ListRequest, holding: Holding): Promise<Pages> {
  const rows = new Map<string, Row>();
  const cursors = new Set<string>();
  let cursor: string | undefined;
  let idle = 0;
  for (let page = 1; ; page += 1) {
    const { rows: found, nextCursor } = await readPage(rest, { request, holding, cursor });
    const before = rows.size;
    for (const row of found) rows.set(keyOf(row, rows.size), normaliseRow(keepFields(row, request.fields, rest.share)));
    if (nextCursor === undefined) return { rows: [...rows.values()], pages: page };
    if (page === request.mostPages) return { rows: [...rows.values()], pages: undefined };
    if (cursors.has(nextCursor)) throw breach(request, "gave the same cursor twice");
    idle = rows.size > before ? 0 : idle + 1;
    refuseEndless(request, { rows: rows.size, idle });
    cursors.add(nextCursor);
    cursor = nextCursor;
  }
}

function refuseEndless(request: ListRequest, so: { readonly rows: number; readonly idle: number }): void {
  if (so.rows > MOST_ROWS) throw breach(request, `did not end after ${MOST_ROWS} rows`);
  if (so.idle > MOST_IDLE_PAGES) throw breach(request, `went on for ${MOST_IDLE_PAGES} pages without anything new`);
}

async function readPage(
  rest: Rest,
  asked: { readonly request: ListRequest; readonly holding: Holding; readonly cursor: string | undefined },
): Promise<Page> {
  const { request, holding, cursor } = asked;
  const call = rest.prepare("GET", `${request.path}?${writeQuery(request, cursor)}`);
  const response = await repeatCall(rest, call);
  if (!isSuccess(response.status)) throw refuseAnswer(call.name, response, false);
  // Before it is read: a page of nothing but brackets takes twenty times its length.
  if (!holding.take(weighJson(response.body))) throw breach(request, ENDLESS);
  const body = readObject(call, response, false);
  const rows = body[request.collection];
  if (!Array.isArray(rows) || !rows.every(isObject)) throw breach(request, `has no list of "${request.collection}"`);
  return { rows, nextCursor: readCursor(request, body) };
}

function writeQuery(request: ListRequest, cursor: string | undefined): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(request.query)) {
    for (const one of typeof value === "string" ? [value] : value) query.append(name, one);
  }
  query.set("limit", String(PAGE_ROWS));
  if (cursor !== undefined) query.set("cursor", cursor);
  return query.toString();
}

/** The cursor of the next page; undefined only where the platform says that there is none. */
function readCursor(request: ListRequest, body: JsonObject): string | undefined {
  const pagination = body["pagination"];
  const hasMore = isObject(pagination) ? pagination["has_more"] : undefined;
  if (hasMore === false) return undefined;
  if (hasMore !== true) throw breach(request, "does not say whether there is more");
  const cursor = isObject(pagination) ? pagination["next_cursor"] : undefined;
  if (typeof cursor !== "string" || cursor === "") throw breach(request, "has more but gives no cursor");
  return cursor;
}

/** Restrictions have no id of their own; rows with neither id are all kept. */
function keyOf(row: JsonObject, count: number): string {
  const id = row["id"];
  if (typeof id === "string") return id;
  const resource = row["resource_id"];
  // A control character keeps it from ever being taken for an id.
  return typeof resource === "string" ? `\u0000resource ${row["resource_type"]} ${resource}` : `\u0000row ${count}`;
}

/** Ids of other things than the row itself stand in many rows. */
function keepFields(row: JsonObject, fields: readonly string[] | undefined, share: ShareText): JsonObject {
  if (fields === undefined) return row;
  const kept: Record<string, Json> = {};
  for (const field of fields) {
    const value = row[field];
    if (value !== undefined) kept[field] = typeof value === "string" && field !== "id" ? share(value) : value;
  }
  return kept;
}

function breach(request: ListRequest, what: string): PlatformError {
  const call = `GET ${request.path}`;
  return new PlatformError("protocol", call, `the list ${call} ${what}`);
}
