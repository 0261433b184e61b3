import { type Address, classKey } from "../model/address.ts";
import type { ManagedClass } from "../model/kind.ts";
import { organizationOf } from "./organization.ts";

/** The classes of everybody who may be in a space by a grant of their own, to be read where a change may cut them off. */
export function rostersAround(space: Address): readonly ManagedClass[] {
  return [
    { key: classKey("org-member", organizationOf(space)), mode: "additive" },
    { key: classKey("space-member", space), mode: "additive" },
  ];
}
