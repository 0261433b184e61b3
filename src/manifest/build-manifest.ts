import { compareText } from "../model/json.ts";
import type {
  CustomRole,
  Grant,
  Group,
  Manifest,
  Organization,
  Ownership,
  Person,
  Placed,
  Project,
  Section,
  ServiceKey,
  Space,
} from "../model/manifest.ts";
import { buildAssertion } from "./build-assertion.ts";
import { buildKey, buildSink } from "./build-key.ts";
import { buildPolicy } from "./build-policy.ts";
import { buildProvider } from "./build-saml.ts";
import {
  type Draft,
  type DraftGrant,
  type DraftKey,
  type DraftNamed,
  type DraftOrganization,
  type DraftOwnership,
  type DraftPerson,
  type DraftProject,
  type DraftRole,
  type DraftSpace,
  groupNameOf,
} from "./draft.ts";
import { expandGroups } from "./expand-groups.ts";
import { normalizePattern, readAddress } from "./read-address.ts";
import { resolveGrants } from "./resolve-grants.ts";
import { resolvePermissions } from "./resolve-permissions.ts";
import type { GrantLevel } from "./resolve-role.ts";

/** Resolves a draft: groups, permission patterns, dates, addresses. What cannot be resolved is left out; the checks report it. */
export function buildManifest(draft: Draft, files: readonly string[]): Manifest {
  const groups = expandGroups(draft.groups);
  return {
    files,
    account: draft.account,
    people: draft.people && mapValues(draft.people, buildPerson),
    groups,
    roles: buildSection(draft.roles, buildRole),
    organizations: buildSection(draft.organizations, (organization) => buildOrganization(organization, groups)),
    saml: draft.saml && mapValues(draft.saml, buildProvider),
    offboard: dropRepeated(draft.offboard),
    absent: dropRepeated(
      draft.absent.flatMap(({ value, at }) => {
        const address = readAddress(value);
        return address === undefined ? [] : [{ value: address, at }];
      }),
    ),
    ignore: dropRepeated(draft.ignore.map(normalizePlaced)),
    protect: dropRepeated(draft.protect.map(normalizePlaced)),
    owners: draft.owners.map((ownership) => buildOwnership(ownership, groups)),
    policy: buildPolicy(draft.policy, groups),
    assertions: draft.assertions.flatMap((assertion) => buildAssertion(assertion, groups)),
  };
}

function buildOwnership({ on, who }: DraftOwnership, groups: ReadonlyMap<string, Group>): Ownership {
  const people = who.flatMap(({ value }) => {
    const group = groupNameOf(value);
    return group === undefined ? [value] : (groups.get(group)?.people ?? []);
  });
  return { on: normalizePattern(on.value), at: on.at, people: [...new Set(people)].sort(compareText) };
}

function buildPerson({ email, at, name, role, invite, password, developer }: DraftPerson): Person {
  return { email, at, name, role, invite, password: password && buildSink(password), developer };
}

function buildRole(role: DraftRole): CustomRole {
  return {
    ...buildNames(role),
    description: role.description,
    permissions: role.permissions && resolvePermissions(role.permissions.map((entry) => entry.value)),
  };
}

function buildOrganization(organization: DraftOrganization, groups: ReadonlyMap<string, Group>): Organization {
  return {
    ...buildNames(organization),
    description: organization.description,
    members: buildGrants(organization.members, "organization", groups),
    spaces: buildSection(organization.spaces, (space) => buildSpace(space, groups)),
  };
}

function buildSpace(space: DraftSpace, groups: ReadonlyMap<string, Group>): Space {
  const { name, at, previously } = buildNames(space);
  return {
    name,
    at,
    previously,
    description: space.description,
    private: space.private,
    members: buildGrants(space.members, "space", groups),
    projects: buildSection(space.projects, (project) => buildProject(project, groups)),
    serviceKeys: buildKeys(space.serviceKeys),
  };
}

function buildProject(project: DraftProject, groups: ReadonlyMap<string, Group>): Project {
  // Field by field: each object that begins with the fields of another is a shape of its own, of which V8 keeps a description.
  const { name, at, previously } = buildNames(project);
  return {
    name,
    at,
    previously,
    restricted: project.restricted,
    bindings: buildGrants(project.bindings, "project", groups),
  };
}

function buildNames({ name, at, previously }: DraftNamed): Pick<CustomRole, "name" | "at" | "previously"> {
  return { name, at, previously: [...new Set(previously.map((old) => old.value))] };
}

function buildGrants(
  section: Section<DraftGrant> | undefined,
  level: GrantLevel,
  groups: ReadonlyMap<string, Group>,
): Section<Grant> | undefined {
  if (section === undefined) return undefined;
  const { grants, roles } = resolveGrants(section, level, groups);
  return { at: section.at, mode: section.mode, entries: grants, ...(roles !== undefined && { roles }) };
}

function buildKeys(section: Section<DraftKey> | undefined): Section<ServiceKey> | undefined {
  if (section === undefined) return undefined;
  const built = [...section.entries.values()].flatMap((draft) => buildKey(draft) ?? []);
  return { at: section.at, mode: section.mode, entries: new Map(built.map((key) => [key.name, key])) };
}

function buildSection<From, To>(
  section: Section<From> | undefined,
  build: (entry: From) => To,
): Section<To> | undefined {
  return section && { at: section.at, mode: section.mode, entries: mapValues(section.entries, build) };
}

function mapValues<From, To>(map: ReadonlyMap<string, From>, build: (value: From) => To): ReadonlyMap<string, To> {
  const built = new Map<string, To>();
  for (const [key, value] of map) built.set(key, build(value));
  return built;
}

function normalizePlaced({ value, at }: Placed<string>): Placed<string> {
  return { value: normalizePattern(value), at };
}

function dropRepeated<T extends string>(entries: readonly Placed<T>[]): readonly Placed<T>[] {
  const seen = new Set<string>();
  return entries.filter(({ value }) => !seen.has(value) && seen.add(value));
}
