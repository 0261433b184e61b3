import { holdsOnProject, holdsOnSpace, isAccountAdmin, seesProject, seesSpace } from "../access.ts";
import type { Actor } from "../account.ts";
import { stampNow } from "../account.ts";
import { findRole, findUser } from "../lookups.ts";
import { putBinding, requireAnnotatorMatch, requireBindable, requireOrgMembership } from "../memberships.ts";
import { answerPage } from "../paging.ts";
import { conflict, forbidden, invalid, notFound, Refusal } from "../problems.ts";
import { canonicalId, readChoice, readIdParameter } from "../query-parameters.ts";
import type { Call, Reply, Route } from "../routing.ts";
import { readPathParameter } from "../routing.ts";
import type { ProjectRow, ResourceType, RoleBindingRow, SpaceRow } from "../rows.ts";
import { pairKey } from "../store.ts";

/** The operations on role bindings (documented: /v2/role-bindings). */
export const roleBindingRoutes: readonly Route[] = [
  { operation: "list_role_bindings", method: "GET", path: "/v2/role-bindings", run: listBindings },
  {
    operation: "create_role_binding",
    method: "POST",
    path: "/v2/role-bindings",
    body: "CreateRoleBindingRequest",
    run: createBinding,
  },
  { operation: "get_role_binding", method: "GET", path: "/v2/role-bindings/:binding_id", run: getBinding },
  {
    operation: "update_role_binding",
    method: "PATCH",
    path: "/v2/role-bindings/:binding_id",
    body: "UpdateRoleBindingRequest",
    run: updateBinding,
  },
  { operation: "delete_role_binding", method: "DELETE", path: "/v2/role-bindings/:binding_id", run: deleteBinding },
];

type Resource =
  | { readonly type: "SPACE"; readonly space: SpaceRow }
  | { readonly type: "PROJECT"; readonly space: SpaceRow; readonly project: ProjectRow };

function listBindings(call: Call): Reply {
  const { actor } = call;
  const { tables } = actor.account.store;
  const type = readChoice(call.query, "resource_type", ["SPACE", "PROJECT"]);
  if (type === undefined) throw invalid('"resource_type" is required.');
  const userId = readIdParameter(call.query, "user_id", "User");
  if (userId !== undefined) findUser(actor.account, userId);
  return answerPage(call, {
    collection: "role_bindings",
    rows: userId === undefined ? tables.role_bindings.all() : tables.role_bindings.find("user", userId),
    keep: (row) => row.resource_type === type && readsBinding(actor, row),
    show: showBinding,
    order: "open",
    filtersAfterRead: !isAccountAdmin(actor) && actor.account.switches().bindingVisibility === "narrowed",
  });
}

function createBinding(call: Call): Reply {
  const { actor } = call;
  const { account } = actor;
  const body = call.body as {
    readonly role_id: string;
    readonly user_id: string;
    readonly resource_type: ResourceType;
    readonly resource_id: string;
  };
  const resourceId = canonicalId(body.resource_id, body.resource_type === "SPACE" ? "Space" : "Model");
  const role = findRole(account, body.role_id);
  const user = findUser(account, body.user_id);
  const resource = findResource(actor, resourceId);
  if (resource === undefined || !seesResource(actor, resource)) {
    throw new Refusal(account.switches().bindingResourceMissingStatus, "The resource does not exist in this account.");
  }
  if (!holdsOn(actor, resource, "ROLE_BINDING_CREATE")) throw forbidden();
  requireBindable(account, role, resource.type);
  if (account.switches().bindingWithoutOrgMembership === "refused") requireOrgMembership(account, resource.space, user);
  if (resource.type === "SPACE") requireAnnotatorMatch(user, undefined);
  if (account.store.tables.role_bindings.one("pair", pairKey(resourceId, user.id)) !== undefined) {
    throw conflict("The user already has a role binding on this resource.");
  }
  const binding = putBinding(account, { role, user, resource_type: resource.type, resource_id: resourceId });
  return { status: 201, body: showBinding(binding) };
}

function getBinding(call: Call): Reply {
  return { status: 200, body: showBinding(findBinding(call)) };
}

function updateBinding(call: Call): Reply {
  const { account } = call.actor;
  const body = call.body as { readonly role_id: string };
  const binding = findManaged(call, "ROLE_BINDING_CREATE");
  const role = findRole(account, body.role_id);
  requireBindable(account, role, binding.resource_type);
  const updated = account.store.put("role_bindings", {
    ...binding,
    role_id: role.id,
    updated_at: stampNow(account),
  });
  return { status: 200, body: showBinding(updated) };
}

function deleteBinding(call: Call): Reply {
  const binding = findManaged(call, "ROLE_BINDING_DELETE");
  call.actor.account.store.drop("role_bindings", binding.id);
  return { status: 204 };
}

function findManaged(call: Call, permission: string): RoleBindingRow {
  const binding = findBinding(call);
  const resource = findResource(call.actor, binding.resource_id);
  // A missing right on a binding reads as absence (documented).
  if (resource === undefined || !holdsOn(call.actor, resource, permission)) throw notFound("Role binding");
  return binding;
}

function findBinding(call: Call): RoleBindingRow {
  const id = canonicalId(readPathParameter(call, "binding_id"), "RoleBinding");
  const binding = call.actor.account.store.tables.role_bindings.get(id);
  if (binding === undefined || !readsBinding(call.actor, binding)) throw notFound("Role binding");
  return binding;
}

function readsBinding(actor: Actor, binding: RoleBindingRow): boolean {
  if (isAccountAdmin(actor) || actor.account.switches().bindingVisibility === "account") return true;
  const resource = findResource(actor, binding.resource_id);
  return resource !== undefined && holdsOnSpace(actor, resource.space, "ROLE_BINDING_READ");
}

function findResource(actor: Actor, id: string): Resource | undefined {
  const { tables } = actor.account.store;
  const project = tables.projects.get(id);
  const space = tables.spaces.get(project?.space_id ?? id);
  if (space === undefined) return undefined;
  return project === undefined ? { type: "SPACE", space } : { type: "PROJECT", space, project };
}

function seesResource(actor: Actor, resource: Resource): boolean {
  return resource.type === "SPACE" ? seesSpace(actor, resource.space) : seesProject(actor, resource.project);
}

function holdsOn(actor: Actor, resource: Resource, permission: string): boolean {
  if (resource.type === "SPACE") return holdsOnSpace(actor, resource.space, permission);
  return holdsOnProject(actor, resource.project, permission);
}

function showBinding(row: RoleBindingRow): unknown {
  return {
    id: row.id,
    role_id: row.role_id,
    user_id: row.user_id,
    resource_type: row.resource_type,
    resource_id: row.resource_id,
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}
