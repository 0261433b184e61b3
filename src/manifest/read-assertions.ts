import type { Placed } from "../model/manifest.ts";
import type { DraftAssertion, DraftDemand } from "./draft.ts";
import { normalizeWho } from "./read-email.ts";
import type { MapNode, TreeNode } from "./tree.ts";
import { listItems, placedNumberOf, wordsOf } from "./tree-fields.ts";

/** Reads the assertions of a merged tree that keeps the schema, in the order in which they are written. */
export function readAssertions(node: TreeNode | undefined): readonly DraftAssertion[] {
  return listItems(node)
    .filter((item) => item.kind === "map")
    .map(readAssertion);
}

const DEMANDS: readonly DraftDemand["rule"][] = ["can", "never", "only"];

function readAssertion(map: MapNode): DraftAssertion {
  return {
    at: map.at,
    who: (wordsOf(map, "who") ?? []).map(lowerWho),
    on: wordsOf(map, "on") ?? [],
    demands: DEMANDS.flatMap((rule) => {
      const permissions = wordsOf(map, rule);
      return permissions === undefined ? [] : [{ rule, permissions }];
    }),
    atLeast: placedNumberOf(map, "at_least"),
  };
}

function lowerWho({ value, at }: Placed<string>): Placed<string> {
  return { value: normalizeWho(value), at };
}
