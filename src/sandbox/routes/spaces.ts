import { holdsAnywhere, holdsOnSpace, isOrgAdmin, orgRoleOf, seesOrganization, seesSpace } from "../access.ts";
import type { Actor } from "../account.ts";
import { stampNow } from "../account.ts";
import { dropSpace } from "../cascades.ts";
import { findOrganization, findSpace } from "../lookups.ts";
import { putPredefined } from "../memberships.ts";
import { answerPage } from "../paging.ts";
import { conflict, forbidden, notFound } from "../problems.ts";
import { readFilter, readIdParameter } from "../query-parameters.ts";
import type { Call, Reply, Route } from "../routing.ts";
import { readPathParameter } from "../routing.ts";
import type { SpaceRow } from "../rows.ts";
import { pairKey } from "../store.ts";

/** The operations on spaces themselves (documented: /v2/spaces). */
export const spaceRoutes: readonly Route[] = [
  { operation: "list_spaces", method: "GET", path: "/v2/spaces", run: listSpaces },
  {
    operation: "create_space",
    method: "POST",
    path: "/v2/spaces",
    body: "CreateSpaceRequest",
    run: (call) => ({ status: 201, body: showSpace(call.actor, createSpace(call.actor, call.body as SpaceBody)) }),
  },
  {
    operation: "get_space",
    method: "GET",
    path: "/v2/spaces/:space_id",
    run: (call) => ({ status: 200, body: showSpace(call.actor, findPathSpace(call)) }),
  },
  {
    operation: "update_space",
    method: "PATCH",
    path: "/v2/spaces/:space_id",
    body: "UpdateSpaceRequest",
    run: (call) => ({
      status: 200,
      body: showSpace(call.actor, updateSpace(call.actor, findPathSpace(call), call.body as SpaceChange)),
    }),
  },
  { operation: "delete_space", method: "DELETE", path: "/v2/spaces/:space_id", run: runDelete },
];

interface SpaceBody {
  readonly name: string;
  readonly organization_id: string;
  readonly description?: string;
  readonly is_private?: boolean;
}

interface SpaceChange {
  readonly name?: string | undefined;
  readonly description?: string | null | undefined;
  readonly is_private?: boolean | undefined;
}

/** Creates a space; organization admins and members may (documented), and holders of SPACE_CREATE. */
export function createSpace(actor: Actor, wanted: SpaceBody): SpaceRow {
  const { account } = actor;
  const organization = findOrganization(actor, wanted.organization_id);
  const isMember = isOrgAdmin(actor, organization.id) || orgRoleOf(actor, organization.id) === "MEMBER";
  if (!isMember && !holdsAnywhere(actor, "SPACE_CREATE")) throw forbidden();
  requireFreeName(actor, { organizationId: organization.id, name: wanted.name, exceptId: undefined });
  const space = account.store.put("spaces", {
    ...account.store.next("Space"),
    organization_id: organization.id,
    name: wanted.name,
    description: wanted.description ?? "",
    created_at: stampNow(account),
    is_private: wanted.is_private ?? false,
  });
  const isOrgMember = orgRoleOf(actor, organization.id) !== undefined;
  if (account.switches().creatorBecomesMember && isOrgMember) {
    putPredefined(account, { space, user: actor.user, role: "ADMIN" });
  }
  return space;
}

/** Changes name, description or privacy of a space; it never moves to another organization. */
export function updateSpace(actor: Actor, space: SpaceRow, change: SpaceChange): SpaceRow {
  if (!holdsOnSpace(actor, space, "SPACE_UPDATE")) throw forbidden();
  const name = change.name ?? space.name;
  requireFreeName(actor, { organizationId: space.organization_id, name, exceptId: space.id });
  return actor.account.store.put("spaces", {
    ...space,
    name,
    description: change.description === undefined ? space.description : (change.description ?? ""),
    is_private: change.is_private ?? space.is_private,
  });
}

/** Deletes a space with all its contents, for good. */
export function deleteSpace(actor: Actor, space: SpaceRow): void {
  if (!holdsOnSpace(actor, space, "SPACE_DELETE")) throw forbidden();
  dropSpace(actor.account, space);
}

function listSpaces(call: Call): Reply {
  const { actor } = call;
  const { tables } = actor.account.store;
  const organizationId = readIdParameter(call.query, "org_id", "Organization");
  const name = readFilter(call.query, "name");
  if (organizationId !== undefined) requireScope(actor, organizationId);
  return answerPage(call, {
    collection: "spaces",
    rows: organizationId === undefined ? tables.spaces.all() : tables.spaces.find("organization", organizationId),
    keep: (row) => (name === undefined || row.name.toLowerCase().includes(name)) && seesSpace(actor, row),
    show: (row) => showSpace(actor, row),
    order: "open",
  });
}

function requireScope(actor: Actor, organizationId: string): void {
  const organization = actor.account.store.tables.organizations.get(organizationId);
  const isReadable = organization !== undefined && seesOrganization(actor, organization);
  if (!isReadable && actor.account.switches().unreadableScope === "404") throw notFound("Organization");
}

function runDelete(call: Call): Reply {
  deleteSpace(call.actor, findPathSpace(call));
  return { status: 204 };
}

function findPathSpace(call: Call): SpaceRow {
  return findSpace(call.actor, readPathParameter(call, "space_id"));
}

function requireFreeName(
  actor: Actor,
  wanted: { readonly organizationId: string; readonly name: string; readonly exceptId: string | undefined },
): void {
  const { store, switches } = actor.account;
  const taken = store.tables.spaces
    .find("name", pairKey(wanted.organizationId, wanted.name.toLowerCase()))
    .some((row) => row.id !== wanted.exceptId && (row.name === wanted.name || switches().namesIgnoreCase));
  if (taken) throw conflict("A space with this name exists already in the organization.");
}

function showSpace(actor: Actor, row: SpaceRow): unknown {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    created_at: row.created_at,
    ...(actor.account.switches().spacePrivacyField ? { is_private: row.is_private } : {}),
  };
}
