import { compileStars } from "../model/fit-stars.ts";
import { compareText } from "../model/json.ts";
import { KNOWN_PERMISSIONS } from "./known-permissions.ts";

/** The known permissions that one entry stands for: itself, or what a pattern with `*` fits. Empty when there are none. */
export function matchPermissions(entry: string): readonly string[] {
  if (!entry.includes("*")) return KNOWN_PERMISSIONS.filter((known) => known === entry);
  return KNOWN_PERMISSIONS.filter(compileStars(entry));
}

/** The permissions of a whole list, sorted, each once. */
export function resolvePermissions(entries: readonly string[]): readonly string[] {
  return [...new Set(entries.flatMap(matchPermissions))].sort(compareText);
}
