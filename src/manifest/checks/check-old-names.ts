import { type Address, formatAddress, type KindName } from "../../model/address.ts";
import type { Position } from "../../model/diagnostic.ts";
import type { Section } from "../../model/manifest.ts";
import type { DraftNamed } from "../draft.ts";
import { quoteName } from "../quote-name.ts";
import type { CheckContext } from "./check-context.ts";

/** An old name belongs to one object, and to nothing that is declared or absent now. */
export function checkOldNames(context: CheckContext): void {
  const { draft } = context;
  checkSiblings(context, { kind: "role", parent: [] }, draft.roles);
  checkSiblings(context, { kind: "organization", parent: [] }, draft.organizations);
  for (const organization of draft.organizations?.entries.values() ?? []) {
    checkSiblings(context, { kind: "space", parent: [organization.name] }, organization.spaces);
    for (const space of organization.spaces?.entries.values() ?? []) {
      checkSiblings(context, { kind: "project", parent: [organization.name, space.name] }, space.projects);
    }
  }
}

function checkSiblings(
  context: CheckContext,
  { kind, parent }: { readonly kind: KindName; readonly parent: readonly string[] },
  siblings: Section<DraftNamed> | undefined,
): void {
  const claims = new Map<string, Position>();
  for (const named of siblings?.entries.values() ?? []) {
    for (const { value: old, at } of named.previously) {
      const address = formatAddress(kind, [...parent, old]);
      const other = siblings?.entries.get(old)?.at ?? claims.get(old) ?? absentAt(context, address);
      if (other !== undefined) {
        context.problems.report("AX220", {
          at,
          detail: `The old name ${quoteName(old)} of ${quoteName(named.name)} is also declared, absent or claimed elsewhere; a rename would hit the wrong object.`,
          fix: "Remove it here once the rename is done, or remove the other.",
          related: [{ at: other, message: "The other place." }],
        });
      }
      claims.set(old, at);
    }
  }
}

function absentAt({ manifest }: CheckContext, address: Address): Position | undefined {
  return manifest.absent.find((entry) => entry.value === address)?.at;
}
