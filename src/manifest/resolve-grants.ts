import type { Grant, Group, RoleRef, Section } from "../model/manifest.ts";
import { type DraftGrant, groupNameOf } from "./draft.ts";
import { FlatDrafts, resolveFlat } from "./flat-grants.ts";
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
  /** Their roles, where all of them are written as they are, and nothing but roles. */
  readonly roles?: ReadonlyMap<string, RoleRef>;
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
  const flat = section.entries instanceof FlatDrafts ? resolveFlat(section.entries, level) : undefined;
  if (flat !== undefined) return { ...flat, conflicts: [] };
  const grants = new Map<string, Grant>();
  const conflicts: GroupConflict[] = [];
  for (const source of section.entries.values()) {
    const group = groupNameOf(source.who);
    if (group === undefined) {
      // Nobody is named twice, and whoever is named gets nothing from a group.
      const grant = makeGrant(source.who, source, level);
      if (grant !== undefined) grants.set(source.who, grant);
      continue;
    }
    const people = (groups.get(group)?.people ?? []).filter((person) => !section.entries.has(person));
    for (const person of people) {
      const first = giveByGroup(grants, makeGrant(person, source, level));
      if (first !== undefined) conflicts.push({ person, first: sourceOf(first, section) ?? source, second: source });
    }
  }
  return { grants, conflicts };
}

/** Adds what a group gives one person; what another group gave before is given back where it is something else. */
function giveByGroup(grants: Map<string, Grant>, grant: Grant | undefined): Grant | undefined {
  if (grant === undefined) return undefined;
  const earlier = grants.get(grant.person);
  if (earlier !== undefined && earlier.role !== grant.role) return earlier;
  grants.set(grant.person, earlier === undefined ? grant : joinGrants(earlier, grant));
  return undefined;
}

/** The entry of the group that gave a grant first. */
function sourceOf({ group }: Grant, section: Section<DraftGrant>): DraftGrant | undefined {
  return section.entries.get(`group:${group}`);
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
