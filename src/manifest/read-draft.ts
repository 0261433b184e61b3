import type { Position } from "../model/diagnostic.ts";
import type { AccountRole, InviteMode, ManageMode, Placed, Section } from "../model/manifest.ts";
import type {
  Draft,
  DraftGrant,
  DraftGroup,
  DraftNamed,
  DraftOrganization,
  DraftPerson,
  DraftProject,
  DraftRole,
  DraftSpace,
} from "./draft.ts";
import { FlatEntries } from "./flat-entries.ts";
import { FlatDrafts } from "./flat-grants.ts";
import { readAssertions } from "./read-assertions.ts";
import { normalizeWho } from "./read-email.ts";
import { readKey, readSink } from "./read-key.ts";
import { readPolicy } from "./read-policy.ts";
import { readSaml } from "./read-saml.ts";
import type { MapEntry, MapNode } from "./tree.ts";
import { mapOf, placedFlagOf, placedTextOf, readTexts, textOf, textsOf } from "./tree-fields.ts";

type ManagedClass =
  | "roles"
  | "organizations"
  | "spaces"
  | "projects"
  | "members"
  | "bindings"
  | "service_keys"
  | "saml";

/** How much of each class is ours in one scope. */
type Modes = Readonly<Record<ManagedClass, ManageMode>>;

const ALL_ADDITIVE: Modes = {
  roles: "additive",
  organizations: "additive",
  spaces: "additive",
  projects: "additive",
  members: "additive",
  bindings: "additive",
  service_keys: "additive",
  saml: "additive",
};

/** Reads a merged tree that keeps the schema. */
export function readDraft(tree: MapNode): Draft {
  const modes = readModes(tree, ALL_ADDITIVE);
  const people = mapOf(tree, "people")?.map;
  return {
    account: placedTextOf(tree, "account"),
    people: people === undefined ? undefined : readNamed(people, readPerson),
    groups: readNamed(mapOf(tree, "groups")?.map, readGroup),
    roles: readSection(tree, "roles", { modes, read: readRole }),
    organizations: readSection(tree, "organizations", {
      modes,
      read: (name, entry) => readOrganization(name, entry, modes),
    }),
    saml: readSaml(tree, modes.saml),
    offboard: (textsOf(tree, "offboard") ?? []).map(lowerPlaced),
    absent: textsOf(tree, "absent") ?? [],
    ignore: textsOf(tree, "ignore") ?? [],
    protect: textsOf(tree, "protect") ?? [],
    owners: [...(mapOf(tree, "owners")?.map.entries ?? [])].map(([value, { keyAt, value: who }]) => ({
      on: { value, at: keyAt },
      who: readTexts(who).map(lowerPlaced),
    })),
    policy: readPolicy(mapOf(tree, "policy")?.map),
    assertions: readAssertions(tree.entries.get("assertions")?.value),
  };
}

type ReadEntry<T> = (
  name: string,
  entry: { readonly at: Position; readonly map: MapNode; readonly raw: MapEntry },
) => T;

function readNamed<T>(map: MapNode | undefined, read: ReadEntry<T>): ReadonlyMap<string, T> {
  const entries = new Map<string, T>();
  for (const [name, raw] of map?.entries ?? []) {
    entries.set(name, read(name, { at: raw.keyAt, map: raw.value.kind === "map" ? raw.value : EMPTY, raw }));
  }
  return entries;
}

const EMPTY: MapNode = { kind: "map", entries: new Map(), at: { file: "", line: 1, column: 1, length: 1 } };

function readSection<T>(
  tree: MapNode,
  key: ManagedClass,
  { modes, read }: { readonly modes: Modes; readonly read: ReadEntry<T> },
): Section<T> | undefined {
  const section = mapOf(tree, key);
  return section && { at: section.at, mode: modes[key], entries: readNamed(section.map, read) };
}

