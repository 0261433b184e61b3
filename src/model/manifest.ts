import type { Address } from "./address.ts";
import type { Assertion } from "./assertion.ts";
import type { Position } from "./diagnostic.ts";
import type { Policy } from "./policy.ts";
import type { SecretSink } from "./secret.ts";

/** `additive` touches only what is written; under `authoritative` what is not written goes, held for approval. */
export type ManageMode = "additive" | "authoritative";

/** The predefined roles of accounts, organizations and spaces, as manifests and addresses spell them. */
export type PredefinedRole = "admin" | "member" | "read-only" | "annotator";

/** A role as it stands in a spec: a predefined role by its word, any other by its address, so that the two can never be taken for each other. */
export type RoleRef = PredefinedRole | Address<"role">;

export type AccountRole = "admin" | "member" | "annotator";
export type InviteMode = "none" | "email_link" | "temporary_password";

/** A value and the place where it is written. */
export interface Placed<T> {
  readonly value: T;
  readonly at: Position;
}

/** A section that is present in the manifest, and therefore managed; `entries` may be empty. */
export interface Section<T> {
  readonly at: Position;
  readonly mode: ManageMode;
  readonly entries: ReadonlyMap<string, T>;
  /** The roles of all entries, where these are known to be grants without a group, a reason or an end: nobody has to look at each. */
  readonly roles?: ReadonlyMap<string, RoleRef>;
}

/** A manifest after all files are merged, checked, groups expanded and permission globs resolved. Maps keep the order of the text. */
export interface Manifest {
  readonly files: readonly string[];
  readonly account: Placed<string> | undefined;
  /** Keyed by e-mail in lower case; undefined when the manifest says nothing of people. */
  readonly people: ReadonlyMap<string, Person> | undefined;
  readonly groups: ReadonlyMap<string, Group>;
  readonly roles: Section<CustomRole> | undefined;
  readonly organizations: Section<Organization> | undefined;
  /** Identity providers by e-mail domain, in lower case; undefined when the manifest says nothing of them. */
  readonly saml: ReadonlyMap<string, IdentityProvider> | undefined;
  readonly offboard: readonly Placed<string>[];
  readonly absent: readonly Placed<Address>[];
  /** Address patterns, see `compileAddressPattern`. */
  readonly ignore: readonly Placed<string>[];
  readonly protect: readonly Placed<string>[];
  readonly owners: readonly Ownership[];
  readonly policy: Policy;
  readonly assertions: readonly Assertion[];
}

/** Who answers for the places that fit a pattern, and is asked to review who has access to them. Changes nothing on the account. */
export interface Ownership {
  /** An address pattern. */
  readonly on: string;
  readonly at: Position;
  /** E-mails in lower case, groups expanded, each once, sorted; nobody where the list is empty. */
  readonly people: readonly string[];
}

/** A person; every field that is undefined is not managed. With all of them undefined the person must exist already. */
export interface Person {
  readonly email: string;
  readonly at: Position;
  readonly name: string | undefined;
  readonly role: AccountRole | undefined;
  readonly invite: InviteMode | undefined;
  /** Where a temporary password goes; undefined where it is thrown away. */
  readonly password: SecretSink | undefined;
  readonly developer: boolean | undefined;
}

/** A group with all the people in it, those of contained groups included, each once, sorted. */
export interface Group {
  readonly name: string;
  readonly at: Position;
  readonly people: readonly string[];
}

export interface CustomRole {
  readonly name: string;
  readonly at: Position;
  readonly previously: readonly string[];
  readonly description: string | undefined;
  /** Identifiers, globs resolved, sorted; undefined: the role must exist and its permissions are not managed. */
  readonly permissions: readonly string[] | undefined;
}

export interface Organization {
  readonly name: string;
  readonly at: Position;
  readonly previously: readonly string[];
  readonly description: string | undefined;
  /** One entry for each person, keyed by e-mail, groups expanded. */
  readonly members: Section<Grant> | undefined;
  readonly spaces: Section<Space> | undefined;
}

export interface Space {
  readonly name: string;
  readonly at: Position;
  readonly previously: readonly string[];
  readonly description: string | undefined;
  readonly private: boolean | undefined;
  readonly members: Section<Grant> | undefined;
  readonly projects: Section<Project> | undefined;
  readonly serviceKeys: Section<ServiceKey> | undefined;
}

/** A service key: what its bot is given, until when, and where its secret goes. */
export interface ServiceKey {
  readonly name: string;
  readonly at: Position;
  readonly description: string | undefined;
  /** The bot's role in the space the key stands in. */
  readonly role: RoleRef;
  /** The bot's role in the organization of each space. */
  readonly organizationRole: PredefinedRole;
  readonly accountRole: PredefinedRole;
  /** Further spaces, in the order of the text. */
  readonly alsoIn: readonly SpaceRole[];
  /** RFC 3339 instant, UTC, at which the key ends. */
  readonly expires: string;
  readonly secret: SecretSink;
  readonly rotation: Rotation | undefined;
}

export interface SpaceRole {
  readonly space: Address<"space">;
  readonly role: RoleRef;
}

/** When a key gets a new secret, and how long the old one still counts. */
export interface Rotation {
  readonly secondsBeforeExpiry: number;
  readonly graceSeconds: number;
}

export interface Project {
  readonly name: string;
  readonly at: Position;
  readonly previously: readonly string[];
  readonly restricted: Placed<boolean> | undefined;
  readonly bindings: Section<Grant> | undefined;
}

/** What the manifest says of the SAML identity provider of one e-mail domain. */
export interface IdentityProvider {
  readonly domain: string;
  readonly at: Position;
  /** Whether mappings are applied again at every login; undefined: not managed. */
  readonly sync: boolean | undefined;
  /** True where memberships of people of the domain are changed although their next login may overwrite them. */
  readonly managesMemberships: boolean;
  /** undefined: mappings are not managed. */
  readonly mappings: { readonly mode: ManageMode; readonly list: readonly RoleMapping[] } | undefined;
}

/** Who logs in with all of these attributes gets these roles. */
export interface RoleMapping {
  readonly at: Position;
  readonly when: Readonly<Record<string, string>>;
  readonly accountAdmin: boolean;
  readonly organization: { readonly name: string; readonly role: PredefinedRole } | undefined;
  /** The role by the address of the space. */
  readonly spaces: ReadonlyMap<Address, RoleRef>;
}

/** What one person is given in one place. */
export interface Grant {
  readonly person: string;
  readonly role: RoleRef;
  readonly at: Position;
  /** The group the person got it through; undefined when written directly. */
  readonly group: string | undefined;
  readonly reason: string | undefined;
  /** RFC 3339 instant, UTC, from which the grant is to go. A date alone means its first instant. */
  readonly expires: string | undefined;
}
