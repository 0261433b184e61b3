/** Account role of a user (documented; the reserved CUSTOM form is never stored). */
export type AccountRole = "ADMIN" | "MEMBER" | "ANNOTATOR";

/** Predefined role of an organization or space member (documented). */
export type MemberRole = "ADMIN" | "MEMBER" | "READ_ONLY" | "ANNOTATOR";

/** What a role binding may point at (documented). */
export type ResourceType = "SPACE" | "PROJECT";

/** Every stored row has an opaque id and the running number that gives its place in lists. */
export interface Row {
  readonly id: string;
  readonly n: number;
}

/** A person or the bot user of a service key; INACTIVE is terminal and never shown by REST. */
export interface UserRow extends Row {
  readonly name: string;
  readonly email: string;
  readonly created_at: string;
  readonly status: "ACTIVE" | "INVITED" | "EXPIRED" | "INACTIVE";
  readonly role: AccountRole;
  readonly is_developer: boolean;
  readonly kind: "human" | "bot";
  readonly sso: boolean;
}

/** An organization of the account. */
export interface OrganizationRow extends Row {
  readonly name: string;
  readonly description: string;
  readonly created_at: string;
}

/** A space and the organization it lies in. */
export interface SpaceRow extends Row {
  readonly organization_id: string;
  readonly name: string;
  readonly description: string;
  readonly created_at: string;
  readonly is_private: boolean;
}

/** A project and the space it lies in. */
export interface ProjectRow extends Row {
  readonly space_id: string;
  readonly name: string;
  readonly created_at: string;
}

/** A custom role, or a predefined one with the level on which it may be bound. */
export interface RoleRow extends Row {
  readonly name: string;
  readonly description: string;
  readonly permissions: readonly string[];
  readonly level: "custom" | "space" | "project";
  readonly created_at: string;
  readonly updated_at: string;
  readonly deleted: boolean;
}

/** One user's predefined role in one organization. */
export interface OrgMemberRow extends Row {
  readonly organization_id: string;
  readonly user_id: string;
  readonly role: MemberRole;
}

/** One user's predefined role in one space: the first of the two stores of space access. */
interface SpaceMemberRow extends Row {
  readonly space_id: string;
  readonly user_id: string;
  readonly role: MemberRole;
}

/** One user's role on one space or project: for spaces, the second of the two stores. */
export interface RoleBindingRow extends Row {
  readonly role_id: string;
  readonly user_id: string;
  readonly resource_type: ResourceType;
  readonly resource_id: string;
  readonly created_at: string;
  readonly updated_at: string;
}

/** The mark that cuts inherited access to a project; its id is the project's id. */
export interface RestrictionRow extends Row {
  readonly created_at: string;
}

/** An API key; only the digest of its secret is kept. */
export interface ApiKeyRow extends Row {
  readonly name: string;
  readonly description: string | undefined;
  readonly key_type: "USER" | "SERVICE";
  readonly status: "ACTIVE" | "REVOKED";
  readonly redacted_key: string;
  readonly digest: string;
  readonly created_at: string;
  readonly expires_at: string | undefined;
  readonly created_by_user_id: string;
  readonly acts_as_user_id: string;
  readonly last_used_at: string | undefined;
  readonly space_ids: readonly string[];
}

/** Facts about the account itself: one row. */
export interface SettingRow extends Row {
  readonly account_name: string;
  readonly created_at: string;
  readonly seed: string;
  readonly admin_key: string;
}

/** One rule of an identity provider: who logs in with these attributes gets these roles. */
export interface SamlMapping {
  readonly id: string;
  readonly attributes: readonly (readonly [string, string])[];
  readonly is_account_admin: boolean;
  readonly org_role: { readonly organization_id: string; readonly role: MemberRole } | undefined;
  readonly space_roles: readonly (readonly [string, MemberRole])[];
  readonly space_rbac_roles: readonly (readonly [string, string])[];
}

/** A SAML identity provider with its e-mail domains and its ordered list of mappings. */
export interface SamlIdpRow extends Row {
  readonly domains: readonly { readonly id: string; readonly domain: string; readonly validated: boolean }[];
  readonly metadata_url: string | undefined;
  readonly metadata_xml: string | undefined;
  readonly enforce_saml: boolean;
  readonly sync_user_roles: boolean;
  readonly sign_authn: boolean;
  readonly allow_login_with_defaults: boolean;
  readonly mappings: readonly SamlMapping[];
}

/** The last number given to a kind of object. */
type CounterRow = Row;

/** All tables of the account by name. */
export interface RowOf {
  readonly settings: SettingRow;
  readonly counters: CounterRow;
  readonly users: UserRow;
  readonly organizations: OrganizationRow;
  readonly spaces: SpaceRow;
  readonly projects: ProjectRow;
  readonly roles: RoleRow;
  readonly org_members: OrgMemberRow;
  readonly space_members: SpaceMemberRow;
  readonly role_bindings: RoleBindingRow;
  readonly restrictions: RestrictionRow;
  readonly api_keys: ApiKeyRow;
  readonly saml_idps: SamlIdpRow;
}

/** The name of a table. */
export type TableName = keyof RowOf;
