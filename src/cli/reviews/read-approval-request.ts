import { UsageError } from "../../model/errors.ts";
import type { ApprovalRequest } from "../../page/page-model.ts";

/** Reads what a served page sends. Throws UsageError for everything else. */
export function readApprovalRequest(body: string): ApprovalRequest {
  const value = parse(body);
  if (value === null || typeof value !== "object") throw new UsageError(NO_REQUEST);
  const { changes, by, reason, expires, confirmed } = value as Readonly<Record<string, unknown>>;
  if (!Array.isArray(changes) || !changes.every(isText)) throw new UsageError(NO_REQUEST);
  if (!isText(by) || !isText(reason) || !isText(expires)) throw new UsageError(NO_REQUEST);
  return { changes, by, reason, expires, confirmed: readTexts(confirmed) };
}

const NO_REQUEST = "This is no approval.";

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function readTexts(value: unknown): Readonly<Record<string, string>> {
  if (value === null || typeof value !== "object") return {};
  return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, string] => isText(entry[1])));
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}
