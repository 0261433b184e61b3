import { seesOrganization, seesProject, seesSpace } from "./access.ts";
import type { Account, Actor } from "./account.ts";
import { notFound } from "./problems.ts";
import { canonicalId } from "./query-parameters.ts";
import type { OrganizationRow, ProjectRow, RoleRow, SpaceRow, UserRow } from "./rows.ts";

/** Finds an organization the actor can read; 400 for what is not an ID, 404 for the rest. */
export function findOrganization(actor: Actor, text: string): OrganizationRow {
  const row = actor.account.store.tables.organizations.get(canonicalId(text, "Organization"));
  if (row === undefined || !seesOrganization(actor, row)) throw notFound("Organization");
  return row;
}

/** Finds a space the actor can open; 400 for what is not an ID, 404 for the rest. */
export function findSpace(actor: Actor, text: string): SpaceRow {
  const row = actor.account.store.tables.spaces.get(canonicalId(text, "Space"));
  if (row === undefined || !seesSpace(actor, row)) throw notFound("Space");
  return row;
}

/** Finds a project the actor can see; 400 for what is not an ID, 404 for the rest. */
export function findProject(actor: Actor, text: string): ProjectRow {
  const row = actor.account.store.tables.projects.get(canonicalId(text, "Model"));
  if (row === undefined || !seesProject(actor, row)) throw notFound("Project");
  return row;
}

/** Finds a user who has not been deleted, human or bot; 400 for what is not an ID, 404 for the rest. */
export function findUser(account: Account, text: string): UserRow {
  const row = account.store.tables.users.get(canonicalId(text, "User"));
  if (row === undefined || row.status === "INACTIVE") throw notFound("User");
  return row;
}

/** Finds a role that has not been deleted; 400 for what is not an ID, 404 for the rest. */
export function findRole(account: Account, text: string): RoleRow {
  const row = account.store.tables.roles.get(canonicalId(text, "Role"));
  if (row === undefined || row.deleted) throw notFound("Role");
  return row;
}
