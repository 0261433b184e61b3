import { groupNameOf } from "../draft.ts";
import { quoteName } from "../quote-name.ts";
import { resolveGrants } from "../resolve-grants.ts";
import type { CheckContext } from "./check-context.ts";
import type { GrantScope } from "./list-scopes.ts";

/** Two groups give one person the same role in one place, unless the person is written there directly. */
export function checkGroupAgreement({ manifest, scopes, problems }: CheckContext): void {
  for (const scope of scopes) {
    if (countGroups(scope) < 2) continue;
    const { conflicts } = resolveGrants(scope.written, scope.level, manifest.groups);
    for (const { person, first, second } of conflicts) {
      problems.report("AX207", {
        at: second.at,
        detail: `${quoteName(person)} is in ${quoteName(first.who)} with the role ${quoteName(first.role.value)} and in ${quoteName(second.who)} with the role ${quoteName(second.role.value)}; one person has one role in one place.`,
        fix: "Write the person directly with the role they shall have, or take them out of one group.",
        related: [{ at: first.at, message: `${quoteName(first.who)} is given its role here.` }],
      });
    }
  }
}

function countGroups({ written }: GrantScope): number {
  let count = 0;
  for (const who of written.entries.keys()) if (groupNameOf(who) !== undefined) count += 1;
  return count;
}
