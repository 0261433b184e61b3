import { PlatformError } from "../model/errors.ts";
import type { PlatformReader, Row } from "../model/platform.ts";
import type { RemoteRef } from "../model/resource.ts";

/** One change that the platform's audit log records. */
export interface AuditEntry {
  /** RFC 3339 instant. */
  readonly at: string;
  /** The platform's id of whoever did it. */
  readonly userId: string;
  readonly operation: string;
  /** The call, or the query, as the log has it. */
  readonly text: string;
  /** What was sent along, as JSON without white space. */
  readonly variables: string;
}

/** The newest changes of the audit log, newest first. */
export interface AuditTrail {
  readonly entries: readonly AuditEntry[];
  /** Why nothing could be read; undefined where it could. */
  readonly because: string | undefined;
}

/** So many pages of a hundred entries are worth a look; the platform gives thirty days. */
const MOST_PAGES = 10;

/** Reads the newest changes of the audit log. An account that gives none, or a key that may not see it, is no error. */
export async function readAuditTrail(reader: PlatformReader): Promise<AuditTrail> {
  try {
    const rows = await reader.list({
      path: "/v2/audit-logs",
      query: { operation_type: "MUTATION" },
      collection: "logs",
      mostPages: MOST_PAGES,
    });
    return { entries: rows.map(readEntry), because: undefined };
  } catch (error) {
    if (!(error instanceof PlatformError) || error.failure === "interrupted") throw error;
    return { entries: [], because: error.message };
  }
}

/**
 * The newest change of something: one that names two of its ids, or that is of its only one and not of something in it. It need
 * not be the change that made the difference, since the log may be shorter than the time since then.
 */
export function findAuditEntry({ entries }: AuditTrail, remote: RemoteRef): AuditEntry | undefined {
  const [first, ...others] = Object.values(remote);
  if (first === undefined) return undefined;
  if (others.length === 0) return entries.find((entry) => isOf(entry, first));
  return entries.find(({ text, variables }) => {
    const named = [first, ...others].filter((id) => `${text} ${variables}`.includes(id));
    return named.length >= 2;
  });
}

function isOf({ text, variables }: AuditEntry, id: string): boolean {
  const isCallOf = text.endsWith(id) && /^\S+ \/v2\/[^/]+\/$/u.test(text.slice(0, -id.length));
  return isCallOf || variables.includes(`"id":${JSON.stringify(id)}`);
}

function readEntry(row: Row): AuditEntry {
  return {
    at: textOf(row["created_at"]),
    userId: textOf(row["user_id"]),
    operation: textOf(row["operation_name"]),
    text: textOf(row["operation_text"]),
    variables: textOf(row["variables"]).replace(/\s+/gu, ""),
  };
}

function textOf(value: Row[string] | undefined): string {
  if (value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
