import { compareText } from "../../model/json.ts";
import { harmlessJson } from "./harmless.ts";

/**
 * The one readable text of a JSON value: keys sorted, two spaces, members that are undefined left out, a line feed at the
 * end, invisible characters escaped.
 */
export function prettyJson(value: unknown): string {
  return harmlessJson(`${JSON.stringify(sortKeys(value), undefined, 2)}\n`);
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => compareText(a, b))
      .map(([key, member]) => [key, sortKeys(member)]),
  );
}
