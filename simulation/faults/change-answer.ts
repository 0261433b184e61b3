import type { HttpResponse } from "../../src/model/ports.ts";
import type { NetFault } from "./fault.ts";

/** A whole answer as a fault makes it. */
export function changeAnswer(response: HttpResponse, fault: NetFault, now: Date): HttpResponse {
  switch (fault.kind) {
    case "status":
      return makeFailure(fault, now);
    case "truncated":
      return { ...response, body: response.body.slice(0, Math.ceil(response.body.length / 2)) };
    case "page":
      return changeJson(response, (body) => changePage(body, fault.how));
    case "partial":
      return changeJson(response, dropPart);
    default:
      return response;
  }
}

type JsonObject = Record<string, unknown>;

/** Any other answer than JSON is left as it is. */
function changeJson(response: HttpResponse, change: (body: JsonObject) => JsonObject): HttpResponse {
  if (response.status !== 200 || !response.body.startsWith("{")) return response;
  return { ...response, body: JSON.stringify(change(JSON.parse(response.body) as JsonObject)) };
}

function makeFailure({ status, body, retryAfter }: Extract<NetFault, { kind: "status" }>, now: Date): HttpResponse {
  const waits = { seconds: "3", zero: "0", date: new Date(now.getTime() + 4000).toUTCString() };
  const texts = {
    json: JSON.stringify({ status, title: `Injected ${status}`, detail: "A fault was injected." }),
    html: `<html><head><title>${status}</title></head><body><h1>Too bad: ${status}</h1></body></html>`,
    empty: "",
  };
  const headers = retryAfter === undefined ? {} : { "retry-after": waits[retryAfter] };
  return { status, headers: { ...headers, date: now.toUTCString() }, body: texts[body] };
}

/** A page of a REST list, or of a GraphQL connection. */
function changePage(body: JsonObject, how: "twice" | "reordered" | "same-cursor"): JsonObject {
  const pagination = body["pagination"] as JsonObject | undefined;
  if (pagination === undefined) return mapConnections(body, how) as JsonObject;
  if (how === "same-cursor") return { ...body, pagination: { has_more: true, next_cursor: "again" } };
  return mapLists(body, how);
}

function mapLists(body: JsonObject, how: "twice" | "reordered"): JsonObject {
  const changed = Object.entries(body).map(([name, value]) => [
    name,
    Array.isArray(value) ? repeat(value, how) : value,
  ]);
  return Object.fromEntries(changed) as JsonObject;
}

function mapConnections(value: unknown, how: "twice" | "reordered" | "same-cursor"): unknown {
  if (Array.isArray(value)) return value.map((each) => mapConnections(each, how));
  if (value === null || typeof value !== "object") return value;
  const found = value as JsonObject;
  const edges = found["edges"];
  if (Array.isArray(edges)) {
    if (how !== "same-cursor") return { ...found, edges: repeat(edges, how) };
    return { ...found, pageInfo: { ...(found["pageInfo"] as object), hasNextPage: true, endCursor: "again" } };
  }
  return Object.fromEntries(Object.entries(found).map(([name, inner]) => [name, mapConnections(inner, how)]));
}

function repeat(list: readonly unknown[], how: "twice" | "reordered"): readonly unknown[] {
  return how === "twice" ? [...list, ...list] : list.toReversed();
}

/** The first part of an answer is missing, and an error says so. */
function dropPart(body: JsonObject): JsonObject {
  const data = body["data"];
  if (data === null || typeof data !== "object") return body;
  const [first] = Object.keys(data);
  if (first === undefined) return body;
  return { data: { ...data, [first]: null }, errors: [{ message: "An internal error occurred.", path: [first] }] };
}
