import type { Account, Actor } from "./account.ts";
import { SPACE_ROLE_PERMISSIONS } from "./permissions.ts";
import type { MemberRole, OrganizationRow, ProjectRow, RoleBindingRow, RoleRow, SpaceRow } from "./rows.ts";
import { pairKey } from "./store.ts";

/** Tells whether the actor administers the whole account. */
export function isAccountAdmin(actor: Actor): boolean {
  return actor.user.role === "ADMIN";
}

/** Gives the actor's own role in an organization, undefined when not a member. */
export function orgRoleOf(actor: Actor, organizationId: string): MemberRole | undefined {
  return actor.account.store.tables.org_members.one("pair", pairKey(organizationId, actor.user.id))?.role;
}

/** Tells whether the actor administers the organization, by itself or through the account. */
export function isOrgAdmin(actor: Actor, organizationId: string): boolean {
  return isAccountAdmin(actor) || orgRoleOf(actor, organizationId) === "ADMIN";
}

/** Tells whether the actor administers the space by a built-in role; custom roles never do (documented). */
export function isSpaceAdmin(actor: Actor, space: SpaceRow): boolean {
  if (isOrgAdmin(actor, space.organization_id)) return true;
  if (orgRoleOf(actor, space.organization_id) === undefined) return false;
  return actor.account.store.tables.space_members.one("pair", pairKey(space.id, actor.user.id))?.role === "ADMIN";
}

/** Tells whether the actor can read the organization. */
export function seesOrganization(actor: Actor, organization: OrganizationRow): boolean {
  return isAccountAdmin(actor) || orgRoleOf(actor, organization.id) !== undefined;
}

/** Tells whether the actor can open the space: admins, explicit members, and for public spaces the whole organization. */
export function seesSpace(actor: Actor, space: SpaceRow): boolean {
  if (isSpaceAdmin(actor, space)) return true;
  if (orgRoleOf(actor, space.organization_id) === undefined) return false;
  return !space.is_private || isExplicitMember(actor, space);
}

/** Tells whether the actor holds a permission in the space; built-in and custom roles add up (documented). */
export function holdsOnSpace(actor: Actor, space: SpaceRow, permission: string): boolean {
  return isSpaceAdmin(actor, space) || inheritsOnSpace(actor, space, permission);
}

/** Tells whether the actor holds a permission on the project; a restriction leaves only direct bindings (documented). */
export function holdsOnProject(actor: Actor, project: ProjectRow, permission: string): boolean {
  const { tables } = actor.account.store;
  const space = tables.spaces.get(project.space_id);
  if (space === undefined) return false;
  if (isSpaceAdmin(actor, space)) return true;
  if (holdsDirectly(actor, project, permission)) return true;
  return tables.restrictions.get(project.id) === undefined && inheritsOnSpace(actor, space, permission);
}

/** Tells whether the actor can see that the project exists. */
export function seesProject(actor: Actor, project: ProjectRow): boolean {
  return holdsOnProject(actor, project, "PROJECT_READ");
}

/** Tells whether the actor may lift or see a restriction, which a space-wide PROJECT_RESTRICT allows even for unseen projects. */
export function managesRestriction(actor: Actor, project: ProjectRow): boolean {
  const space = actor.account.store.tables.spaces.get(project.space_id);
  if (space === undefined) return false;
  return holdsOnSpace(actor, space, "PROJECT_RESTRICT") || holdsDirectly(actor, project, "PROJECT_RESTRICT");
}

/** Tells whether the actor may restrict for the first time: the built-in Project Admin may not (documented). */
export function mayStartRestriction(actor: Actor, project: ProjectRow): boolean {
  const space = actor.account.store.tables.spaces.get(project.space_id);
  if (space === undefined) return false;
  if (holdsOnSpace(actor, space, "PROJECT_RESTRICT")) return true;
  return directRole(actor, project)?.level === "custom" && holdsDirectly(actor, project, "PROJECT_RESTRICT");
}

/** Tells whether the actor holds an account-wide permission through any binding, or is an account admin (assumed). */
export function holdsAnywhere(actor: Actor, permission: string): boolean {
  if (isAccountAdmin(actor)) return true;
  const { store } = actor.account;
  return store.tables.role_bindings
    .find("user", actor.user.id)
    .some((binding) => roleOf(actor.account, binding)?.permissions.includes(permission) === true);
}

function inheritsOnSpace(actor: Actor, space: SpaceRow, permission: string): boolean {
  const fallback = orgRoleOf(actor, space.organization_id);
  if (fallback === undefined) return false;
  const { tables } = actor.account.store;
  const key = pairKey(space.id, actor.user.id);
  const row = tables.space_members.one("pair", key);
  const binding = tables.role_bindings.one("pair", key);
  if (row === undefined && binding === undefined) {
    return !space.is_private && SPACE_ROLE_PERMISSIONS[fallback].has(permission);
  }
  if (row !== undefined && SPACE_ROLE_PERMISSIONS[row.role].has(permission)) return true;
  return binding !== undefined && roleOf(actor.account, binding)?.permissions.includes(permission) === true;
}

function holdsDirectly(actor: Actor, project: ProjectRow, permission: string): boolean {
  const space = actor.account.store.tables.spaces.get(project.space_id);
  if (space === undefined || orgRoleOf(actor, space.organization_id) === undefined) return false;
  if (!seesSpace(actor, space) && !actor.account.switches().projectBindingOpensPrivateSpace) return false;
  return directRole(actor, project)?.permissions.includes(permission) === true;
}

function directRole(actor: Actor, project: ProjectRow): RoleRow | undefined {
  const binding = actor.account.store.tables.role_bindings.one("pair", pairKey(project.id, actor.user.id));
  return binding === undefined ? undefined : roleOf(actor.account, binding);
}

function isExplicitMember(actor: Actor, space: SpaceRow): boolean {
  const { tables } = actor.account.store;
  const key = pairKey(space.id, actor.user.id);
  return tables.space_members.one("pair", key) !== undefined || tables.role_bindings.one("pair", key) !== undefined;
}

function roleOf(account: Account, binding: RoleBindingRow): RoleRow | undefined {
  return account.store.tables.roles.get(binding.role_id);
}
