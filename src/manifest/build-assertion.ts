import type { Assertion, AssertionSubjects } from "../model/assertion.ts";
import type { Group, Placed } from "../model/manifest.ts";
import { type DraftAssertion, groupNameOf } from "./draft.ts";
import { resolvePermissions } from "./resolve-permissions.ts";

/** The word in `who` for whoever is above a place by a built-in admin role. */
export const ADMINS = "admins";

/** Resolves an assertion: groups expanded, permission patterns resolved. One that demands nothing, or several things, is left out. */
export function buildAssertion(draft: DraftAssertion, groups: ReadonlyMap<string, Group>): readonly Assertion[] {
  const [demand, ...others] = draft.demands;
  if (demand === undefined || others.length > 0) return [];
  const permissions = resolvePermissions(demand.permissions.map(({ value }) => value));
  return [
    {
      at: draft.at,
      who: buildSubjects(draft.who, groups),
      on: draft.on.map(({ value }) => value),
      rule: draft.atLeast === undefined ? demand.rule : "at-least",
      permissions,
      count: draft.atLeast?.value ?? 0,
    },
  ];
}

function buildSubjects(who: readonly Placed<string>[], groups: ReadonlyMap<string, Group>): AssertionSubjects {
  const words = [...new Set(who.map(({ value }) => value))];
  const named = words.filter((word) => word !== ADMINS && groupNameOf(word) === undefined);
  return {
    words,
    people: new Set([
      ...named.filter((word) => !word.includes("*")),
      ...words.flatMap((word) => groups.get(groupNameOf(word) ?? "")?.people ?? []),
    ]),
    patterns: named.filter((word) => word.includes("*")),
    admins: words.includes(ADMINS),
  };
}
