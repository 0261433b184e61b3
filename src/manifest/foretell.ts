import type { KindName } from "../model/address.ts";
import type { MapNode } from "./tree.ts";

/** What can be told of a part of a manifest before anything in it is checked. */
export interface Foretold {
  /** Kinds of which it surely has a class read. */
  readonly kinds: ReadonlySet<KindName>;
  readonly namesAccount: boolean;
}

/** Looks at which sections stand in a part, and no further. */
export function foretell(tree: MapNode): Foretold {
  const kinds = new Set<KindName>();
  const organizations = placesIn([tree], "organizations");
  const spaces = placesIn(organizations, "spaces");
  const projects = placesIn(spaces, "projects");
  if (hasSection([tree], "people")) kinds.add("user");
  if (hasSection([tree], "organizations")) kinds.add("organization");
  if (hasSection(spaces, "members")) kinds.add("space-member");
  if (hasSection(projects, "bindings")) kinds.add("binding");
  return { kinds, namesAccount: tree.entries.has("account") };
}

function hasSection(places: Iterable<MapNode>, section: string): boolean {
  for (const { entries } of places) if (entries.get(section)?.value.kind === "map") return true;
  return false;
}

/** What stands in a section of any of some places, each once: aliases may have it stand in very many. */
function placesIn(places: Iterable<MapNode>, section: string): ReadonlySet<MapNode> {
  const sections = new Set<MapNode>();
  for (const { entries } of places) {
    const value = entries.get(section)?.value;
    if (value?.kind === "map") sections.add(value);
  }
  const found = new Set<MapNode>();
  for (const { entries } of sections) {
    for (const { value } of entries.values()) if (value.kind === "map") found.add(value);
  }
  return found;
}
