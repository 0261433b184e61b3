import type { KindName } from "../model/address.ts";
import { PlatformError } from "../model/errors.ts";
import type { ListRequest, PlatformReader, Row } from "../model/platform.ts";

/** What is read of a row of `/v2/role-bindings`. */
export const BINDING_FIELDS: readonly string[] = ["id", "role_id", "user_id", "resource_id"];

/** A text that a row must have. Throws PlatformError when it has not: a row without its id cannot be trusted at all. */
export function textIn(row: Row, field: string, kind: KindName): string {
  const value = row[field];
  if (typeof value === "string" && value !== "") return value;
  throw new PlatformError("protocol", `a ${kind} of the platform`, `It came without "${field}".`);
}

/** A text that a row may have; absent and null both read as empty, which is how the platform means them. */
export function optionalTextIn(row: Row, field: string): string {
  const value = row[field];
  return typeof value === "string" ? value : "";
}

/** The row of an answer that must have one. */
export function rowOf(answer: { readonly row: Row | undefined }, call: string): Row {
  if (answer.row !== undefined) return answer.row;
  throw new PlatformError("protocol", call, "The answer has no body.", { ambiguous: true });
}

/** All rows of a list within something, a space or a person; none where that is gone, or hidden, which the platform answers alike. */
export async function listWithin(reader: PlatformReader, request: ListRequest): Promise<readonly Row[]> {
  try {
    return await reader.list(request);
  } catch (error) {
    if (error instanceof PlatformError && error.failure === "not-found") return [];
    throw error;
  }
}
