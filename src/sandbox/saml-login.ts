import type { Account } from "./account.ts";
import { stampNow } from "./account.ts";
import { dropOrgMember, dropSpaceAccess } from "./cascades.ts";
import { putCustom, putPredefined } from "./memberships.ts";
import { forbidden, notFound } from "./problems.ts";
import type { MemberRole, SamlIdpRow, SamlMapping, UserRow } from "./rows.ts";
import { pairKey } from "./store.ts";

/** What an identity provider says of somebody who logs in. */
export interface SamlLogin {
  readonly email: string;
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** What a login did. */
export interface LoginResult {
  readonly user_id: string;
  readonly is_new: boolean;
  /** The mappings that were applied; none for somebody who was known already and whose provider does not sync. */
  readonly mappings: readonly string[];
}

/**
 * Lets somebody log in over SAML: a new person is made with what the mappings give; to a known one they are applied again only
 * where the provider syncs roles at login (documented). A stranger whom no mapping fits is let in only where logging in with
 * defaults is allowed.
 */
export function logInOverSaml(account: Account, login: SamlLogin): LoginResult {
  const { store } = account;
  const idp = findIdp(account, login.email);
  const known = store.tables.users.one("email", login.email.toLowerCase());
  if (known?.status === "INACTIVE") throw forbidden();
  const isMet = known !== undefined && known.status === "ACTIVE";
  const fitting = idp.mappings.filter((mapping) => fits(mapping, login));
  if (!isMet && fitting.length === 0 && !idp.allow_login_with_defaults) throw forbidden();
  if (isMet && !idp.sync_user_roles) return { user_id: known.id, is_new: false, mappings: [] };
  const user = putUser(account, login, { known, isAdmin: fitting.some((mapping) => mapping.is_account_admin) });
  const wanted = collectRoles(fitting);
  if (isMet && account.switches().samlSyncRemovesUnmapped) dropUnmapped(account, user, wanted);
  applyRoles(account, user, wanted);
  return { user_id: user.id, is_new: !isMet, mappings: fitting.map(({ id }) => id) };
}

function findIdp(account: Account, email: string): SamlIdpRow {
  const domain = email.slice(email.lastIndexOf("@") + 1).toLowerCase();
  for (const idp of account.store.tables.saml_idps.all()) {
    if (idp.domains.some((each) => each.domain === domain)) return idp;
  }
  throw notFound("Identity provider");
}

function fits(mapping: SamlMapping, { attributes }: SamlLogin): boolean {
  return mapping.attributes.every(([name, value]) => attributes[name] === value);
}

function putUser(
  account: Account,
  login: SamlLogin,
  { known, isAdmin }: { readonly known: UserRow | undefined; readonly isAdmin: boolean },
): UserRow {
  const { store } = account;
  return store.put("users", {
    ...(known ?? {
      ...store.next("User"),
      name: login.name,
      email: login.email,
      created_at: stampNow(account),
      is_developer: false,
      kind: "human" as const,
    }),
    status: "ACTIVE",
    role: isAdmin ? "ADMIN" : "MEMBER",
    sso: true,
  });
}

/** What the mappings that fit give, by the id of the place. */
interface WantedRoles {
  readonly organizations: ReadonlyMap<string, MemberRole>;
  readonly spaces: ReadonlyMap<string, MemberRole>;
  readonly custom: ReadonlyMap<string, string>;
}

/** Of built-in roles the most permissive counts, of custom roles the first (documented). */
function collectRoles(mappings: readonly SamlMapping[]): WantedRoles {
  const organizations = new Map<string, MemberRole>();
  const spaces = new Map<string, MemberRole>();
  const custom = new Map<string, string>();
  for (const { org_role: granted, space_roles, space_rbac_roles } of mappings) {
    if (granted !== undefined) keepStronger(organizations, granted.organization_id, granted.role);
    for (const [space, role] of space_roles) keepStronger(spaces, space, role);
    for (const [space, role] of space_rbac_roles) if (!custom.has(space)) custom.set(space, role);
  }
  return { organizations, spaces, custom };
}

const RANKS: Readonly<Record<MemberRole, number>> = { ANNOTATOR: 0, READ_ONLY: 1, MEMBER: 2, ADMIN: 3 };

function keepStronger(roles: Map<string, MemberRole>, place: string, role: MemberRole): void {
  const known = roles.get(place);
  if (known === undefined || RANKS[role] > RANKS[known]) roles.set(place, role);
}

function dropUnmapped(account: Account, user: UserRow, wanted: WantedRoles): void {
  const { tables } = account.store;
  for (const member of tables.org_members.find("user", user.id)) {
    const organization = tables.organizations.get(member.organization_id);
    if (organization !== undefined && !wanted.organizations.has(organization.id)) {
      dropOrgMember(account, organization, user.id);
    }
  }
  const isMapped = (space: string): boolean => wanted.spaces.has(space) || wanted.custom.has(space);
  for (const space of tables.spaces.all()) if (!isMapped(space.id)) dropSpaceAccess(account, space, user.id);
}

function applyRoles(account: Account, user: UserRow, wanted: WantedRoles): void {
  const { store } = account;
  for (const [organization_id, role] of wanted.organizations) {
    const known = store.tables.org_members.one("pair", pairKey(organization_id, user.id));
    const next = known ?? store.next("AccountOrganizationMember");
    store.put("org_members", { ...next, organization_id, user_id: user.id, role });
  }
  for (const [id, role] of wanted.spaces) {
    const space = store.tables.spaces.get(id);
    if (space === undefined) continue;
    dropSpaceAccess(account, space, user.id);
    putPredefined(account, { space, user, role });
  }
  for (const [id, roleId] of wanted.custom) {
    const space = store.tables.spaces.get(id);
    const role = store.tables.roles.get(roleId);
    if (space === undefined || role === undefined || role.deleted) continue;
    dropSpaceAccess(account, space, user.id);
    putCustom(account, { space, user, role });
  }
}
