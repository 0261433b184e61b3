import type { Account } from "./account.ts";
import type { ApiKeyRow, OrganizationRow, ProjectRow, SpaceRow, UserRow } from "./rows.ts";
import { pairKey } from "./store.ts";

/** Deletes a project with its bindings and its restriction (inferred). */
export function dropProject(account: Account, project: ProjectRow): void {
  dropBindingsOn(account, project.id);
  account.store.drop("restrictions", project.id);
  account.store.drop("projects", project.id);
}

/** Deletes a space with its projects, members, bindings, and by switch the service keys bound only to it. */
export function dropSpace(account: Account, space: SpaceRow): void {
  const { store } = account;
  for (const project of store.tables.projects.find("space", space.id)) dropProject(account, project);
  for (const member of store.tables.space_members.find("space", space.id)) store.drop("space_members", member.id);
  dropBindingsOn(account, space.id);
  for (const key of store.tables.api_keys.find("space", space.id)) unbindKey(account, key, space.id);
  store.drop("spaces", space.id);
}

/** Deletes an organization with its spaces and members (documented). */
export function dropOrganization(account: Account, organization: OrganizationRow): void {
  const { store } = account;
  for (const space of store.tables.spaces.find("organization", organization.id)) dropSpace(account, space);
  for (const member of store.tables.org_members.find("organization", organization.id)) {
    store.drop("org_members", member.id);
  }
  store.drop("organizations", organization.id);
}

/** Deactivates a user for good: memberships, bindings and the user's own keys go (documented). */
export function deactivateUser(account: Account, user: UserRow): void {
  const { store } = account;
  for (const member of store.tables.org_members.find("user", user.id)) store.drop("org_members", member.id);
  for (const member of store.tables.space_members.find("user", user.id)) store.drop("space_members", member.id);
  for (const binding of store.tables.role_bindings.find("user", user.id)) store.drop("role_bindings", binding.id);
  for (const key of store.tables.api_keys.find("actor", user.id)) revokeKey(account, key);
  store.put("users", { ...user, status: "INACTIVE" });
}

/** Removes an organization member together with everything held in the organization's spaces. */
export function dropOrgMember(account: Account, organization: OrganizationRow, userId: string): void {
  const { store } = account;
  for (const space of store.tables.spaces.find("organization", organization.id)) {
    dropSpaceAccess(account, space, userId);
    if (account.switches().orgRemovalDropsProjectBindings) dropProjectBindings(account, space, userId);
  }
  const member = store.tables.org_members.one("pair", pairKey(organization.id, userId));
  if (member !== undefined) store.drop("org_members", member.id);
}

/** Removes both kinds of space access of one user; false when there was neither. */
export function dropSpaceAccess(account: Account, space: SpaceRow, userId: string): boolean {
  const { store } = account;
  const key = pairKey(space.id, userId);
  const rows = store.tables.space_members.find("pair", key);
  const bindings = store.tables.role_bindings.find("pair", key);
  for (const row of rows) store.drop("space_members", row.id);
  for (const binding of bindings) store.drop("role_bindings", binding.id);
  return rows.length + bindings.length > 0;
}

/** Removes the user's bindings on all projects of a space. */
export function dropProjectBindings(account: Account, space: SpaceRow, userId: string): void {
  const { store } = account;
  for (const binding of store.tables.role_bindings.find("user", userId)) {
    if (store.tables.projects.get(binding.resource_id)?.space_id === space.id) store.drop("role_bindings", binding.id);
  }
}

/** Revokes a key; what becomes of the bot user of a service key is a switch. */
export function revokeKey(account: Account, key: ApiKeyRow): void {
  const { store } = account;
  if (key.status !== "REVOKED") store.put("api_keys", { ...key, status: "REVOKED" });
}

function dropBindingsOn(account: Account, resourceId: string): void {
  for (const binding of account.store.tables.role_bindings.find("resource", resourceId)) {
    account.store.drop("role_bindings", binding.id);
  }
}

function unbindKey(account: Account, key: ApiKeyRow, spaceId: string): void {
  const remaining = key.space_ids.filter((id) => id !== spaceId);
  const dies = remaining.length === 0 && account.switches().spaceDeletionRevokesKeys;
  account.store.put("api_keys", { ...key, space_ids: remaining, status: dies ? "REVOKED" : key.status });
}
