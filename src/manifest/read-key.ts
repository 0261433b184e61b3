import type { Position } from "../model/diagnostic.ts";
import type { Placed } from "../model/manifest.ts";
import type { DraftKey, DraftRotation, DraftSink, DraftSpaceRole } from "./draft.ts";
import type { MapNode } from "./tree.ts";
import { listItems, mapOf, placedTextOf, textOf, textsOf } from "./tree-fields.ts";

/** Reads a service key that keeps the schema. */
export function readKey(name: string, { at, map }: { readonly at: Position; readonly map: MapNode }): DraftKey {
  return {
    name,
    at,
    description: textOf(map, "description"),
    role: requiredText(map, "role"),
    organizationRole: textOf(map, "organization_role"),
    accountRole: textOf(map, "account_role"),
    alsoIn: listItems(map.entries.get("also_in")?.value).flatMap(readSpaceRole),
    expires: requiredText(map, "expires"),
    secret: readSink(mapOf(map, "secret") ?? { map, at }),
    rotate: readRotation(mapOf(map, "rotate")),
  };
}

function readSpaceRole(node: ReturnType<typeof listItems>[number]): readonly DraftSpaceRole[] {
  return node.kind === "map" ? [{ space: requiredText(node, "space"), role: requiredText(node, "role") }] : [];
}

/** Reads where a secret goes, whether it can or not. */
export function readSink({ map, at }: { readonly map: MapNode; readonly at: Position }): DraftSink {
  const texts = new Map<string, Placed<string>>();
  for (const key of SINK_TEXTS) {
    const text = placedTextOf(map, key);
    if (text !== undefined) texts.set(key, text);
  }
  return { at, to: requiredText(map, "to").value, texts, command: textsOf(map, "command") };
}

const SINK_TEXTS = ["path", "file", "name", "repo"] as const;

function readRotation(found: { readonly map: MapNode; readonly at: Position } | undefined): DraftRotation | undefined {
  if (found === undefined) return undefined;
  const { map, at } = found;
  return { at, beforeExpiry: requiredText(map, "before_expiry"), grace: placedTextOf(map, "grace") };
}

/** The schema has seen to it that the text is there. */
function requiredText(map: MapNode, key: string): Placed<string> {
  return placedTextOf(map, key) ?? { value: "", at: map.at };
}
