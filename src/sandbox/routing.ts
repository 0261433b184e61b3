import type { Actor } from "./account.ts";
import type { BodyName } from "./body-schemas.ts";
import type { LoggedRequest } from "./request-log.ts";
import type { ApiKeyRow } from "./rows.ts";

/** A request as a route sees it: authenticated, its body checked against the schema. */
export interface Call {
  readonly actor: Actor;
  readonly key: ApiKeyRow;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: unknown;
  /** Every request logged so far, oldest first: what the audit log is made of. */
  readonly readRequests: () => readonly LoggedRequest[];
}

/** What a route answers; no body with 204. */
export interface Reply {
  readonly status: 200 | 201 | 204;
  readonly body?: unknown;
}

/** One operation of the REST contract. */
export interface Route {
  /** The operation's name in the contract. */
  readonly operation: string;
  readonly method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  /** Path below the port, parameters as ":name". */
  readonly path: string;
  readonly body?: BodyName;
  /** Whether an absent body counts as an empty object. */
  readonly bodyMayBeAbsent?: true;
  readonly run: (call: Call) => Reply;
}

/** Gives a path parameter, which the route's own path guarantees. */
export function readPathParameter(call: Call, name: string): string {
  return call.params[name] ?? "";
}
