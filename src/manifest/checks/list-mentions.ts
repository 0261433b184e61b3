import type { Placed } from "../../model/manifest.ts";
import { type Draft, groupNameOf } from "../draft.ts";
import type { GrantScope } from "./list-scopes.ts";

/** Every place where a person is named in a group, as a member, in a binding or as an owner. */
export function* listPeopleUsed(draft: Draft, scopes: readonly GrantScope[]): Generator<Placed<string>, void, void> {
  for (const used of listUsed(draft, scopes)) if (groupNameOf(used.value) === undefined) yield used;
}

/** Every place where a group is named in a group, as a member, in a binding, as an owner or among the approvers; values are the names alone. */
export function* listGroupsUsed(draft: Draft, scopes: readonly GrantScope[]): Generator<Placed<string>, void, void> {
  for (const used of [listUsed(draft, scopes), listApprovers(draft)]) {
    for (const { value, at } of used) {
      const name = groupNameOf(value);
      if (name !== undefined) yield { value: name, at };
    }
  }
}

/** Whoever approves, people and groups: they need no access of their own. */
export function listApprovers({ policy }: Draft): readonly Placed<string>[] {
  return policy.approvals?.by ?? [];
}

function* listUsed(draft: Draft, scopes: readonly GrantScope[]): Generator<Placed<string>, void, void> {
  for (const group of draft.groups.values()) yield* group.members;
  for (const scope of scopes) for (const { who, at } of scope.written.entries.values()) yield { value: who, at };
  for (const { who } of draft.owners) yield* who;
}
