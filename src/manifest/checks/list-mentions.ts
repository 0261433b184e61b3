import type { Placed } from "../../model/manifest.ts";
import { type Draft, groupNameOf } from "../draft.ts";
import type { GrantScope } from "./list-scopes.ts";

/** Every place where a person is named in a group, as a member, in a binding or as an owner. */
export function listPeopleUsed(draft: Draft, scopes: readonly GrantScope[]): readonly Placed<string>[] {
  return listUsed(draft, scopes).filter(({ value }) => groupNameOf(value) === undefined);
}

/** Every place where a group is named in a group, as a member, in a binding, as an owner or among the approvers; values are the names alone. */
export function listGroupsUsed(draft: Draft, scopes: readonly GrantScope[]): readonly Placed<string>[] {
  return [...listUsed(draft, scopes), ...listApprovers(draft)].flatMap(({ value, at }) => {
    const name = groupNameOf(value);
    return name === undefined ? [] : [{ value: name, at }];
  });
}

/** Whoever approves, people and groups: they need no access of their own. */
export function listApprovers({ policy }: Draft): readonly Placed<string>[] {
  return policy.approvals?.by ?? [];
}

function listUsed(draft: Draft, scopes: readonly GrantScope[]): readonly Placed<string>[] {
  const inGroups = [...draft.groups.values()].flatMap((group) => group.members);
  const inScopes = scopes.flatMap((scope) =>
    Array.from(scope.written.entries.values(), ({ who, at }) => ({ value: who, at })),
  );
  return [...inGroups, ...inScopes, ...draft.owners.flatMap(({ who }) => who)];
}
