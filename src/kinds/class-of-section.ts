import { type Address, classKey, type KindName } from "../model/address.ts";
import type { ManagedClass } from "../model/kind.ts";
import type { ManageMode } from "../model/manifest.ts";

/** The class that a section of the manifest manages; none where the manifest leaves the section out. */
export function classOfSection(
  kind: KindName,
  parent: Address | undefined,
  section: { readonly mode: ManageMode } | undefined,
): readonly ManagedClass[] {
  return section === undefined ? [] : [{ key: classKey(kind, parent), mode: section.mode }];
}
