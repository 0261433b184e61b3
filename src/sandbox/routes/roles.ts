import { holdsAnywhere } from "../access.ts";
import type { Account, Actor } from "../account.ts";
import { stampNow } from "../account.ts";
import { mixNumber, seedNumber } from "../ids.ts";
import { findRole } from "../lookups.ts";
import { answerPage } from "../paging.ts";
import { conflict, forbidden } from "../problems.ts";
import { readChoice } from "../query-parameters.ts";
import type { Call, Reply, Route } from "../routing.ts";
import { readPathParameter } from "../routing.ts";
import type { RoleRow } from "../rows.ts";

/** The operations on roles (documented: /v2/roles). */
export const roleRoutes: readonly Route[] = [
  { operation: "list_roles", method: "GET", path: "/v2/roles", run: listRoles },
  { operation: "create_role", method: "POST", path: "/v2/roles", body: "CreateRoleRequest", run: createRole },
  { operation: "get_role", method: "GET", path: "/v2/roles/:role_id", run: getRole },
  { operation: "update_role", method: "PATCH", path: "/v2/roles/:role_id", body: "UpdateRoleRequest", run: updateRole },
  { operation: "delete_role", method: "DELETE", path: "/v2/roles/:role_id", run: deleteRole },
];

function listRoles(call: Call): Reply {
  const { account } = call.actor;
  const predefined = readChoice(call.query, "is_predefined", ["true", "false"]);
  return answerPage(call, {
    collection: "roles",
    rows: account.store.tables.roles.all(),
    keep: (row) => !row.deleted && (predefined === undefined || (predefined === "true") === (row.level !== "custom")),
    show: (row) => showRole(account, row),
    order: "open",
  });
}

function createRole(call: Call): Reply {
  const { actor } = call;
  const { account } = actor;
  const body = call.body as {
    readonly name: string;
    readonly description?: string;
    readonly permissions: readonly string[];
  };
  if (!holdsAnywhere(actor, "ROLE_CREATE")) throw forbidden();
  requireFreeName(actor, body.name, undefined);
  const stamp = stampNow(account);
  const role = account.store.put("roles", {
    ...account.store.next("Role"),
    name: body.name,
    description: body.description ?? "",
    permissions: [...new Set(body.permissions)],
    level: "custom",
    created_at: stamp,
    updated_at: stamp,
    deleted: false,
  });
  return { status: 201, body: showRole(account, role) };
}

function getRole(call: Call): Reply {
  const { account } = call.actor;
  return { status: 200, body: showRole(account, findRole(account, readPathParameter(call, "role_id"))) };
}

function updateRole(call: Call): Reply {
  const { actor } = call;
  const { account } = actor;
  const body = call.body as {
    readonly name?: string;
    readonly description?: string | null;
    readonly permissions?: readonly string[];
  };
  const role = findRole(account, readPathParameter(call, "role_id"));
  if (role.level !== "custom" || !holdsAnywhere(actor, "ROLE_UPDATE")) throw forbidden();
  if (body.name !== undefined) requireFreeName(actor, body.name, role.id);
  const updated = account.store.put("roles", {
    ...role,
    name: body.name ?? role.name,
    description: body.description === undefined ? role.description : (body.description ?? ""),
    permissions: [...new Set(body.permissions ?? role.permissions)],
    updated_at: stampNow(account),
  });
  return { status: 200, body: showRole(account, updated) };
}

function deleteRole(call: Call): Reply {
  const { account } = call.actor;
  const { store, switches } = account;
  const role = findRole(account, readPathParameter(call, "role_id"));
  if (role.level !== "custom" || !holdsAnywhere(call.actor, "ROLE_DELETE")) throw forbidden();
  const bindings = store.tables.role_bindings.find("role", role.id);
  if (switches().roleDeletion === "refuses" && bindings.length > 0) throw conflict("The role is in use.");
  if (switches().roleDeletion === "drops") for (const binding of bindings) store.drop("role_bindings", binding.id);
  store.put("roles", { ...role, deleted: true, updated_at: stampNow(account) });
  return { status: 204 };
}

function requireFreeName(actor: Actor, name: string, exceptId: string | undefined): void {
  const { store, switches } = actor.account;
  const { deletedRoleNameReusable, namesIgnoreCase } = switches();
  const taken = store.tables.roles
    .find("name", name.toLowerCase())
    .some(
      (row) =>
        row.id !== exceptId && (row.name === name || namesIgnoreCase) && !(row.deleted && deletedRoleNameReusable),
    );
  if (taken) throw conflict("A role with this name exists already.");
}

function showRole(account: Account, row: RoleRow): unknown {
  return {
    id: row.id,
    name: row.name,
    // Absent when empty (documented), unlike the descriptions of organizations and spaces.
    ...(row.description === "" ? {} : { description: row.description }),
    permissions: orderPermissions(account, row),
    is_predefined: row.level !== "custom",
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}

function orderPermissions(account: Account, row: RoleRow): readonly string[] {
  if (!account.switches().shuffle) return row.permissions;
  const keyed = row.permissions.map((name) => [mixNumber(row.n, seedNumber(name)), name] as const);
  return keyed.sort(([a], [b]) => a - b).map(([, name]) => name);
}
