import { isOrgAdmin } from "../access.ts";
import { dropOrgMember } from "../cascades.ts";
import { findOrganization, findUser } from "../lookups.ts";
import type { WantedRole } from "../memberships.ts";
import { requireAnnotatorMatch } from "../memberships.ts";
import { forbidden, notFound, unprocessable } from "../problems.ts";
import type { Call, Reply, Route } from "../routing.ts";
import { readPathParameter } from "../routing.ts";
import { pairKey } from "../store.ts";

/** The two operations on organization members (documented: /v2/organizations/{org_id}/users); there is no list. */
export const organizationUserRoutes: readonly Route[] = [
  {
    operation: "add_organization_user",
    method: "POST",
    path: "/v2/organizations/:org_id/users",
    body: "AddOrganizationUserRequest",
    run: addOrganizationUser,
  },
  {
    operation: "remove_organization_user",
    method: "DELETE",
    path: "/v2/organizations/:org_id/users/:user_id",
    run: removeOrganizationUser,
  },
];

function addOrganizationUser(call: Call): Reply {
  const { actor } = call;
  const { store } = actor.account;
  const body = call.body as { readonly user_id: string; readonly role: WantedRole };
  const organization = findOrganization(actor, readPathParameter(call, "org_id"));
  if (!isOrgAdmin(actor, organization.id)) throw forbidden();
  const user = findUser(actor.account, body.user_id);
  if (body.role.type === "CUSTOM") throw unprocessable("Custom roles are not supported at organization level.");
  requireAnnotatorMatch(user, body.role.name);
  const before = store.tables.org_members.one("pair", pairKey(organization.id, user.id));
  const member = store.put("org_members", {
    ...(before ?? store.next("AccountOrganizationMember")),
    organization_id: organization.id,
    user_id: user.id,
    role: body.role.name,
  });
  const role = { type: "PREDEFINED", name: member.role };
  return { status: 200, body: { id: member.id, user_id: user.id, organization_id: organization.id, role } };
}

function removeOrganizationUser(call: Call): Reply {
  const { actor } = call;
  const organization = findOrganization(actor, readPathParameter(call, "org_id"));
  if (!isOrgAdmin(actor, organization.id)) throw forbidden();
  const user = findUser(actor.account, readPathParameter(call, "user_id"));
  const member = actor.account.store.tables.org_members.one("pair", pairKey(organization.id, user.id));
  if (member === undefined) throw notFound("Organization membership");
  dropOrgMember(actor.account, organization, user.id);
  return { status: 204 };
}
