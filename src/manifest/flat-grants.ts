import type { Grant, RoleRef } from "../model/manifest.ts";
import { DerivedMap } from "../model/map-view.ts";
import { type DraftGrant, groupNameOf } from "./draft.ts";
import type { FlatEntries, Word } from "./flat-entries.ts";
import { type GrantLevel, resolveRole } from "./resolve-role.ts";
import type { MapEntry, ScalarNode } from "./tree.ts";

/** Lines of members or bindings that are all `who: role`. */
export class FlatDrafts extends DerivedMap<string, MapEntry, DraftGrant> {
  readonly written: FlatEntries;

  constructor(written: FlatEntries) {
    super(written, readLine);
    this.written = written;
  }

  /** Each role that is given, once. */
  listRoles(): readonly string[] {
    return [...new Set(this.written.words.listValues())].map(String);
  }
}

function readLine({ keyAt, value }: MapEntry, who: string): DraftGrant {
  const role = value.kind === "scalar" ? String(value.value) : "";
  return { who, at: keyAt, role: { value: role, at: value.at }, reason: undefined, expires: undefined };
}

/**
 * The grants of such lines where each of them is one: no group, and a role that can be given there. Undefined where they have to
 * be looked at one by one.
 */
export function resolveFlat(
  drafts: FlatDrafts,
  level: GrantLevel,
): { readonly grants: ReadonlyMap<string, Grant>; readonly roles: ReadonlyMap<string, RoleRef> } | undefined {
  const { written } = drafts;
  for (const role of drafts.listRoles()) if (resolveRole(level, role) === undefined) return undefined;
  for (const who of written.keys()) if (groupNameOf(who) !== undefined) return undefined;
  const roleOf = (word: Word): RoleRef => resolveRole(level, String(word)) as RoleRef;
  const grants = new DerivedMap(written, ({ keyAt, value }: MapEntry, person: string): Grant => {
    const role = roleOf((value as ScalarNode).value);
    return { person, role, at: keyAt, group: undefined, reason: undefined, expires: undefined };
  });
  return { grants, roles: new DerivedMap(written.words, roleOf) };
}
