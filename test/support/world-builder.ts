import { type Address, type KindName, kindOf } from "../../src/model/address.ts";
import type { Position } from "../../src/model/diagnostic.ts";
import type {
  AccountRole,
  CustomRole,
  Grant,
  IdentityProvider,
  InviteMode,
  ManageMode,
  Manifest,
  Organization,
  Person,
  Project,
  RoleRef,
  Section,
  ServiceKey,
  Space,
} from "../../src/model/manifest.ts";
import { DEFAULT_POLICY } from "../../src/model/policy.ts";
import type { RemoteRef, Resource, Spec, World } from "../../src/model/resource.ts";
import type { SecretSink } from "../../src/model/secret.ts";

/** Entries of a section that is managed whole. */
export class Authoritative<T> {
  readonly entries: Readonly<Record<string, T>>;

  constructor(entries: Readonly<Record<string, T>>) {
    this.entries = entries;
  }
}

type Entries<T> = Readonly<Record<string, T>> | Authoritative<T>;
type GrantText =
  | RoleRef
  | { readonly role: RoleRef; readonly expires?: string; readonly group?: string; readonly at?: Position };

export interface PersonText {
  readonly name?: string;
  readonly role?: AccountRole;
  readonly invite?: InviteMode;
  readonly password?: SecretSink;
  readonly developer?: boolean;
}

export interface RoleText {
  readonly description?: string;
  readonly permissions?: readonly string[];
  readonly previously?: readonly string[];
}

export interface ProjectText {
  readonly restricted?: boolean;
  readonly bindings?: Entries<GrantText>;
  readonly previously?: readonly string[];
}

export interface SpaceText {
  readonly description?: string;
  readonly private?: boolean;
  readonly members?: Entries<GrantText>;
  readonly projects?: Entries<ProjectText>;
  readonly serviceKeys?: Entries<KeyText>;
  readonly previously?: readonly string[];
}

export type KeyText = Partial<ServiceKey> & { readonly role: RoleRef };

export interface OrganizationText {
  readonly description?: string;
  readonly members?: Entries<GrantText>;
  readonly spaces?: Entries<SpaceText>;
  readonly previously?: readonly string[];
}

export interface ManifestText {
  readonly people?: Readonly<Record<string, PersonText>>;
  readonly roles?: Entries<RoleText>;
  readonly organizations?: Entries<OrganizationText>;
  readonly saml?: readonly (Partial<IdentityProvider> & Pick<IdentityProvider, "domain">)[];
  readonly offboard?: readonly string[];
  readonly absent?: readonly Address[];
  readonly ignore?: readonly string[];
  readonly protect?: readonly string[];
}

/** A place in a manifest that nobody wrote. */
const AT: Position = { file: "access.yaml", line: 3, column: 5, length: 1 };

/** Makes a manifest from as little as possible: what is left out is not managed, sections are additive unless `Authoritative`. */
export function buildManifest(text: ManifestText): Manifest {
  return {
    files: [AT.file],
    account: undefined,
    people:
      text.people === undefined
        ? undefined
        : new Map(Object.entries(text.people).map(([email, person]) => [email, buildPerson(email, person)])),
    groups: new Map(),
    roles: buildSection(text.roles, buildRole),
    organizations: buildSection(text.organizations, buildOrganization),
    saml:
      text.saml === undefined
        ? undefined
        : new Map(
            text.saml.map((provider) => [
              provider.domain,
              { at: AT, sync: undefined, managesMemberships: false, mappings: undefined, ...provider },
            ]),
          ),
    offboard: (text.offboard ?? []).map((value) => ({ value, at: AT })),
    absent: (text.absent ?? []).map((value) => ({ value, at: AT })),
    ignore: (text.ignore ?? []).map((value) => ({ value, at: AT })),
    protect: (text.protect ?? []).map((value) => ({ value, at: AT })),
    owners: [],
    policy: DEFAULT_POLICY,
    assertions: [],
  };
}

/** A live resource with ids that nothing else has, unless given. */
export function buildLive(
  address: Address,
  spec: Spec = {},
  more: Partial<Resource> & { readonly remote?: RemoteRef } = {},
): Resource {
  const { remote = { id: `id of ${address}` }, ...rest } = more;
  return { kind: kindOf(address) as KindName, address, spec, origin: { from: "platform", remote }, ...rest };
}

/** A declared resource. */
export function buildDeclared(address: Address, spec: Spec = {}): Resource {
  return {
    kind: kindOf(address) as KindName,
    address,
    spec,
    origin: { from: "manifest", at: AT, group: undefined },
  };
}

/** A world of resources, or of bare addresses that stand for live resources without fields. */
export function buildWorld(...contents: readonly (Resource | Address)[]): World {
  return new Map(
    contents
      .map((content) => (typeof content === "string" ? buildLive(content) : content))
      .map((resource) => [resource.address, resource]),
  );
}

function buildSection<T, B>(
  entries: Entries<T> | undefined,
  build: (name: string, text: T) => B,
): Section<B> | undefined {
  if (entries === undefined) return undefined;
  const isWhole = entries instanceof Authoritative;
  const texts: Readonly<Record<string, T>> = isWhole ? (entries as Authoritative<T>).entries : (entries as never);
  const mode: ManageMode = isWhole ? "authoritative" : "additive";
  return { at: AT, mode, entries: new Map(Object.entries(texts).map(([name, text]) => [name, build(name, text)])) };
}

function buildPerson(email: string, { name, role, invite, password, developer }: PersonText): Person {
  return { email, at: AT, name, role, invite, password, developer };
}

function buildRole(name: string, { description, permissions, previously = [] }: RoleText): CustomRole {
  return { name, at: AT, previously, description, permissions };
}

function buildOrganization(name: string, text: OrganizationText): Organization {
  return {
    name,
    at: AT,
    previously: text.previously ?? [],
    description: text.description,
    members: buildSection(text.members, buildGrant),
    spaces: buildSection(text.spaces, buildSpace),
  };
}

function buildSpace(name: string, text: SpaceText): Space {
  return {
    name,
    at: AT,
    previously: text.previously ?? [],
    description: text.description,
    private: text.private,
    members: buildSection(text.members, buildGrant),
    projects: buildSection(text.projects, buildProject),
    serviceKeys: buildSection(text.serviceKeys, buildKey),
  };
}

function buildProject(name: string, text: ProjectText): Project {
  return {
    name,
    at: AT,
    previously: text.previously ?? [],
    restricted: text.restricted === undefined ? undefined : { value: text.restricted, at: AT },
    bindings: buildSection(text.bindings, buildGrant),
  };
}

function buildKey(name: string, text: KeyText): ServiceKey {
  return {
    name,
    at: AT,
    description: undefined,
    organizationRole: "read-only",
    accountRole: "member",
    alsoIn: [],
    expires: "2027-01-01T00:00:00Z",
    secret: { to: "file", path: `.secrets/${name}` },
    rotation: undefined,
    ...text,
  };
}

function buildGrant(person: string, text: GrantText): Grant {
  const { role, expires, group, at = AT } = typeof text === "string" ? { role: text } : text;
  return { person, role, at, group, reason: undefined, expires };
}