function readModes(tree: MapNode, outer: Modes): Modes {
  const manage = mapOf(tree, "manage")?.map;
  if (manage === undefined) return outer;
  const inner: Record<string, ManageMode> = { ...outer };
  for (const [key, entry] of manage.entries) {
    const word = entry.value.kind === "scalar" ? entry.value.value : undefined;
    if (word === "additive" || word === "authoritative") inner[key] = word;
  }
  return { ...outer, ...inner };
}

function readPerson(email: string, { at, map }: { readonly at: Position; readonly map: MapNode }): DraftPerson {
  const password = mapOf(map, "password");
  return {
    email,
    at,
    name: textOf(map, "name"),
    role: textOf(map, "role") as AccountRole | undefined,
    roleAt: placedTextOf(map, "role")?.at ?? at,
    invite: textOf(map, "invite") as InviteMode | undefined,
    password: password && readSink(password),
    developer: placedFlagOf(map, "developer")?.value,
  };
}

function readGroup(name: string, { at, raw }: { readonly at: Position; readonly raw: MapEntry }): DraftGroup {
  return { name, at, members: readTexts(raw.value).map(lowerPlaced) };
}

function readNames(name: string, at: Position, map: MapNode): DraftNamed {
  return { name, at, previously: textsOf(map, "previously") ?? [] };
}

const readRole: ReadEntry<DraftRole> = (name, { at, map }) => ({
  ...readNames(name, at, map),
  description: textOf(map, "description"),
  permissions: textsOf(map, "permissions"),
});

function readOrganization(
  name: string,
  { at, map }: { readonly at: Position; readonly map: MapNode },
  outer: Modes,
): DraftOrganization {
  const modes = readModes(map, outer);
  return {
    ...readNames(name, at, map),
    description: textOf(map, "description"),
    members: readGrants(map, "members", modes),
    spaces: readSection(map, "spaces", { modes, read: (space, entry) => readSpace(space, entry, modes) }),
  };
}

function readSpace(
  name: string,
  { at, map }: { readonly at: Position; readonly map: MapNode },
  outer: Modes,
): DraftSpace {
  const modes = readModes(map, outer);
  const { previously } = readNames(name, at, map);
  return {
    name,
    at,
    previously,
    description: textOf(map, "description"),
    private: placedFlagOf(map, "private")?.value,
    members: readGrants(map, "members", modes),
    projects: readSection(map, "projects", { modes, read: (project, entry) => readProject(project, entry, modes) }),
    serviceKeys: readSection(map, "service_keys", { modes, read: readKey }),
  };
}

function readProject(
  name: string,
  { at, map }: { readonly at: Position; readonly map: MapNode },
  outer: Modes,
): DraftProject {
  const modes = readModes(map, outer);
  const { previously } = readNames(name, at, map);
  return {
    name,
    at,
    previously,
    restricted: placedFlagOf(map, "restricted"),
    bindings: readGrants(map, "bindings", modes),
  };
}

function readGrants(tree: MapNode, key: "members" | "bindings", modes: Modes): Section<DraftGrant> | undefined {
  const section = mapOf(tree, key);
  if (section === undefined) return undefined;
  const { entries } = section.map;
  const grants = entries instanceof FlatEntries ? new FlatDrafts(entries) : readNamed(section.map, readGrant);
  return { at: section.at, mode: modes[key], entries: grants };
}

const readGrant: ReadEntry<DraftGrant> = (who, { at, map, raw }) => {
  const node = raw.value;
  const bare = node.kind === "scalar" ? { value: String(node.value), at: node.at } : undefined;
  return {
    who,
    at,
    role: bare ?? placedTextOf(map, "role") ?? { value: "", at },
    reason: textOf(map, "reason"),
    expires: placedTextOf(map, "expires"),
  };
};

function lowerPlaced({ value, at }: Placed<string>): Placed<string> {
  return { value: normalizeWho(value), at };
}
