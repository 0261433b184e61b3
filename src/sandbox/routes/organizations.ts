import { holdsAnywhere, isOrgAdmin, seesOrganization } from "../access.ts";
import type { Actor } from "../account.ts";
import { stampNow } from "../account.ts";
import { dropOrganization } from "../cascades.ts";
import { findOrganization } from "../lookups.ts";
import { answerPage } from "../paging.ts";
import { conflict, forbidden } from "../problems.ts";
import { readFilter } from "../query-parameters.ts";
import type { Call, Reply, Route } from "../routing.ts";
import { readPathParameter } from "../routing.ts";
import type { OrganizationRow } from "../rows.ts";

/** The operations on organizations themselves (documented: /v2/organizations). */
export const organizationRoutes: readonly Route[] = [
  { operation: "list_organizations", method: "GET", path: "/v2/organizations", run: listOrganizations },
  {
    operation: "create_organization",
    method: "POST",
    path: "/v2/organizations",
    body: "CreateOrganizationRequest",
    run: (call) => ({
      status: 201,
      body: showOrganization(createOrganization(call.actor, call.body as OrganizationBody)),
    }),
  },
  { operation: "get_organization", method: "GET", path: "/v2/organizations/:org_id", run: getOrganization },
  {
    operation: "update_organization",
    method: "PATCH",
    path: "/v2/organizations/:org_id",
    body: "UpdateOrganizationRequest",
    run: updateOrganization,
  },
  { operation: "delete_organization", method: "DELETE", path: "/v2/organizations/:org_id", run: deleteOrganization },
];

interface OrganizationBody {
  readonly name: string;
  readonly description?: string;
}

/** Creates an organization for an account admin; names are unique in the account (documented: 409). */
export function createOrganization(actor: Actor, wanted: OrganizationBody): OrganizationRow {
  const { account } = actor;
  if (!holdsAnywhere(actor, "ORGANIZATION_CREATE")) throw forbidden();
  requireFreeName(actor, wanted.name, undefined);
  const organization = account.store.put("organizations", {
    ...account.store.next("Organization"),
    name: wanted.name,
    description: wanted.description ?? "",
    created_at: stampNow(account),
  });
  if (account.switches().creatorBecomesMember) {
    account.store.put("org_members", {
      ...account.store.next("AccountOrganizationMember"),
      organization_id: organization.id,
      user_id: actor.user.id,
      role: "ADMIN",
    });
  }
  return organization;
}

function listOrganizations(call: Call): Reply {
  const name = readFilter(call.query, "name");
  return answerPage(call, {
    collection: "organizations",
    rows: call.actor.account.store.tables.organizations.all(),
    keep: (row) => (name === undefined || row.name.toLowerCase().includes(name)) && seesOrganization(call.actor, row),
    show: showOrganization,
    order: "open",
  });
}

function getOrganization(call: Call): Reply {
  return { status: 200, body: showOrganization(findOrganization(call.actor, readPathParameter(call, "org_id"))) };
}

function updateOrganization(call: Call): Reply {
  const { actor } = call;
  const body = call.body as { readonly name?: string; readonly description?: string | null };
  const organization = findOrganization(actor, readPathParameter(call, "org_id"));
  if (!isOrgAdmin(actor, organization.id) && !holdsAnywhere(actor, "ORGANIZATION_UPDATE")) throw forbidden();
  if (body.name !== undefined) requireFreeName(actor, body.name, organization.id);
  const updated = actor.account.store.put("organizations", {
    ...organization,
    name: body.name ?? organization.name,
    description: body.description === undefined ? organization.description : (body.description ?? ""),
  });
  return { status: 200, body: showOrganization(updated) };
}

function deleteOrganization(call: Call): Reply {
  const organization = findOrganization(call.actor, readPathParameter(call, "org_id"));
  if (!holdsAnywhere(call.actor, "ORGANIZATION_DELETE")) throw forbidden();
  dropOrganization(call.actor.account, organization);
  return { status: 204 };
}

function requireFreeName(actor: Actor, name: string, exceptId: string | undefined): void {
  const { store, switches } = actor.account;
  const taken = store.tables.organizations
    .find("name", name.toLowerCase())
    .some((row) => row.id !== exceptId && (row.name === name || switches().namesIgnoreCase));
  if (taken) throw conflict("An organization with this name exists already.");
}

function showOrganization(row: OrganizationRow): unknown {
  return { id: row.id, name: row.name, description: row.description, created_at: row.created_at };
}
