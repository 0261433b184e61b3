import type { Position } from "../../model/diagnostic.ts";
import type { Placed } from "../../model/manifest.ts";
import { type Draft, type DraftGrant, groupNameOf } from "../draft.ts";
import type { GrantScope } from "./list-scopes.ts";

/** Every place where a person is named in a group, as a member, in a binding or as an owner. */
export function* listPeopleUsed(draft: Draft, scopes: readonly GrantScope[]): Generator<Placed<string>, void, void> {
  for (const used of listUsed(draft, scopes)) if (groupNameOf(used.value) === undefined) yield used;
}

/** Every place where a group is named in a group, as a member, in a binding, as an owner or among the approvers; values are the names alone. */
export function* listGroupsUsed(draft: Draft, scopes: readonly GrantScope[]): Generator<Placed<string>, void, void> {
  for (const list of [listUsed(draft, scopes), listApprovers(draft)]) {
    for (const used of list) {
      const name = groupNameOf(used.value);
      if (name !== undefined) yield { value: name, at: used.at };
    }
  }
}

/** Whoever approves, people and groups: they need no access of their own. */
export function listApprovers({ policy }: Draft): readonly Placed<string>[] {
  return policy.approvals?.by ?? [];
}

function* listUsed(draft: Draft, scopes: readonly GrantScope[]): Generator<Placed<string>, void, void> {
  for (const group of draft.groups.values()) yield* group.members;
  for (const scope of scopes) for (const who of scope.written.entries.keys()) yield new Mention(who, scope);
  for (const { who } of draft.owners) yield* who;
}

/** Somebody named in a place: where that is written is looked for only where it is told. */
class Mention implements Placed<string> {
  readonly value: string;
  private readonly scope: GrantScope;

  constructor(value: string, scope: GrantScope) {
    this.value = value;
    this.scope = scope;
  }

  get at(): Position {
    return (this.scope.written.entries.get(this.value) as DraftGrant).at;
  }
}
