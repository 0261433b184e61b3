import type { Grant, Group, Section } from "../model/manifest.ts";
import { type DraftGrant, groupNameOf } from "./draft.ts";
import { readExpiry } from "./read-expiry.ts";
import { type GrantLevel, resolveRole } from "./resolve-role.ts";

/** Two groups that give one person different roles in one place. */
export interface GroupConflict {
  readonly person: string;
  readonly first: DraftGrant;
  readonly second: DraftGrant;
}

/** Who gets what in one place, and where the text contradicts itself. */
export interface ResolvedGrants {
  readonly grants: ReadonlyMap<string, Grant>;
  readonly conflicts: readonly GroupConflict[];
}

/**
 * Gives each person of a section one grant: what is written directly, else what a group gives. Of two groups that agree
 * the first counts; of their ends the later one, and none at all before any. A role that is not possible is left out.
 */
export function resolveGrants(
  section: Section<DraftGrant>,
  level: GrantLevel,
  groups: ReadonlyMap<string, Group>,
): ResolvedGrants {
  const found = new Map<string, { readonly grant: Grant; readonly source: DraftGrant }>();
  const conflicts: GroupConflict[] = [];
  for (const source of section.entries.values()) {
    for (const person of receiversOf(source, section, groups)) {
      const grant = makeGrant(person, source, level);
      if (grant === undefined) continue;
      const earlier = found.get(person);
      if (earlier === undefined) found.set(person, { grant, source });
      else if (earlier.grant.role !== grant.role) conflicts.push({ person, first: earlier.source, second: source });
      else found.set(person, { grant: joinGrants(earlier.grant, grant), source: earlier.source });
    }
  }
  return { grants: new Map(Array.from(found, ([person, { grant }]) => [person, grant])), conflicts };
}

/** The person named, or everybody in the group who is not named in the section directly. */
function receiversOf(
  { who }: DraftGrant,
  section: Section<DraftGrant>,
  groups: ReadonlyMap<string, Group>,
): readonly string[] {
  const group = groupNameOf(who);
  if (group === undefined) return [who];
  return (groups.get(group)?.people ?? []).filter((person) => !section.entries.has(person));
}

function makeGrant(person: string, draft: DraftGrant, level: GrantLevel): Grant | undefined {
  const role = resolveRole(level, draft.role.value);
  if (role === undefined) return undefined;
  const expires = draft.expires === undefined ? undefined : readExpiry(draft.expires.value);
  return { person, role, at: draft.at, group: groupNameOf(draft.who), reason: draft.reason, expires };
}

function joinGrants(first: Grant, second: Grant): Grant {
  return { ...first, expires: laterEnd(first.expires, second.expires) };
}

function laterEnd(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return undefined;
  return Date.parse(a) >= Date.parse(b) ? a : b;
}
