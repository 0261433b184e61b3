import type { ManageMode, Placed } from "../model/manifest.ts";
import type { DraftMapping, DraftProvider } from "./draft.ts";
import type { MapNode, TreeNode } from "./tree.ts";
import { listItems, mapOf, placedFlagOf, placedTextOf, textOf } from "./tree-fields.ts";

/** Reads what is written of identity providers in a merged tree that keeps the schema. */
export function readSaml(tree: MapNode, mode: ManageMode): ReadonlyMap<string, DraftProvider> | undefined {
  const section = mapOf(tree, "saml");
  if (section === undefined) return undefined;
  const providers = new Map<string, DraftProvider>();
  for (const [domain, entry] of section.map.entries) {
    if (entry.value.kind !== "map") continue;
    const { value } = entry;
    const list = value.entries.get("mappings")?.value;
    providers.set(domain, {
      domain: domain.toLowerCase(),
      at: entry.keyAt,
      sync: placedFlagOf(value, "sync")?.value,
      managesMemberships: textOf(value, "memberships") === "managed",
      mode,
      mappings: list && listItems(list).flatMap(readMapping),
    });
  }
  return providers;
}

function readMapping(node: TreeNode): readonly DraftMapping[] {
  if (node.kind !== "map") return [];
  const organization = mapOf(node, "organization")?.map;
  const name = organization && placedTextOf(organization, "name");
  const role = organization && placedTextOf(organization, "role");
  return [
    {
      at: node.at,
      when: new Map(readPairs(mapOf(node, "when")?.map).map(({ path, role: value }) => [path.value, value.value])),
      accountAdmin: placedFlagOf(node, "account_admin")?.value ?? false,
      organization: name && role && { name, role },
      spaces: readPairs(mapOf(node, "spaces")?.map),
    },
  ];
}

function readPairs(
  map: MapNode | undefined,
): readonly { readonly path: Placed<string>; readonly role: Placed<string> }[] {
  return [...(map?.entries ?? [])].flatMap(([key, { keyAt, value }]) =>
    value.kind === "scalar"
      ? [{ path: { value: key, at: keyAt }, role: { value: String(value.value), at: value.at } }]
      : [],
  );
}
