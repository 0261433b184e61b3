import type { Grant, Group, Manifest, Organization, Project, RoleRef, Section, Space } from "../../model/manifest.ts";
import { DerivedMap } from "../../model/map-view.ts";
import { type Draft, type DraftGrant, type DraftSpace, groupNameOf } from "../draft.ts";
import type { GrantLevel } from "../resolve-role.ts";

/** One place where people are given roles: the members of an organization or space, or the bindings of a project. */
export interface GrantScope {
  readonly level: GrantLevel;
  /** The names from the organization down to the place. */
  readonly path: readonly string[];
  readonly written: Section<DraftGrant>;
  readonly grants: ReadonlyMap<string, Grant>;
  /** Their roles alone. */
  readonly roles: ReadonlyMap<string, RoleRef>;
  /** Everybody who is written, groups expanded, whatever becomes of their role. */
  readonly people: Pick<ReadonlySet<string>, "has">;
  readonly space: Space | undefined;
  /** The same of the organization around, when its members are written. */
  readonly organizationScope: GrantScope | undefined;
  /** The same of the space around a project, when its members are written. */
  readonly spaceScope: GrantScope | undefined;
}

/** Lists every place where people are given roles, each before those inside it. */
export function listScopes(draft: Draft, manifest: Manifest): readonly GrantScope[] {
  const scopes: GrantScope[] = [];
  for (const [name, written] of draft.organizations?.entries ?? []) {
    const organization = manifest.organizations?.entries.get(name);
    if (organization === undefined) continue;
    const around = { space: undefined, organizationScope: undefined, spaceScope: undefined };
    const scope = makeScope(
      [name],
      { written: written.members, resolved: organization.members },
      { manifest, ...around },
    );
    if (scope !== undefined) scopes.push(scope);
    for (const space of written.spaces?.entries.values() ?? []) {
      for (const inner of listSpaceScopes(organization, space, { manifest, ...around, organizationScope: scope })) {
        scopes.push(inner);
      }
    }
  }
  return scopes;
}

interface Around extends Pick<GrantScope, "space" | "organizationScope" | "spaceScope"> {
  readonly manifest: Manifest;
}

function listSpaceScopes(organization: Organization, written: DraftSpace, around: Around): readonly GrantScope[] {
  const space = organization.spaces?.entries.get(written.name);
  if (space === undefined) return [];
  const path = [organization.name, space.name];
  const scope = makeScope(path, { written: written.members, resolved: space.members }, { ...around, space });
  const scopes = scope === undefined ? [] : [scope];
  for (const project of written.projects?.entries.values() ?? []) {
    const resolved: Project | undefined = space.projects?.entries.get(project.name);
    const bindings = { written: project.bindings, resolved: resolved?.bindings };
    const inner = makeScope([...path, project.name], bindings, { ...around, space, spaceScope: scope });
    if (inner !== undefined) scopes.push(inner);
  }
  return scopes;
}

const LEVELS: readonly GrantLevel[] = ["organization", "space", "project"];

function makeScope(
  path: readonly string[],
  {
    written,
    resolved,
  }: { readonly written: Section<DraftGrant> | undefined; readonly resolved: Section<Grant> | undefined },
  { manifest, ...around }: Around,
): GrantScope | undefined {
  if (written === undefined || resolved === undefined) return undefined;
  const level = LEVELS[path.length - 1] ?? "project";
  const { entries: grants } = resolved;
  const roles = resolved.roles ?? new DerivedMap(grants, ({ role }: Grant) => role);
  return { level, path, written, grants, roles, people: peopleOf(written, manifest.groups), ...around };
}

/** Entries are kept by whom they name: where no group is among them, those are all. */
function peopleOf(
  { entries }: Section<DraftGrant>,
  groups: ReadonlyMap<string, Group>,
): Pick<ReadonlySet<string>, "has"> {
  const groupsInIt: string[] = [];
  for (const who of entries.keys()) {
    const group = groupNameOf(who);
    if (group !== undefined) groupsInIt.push(group);
  }
  if (groupsInIt.length === 0) return entries;
  const inGroups = groupsInIt.flatMap((name) => groups.get(name)?.people ?? []);
  return new Set([...entries.keys(), ...inGroups]);
}
