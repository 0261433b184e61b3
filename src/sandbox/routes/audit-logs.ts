import { isAccountAdmin } from "../access.ts";
import { makeBareId } from "../ids.ts";
import { answerPage } from "../paging.ts";
import { forbidden } from "../problems.ts";
import { readChoice, readIdParameter, readInstant } from "../query-parameters.ts";
import type { LoggedRequest } from "../request-log.ts";
import type { Call, Reply, Route } from "../routing.ts";
import type { Row } from "../rows.ts";

/** The one operation on audit logs (documented: GET /v2/audit-logs). */
export const auditLogRoutes: readonly Route[] = [
  { operation: "list_audit_logs", method: "GET", path: "/v2/audit-logs", run: listAuditLogs },
];

interface AuditRow extends Row {
  readonly entry: LoggedRequest & { readonly caller: string };
}

const THIRTY_DAYS_MS = 30 * 24 * 60 * 60 * 1000;

function listAuditLogs(call: Call): Reply {
  const { actor } = call;
  if (!isAccountAdmin(actor) || !actor.account.switches().auditLogEnabled) throw forbidden();
  const end = readInstant(call.query, "end_time") ?? actor.account.now();
  const start = readInstant(call.query, "start_time") ?? new Date(end.getTime() - THIRTY_DAYS_MS);
  const userId = readIdParameter(call.query, "user_id", "User");
  const type = readChoice(call.query, "operation_type", ["QUERY", "MUTATION", "SUBSCRIPTION"]);
  const isWithin = (at: string): boolean => Date.parse(at) >= start.getTime() && Date.parse(at) <= end.getTime();
  return answerPage(call, {
    collection: "logs",
    rows: call.readRequests().flatMap(toAuditRow),
    keep: ({ entry }) =>
      isWithin(entry.at) &&
      (userId === undefined || entry.caller === userId) &&
      (type === undefined || operationType(entry) === type),
    show: ({ entry }) => showEntry(entry),
    order: "fixed",
  });
}

function toAuditRow(entry: LoggedRequest): readonly AuditRow[] {
  if (entry.caller === undefined || entry.path.startsWith("/_sandbox")) return [];
  // Newest first (documented), hence the negative number.
  return [{ id: String(entry.seq), n: -entry.seq, entry: { ...entry, caller: entry.caller } }];
}

function showEntry(entry: LoggedRequest & { readonly caller: string }): unknown {
  const graphql = entry.graphql === undefined ? undefined : (entry.body as { query?: string; variables?: unknown });
  return {
    id: makeBareId("AuditLog", entry.seq),
    user_id: entry.caller,
    ip: "127.0.0.1",
    operation_type: operationType(entry),
    ...(entry.operation === undefined ? {} : { operation_name: entry.operation }),
    operation_text: graphql?.query ?? `${entry.method} ${entry.path}`,
    variables: JSON.stringify((graphql === undefined ? entry.body : graphql.variables) ?? {}),
    created_at: entry.at,
  };
}

function operationType(entry: LoggedRequest): "QUERY" | "MUTATION" {
  if (entry.graphql !== undefined) return entry.graphql.type === "mutation" ? "MUTATION" : "QUERY";
  return entry.method === "GET" ? "QUERY" : "MUTATION";
}
