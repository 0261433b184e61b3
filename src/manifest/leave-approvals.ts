import type { MapNode } from "./tree.ts";

const KEYS: readonly string[] = ["version", "approvals"];

/**
 * The parts of a manifest, without approvals files, which lie in `approvals/` in its folder and are no part of it. They are told
 * by what they hold, so that nothing is left out because of where it lies; where there is nothing else, they are what was meant.
 */
export function leaveApprovals<T extends { readonly tree: MapNode }>(found: readonly T[]): readonly T[] {
  const parts = found.filter(({ tree }) => !isApprovals(tree));
  return parts.length === 0 ? found : parts;
}

function isApprovals({ entries }: MapNode): boolean {
  return entries.has("approvals") && [...entries.keys()].every((key) => KEYS.includes(key));
}
