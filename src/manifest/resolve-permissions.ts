import { compareText } from "../model/json.ts";
import { KNOWN_PERMISSIONS } from "./known-permissions.ts";

/** The known permissions that one entry stands for: itself, or what a pattern with `*` fits. Empty when there are none. */
export function matchPermissions(entry: string): readonly string[] {
  if (!entry.includes("*")) return KNOWN_PERMISSIONS.filter((known) => known === entry);
  const fits = new RegExp(`^${entry.split(/\*+/u).map(escapeExpression).join(".*")}$`, "su");
  return KNOWN_PERMISSIONS.filter((known) => fits.test(known));
}

/** The permissions of a whole list, sorted, each once. */
export function resolvePermissions(entries: readonly string[]): readonly string[] {
  return [...new Set(entries.flatMap(matchPermissions))].sort(compareText);
}

function escapeExpression(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/gu, "\\$&");
}
