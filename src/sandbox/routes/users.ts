import { holdsAnywhere, isAccountAdmin } from "../access.ts";
import type { Account, Actor } from "../account.ts";
import { stampNow } from "../account.ts";
import { deactivateUser } from "../cascades.ts";
import { makeSecret } from "../ids.ts";
import { findUser } from "../lookups.ts";
import { answerPage } from "../paging.ts";
import { conflict, forbidden, invalid, notFound, Refusal, unprocessable } from "../problems.ts";
import { canonicalId, readChoices, readFilter } from "../query-parameters.ts";
import type { Call, Reply, Route } from "../routing.ts";
import { readPathParameter } from "../routing.ts";
import type { AccountRole, UserRow } from "../rows.ts";

/** The operations on users (documented: /v2/users). */
export const userRoutes: readonly Route[] = [
  { operation: "list_users", method: "GET", path: "/v2/users", run: listUsers },
  { operation: "create_user", method: "POST", path: "/v2/users", body: "CreateUserRequest", run: createUser },
  { operation: "get_user", method: "GET", path: "/v2/users/:user_id", run: getUser },
  { operation: "update_user", method: "PATCH", path: "/v2/users/:user_id", body: "UpdateUserRequest", run: updateUser },
  { operation: "delete_user", method: "DELETE", path: "/v2/users/:user_id", run: deleteUser },
  {
    operation: "resend_user_invitation",
    method: "POST",
    path: "/v2/users/:user_id/resend-invitation",
    run: resendInvitation,
  },
  { operation: "reset_user_password", method: "POST", path: "/v2/users/:user_id/reset-password", run: resetPassword },
];

const LISTED = ["ACTIVE", "INVITED", "EXPIRED"] as const;

interface CreateUserBody {
  readonly name: string;
  readonly email: string;
  readonly role: { readonly type: "PREDEFINED"; readonly name: AccountRole } | { readonly type: "CUSTOM" };
  readonly invite_mode: "NONE" | "EMAIL_LINK" | "TEMPORARY_PASSWORD";
  readonly is_developer?: boolean;
}

function listUsers(call: Call): Reply {
  const { actor } = call;
  if (!readsUsers(actor)) throw forbidden();
  const email = readFilter(call.query, "email");
  const chosen = readChoices(call.query, "status", LISTED);
  const statuses: ReadonlySet<string> = new Set(chosen.length === 0 ? LISTED : chosen);
  const showsBots = actor.account.switches().botsInUserList;
  return answerPage(call, {
    collection: "users",
    rows: actor.account.store.tables.users.all(),
    keep: (user) =>
      statuses.has(user.status) &&
      (email === undefined || user.email.toLowerCase().includes(email)) &&
      (showsBots || user.kind === "human"),
    show: showUser,
    order: "fixed",
  });
}

function createUser(call: Call): Reply {
  const { actor } = call;
  const body = call.body as CreateUserBody;
  if (!holdsAnywhere(actor, "USER_CREATE")) throw forbidden();
  if (body.role.type === "CUSTOM") throw unprocessable("Custom account roles are not supported.");
  if (body.role.name === "ADMIN" && !isAccountAdmin(actor)) {
    throw unprocessable("The account role must not be above your own.");
  }
  if (body.name.trim() === "") throw invalid('"name" must not be blank.');
  const existing = actor.account.store.tables.users.one("email", body.email.toLowerCase());
  const meetsOpenInvitation = existing?.status === "INVITED";
  if (meetsOpenInvitation && answersExisting(actor.account, body)) return { status: 200, body: showUser(existing) };
  if (existing !== undefined && existing.status !== "EXPIRED") throw describeTaken(existing);
  const user = putInvited(actor.account, { body, role: body.role.name, expired: existing });
  return { status: 201, body: showCreated(actor.account, user, body) };
}

function answersExisting(account: Account, body: CreateUserBody): boolean {
  return body.invite_mode !== "NONE" || account.switches().noneWhileInvited === "existing";
}

function describeTaken(existing: UserRow): Refusal {
  return existing.status === "INACTIVE"
    ? conflict("A deactivated user holds this e-mail address; it cannot be invited again.")
    : conflict("A user with this e-mail address exists already.");
}

function putInvited(
  account: Account,
  wanted: { readonly body: CreateUserBody; readonly role: AccountRole; readonly expired: UserRow | undefined },
): UserRow {
  const { body, role } = wanted;
  return account.store.put("users", {
    ...(wanted.expired ?? { ...account.store.next("User"), email: body.email, created_at: stampNow(account) }),
    name: body.name,
    status: body.invite_mode === "NONE" ? "ACTIVE" : "INVITED",
    role,
    is_developer: body.is_developer ?? role !== "ANNOTATOR",
    kind: "human",
    sso: false,
  });
}

function showCreated(account: Account, user: UserRow, body: CreateUserBody): unknown {
  const created = { ...showUser(user), invite_mode: body.invite_mode };
  if (body.invite_mode !== "TEMPORARY_PASSWORD") return created;
  return { ...created, temporary_password: makeSecret(account.store.settings().seed, user.id).slice(0, 16) };
}

function getUser(call: Call): Reply {
  const user = findUser(call.actor.account, readPathParameter(call, "user_id"));
  if (user.id !== call.actor.user.id && !readsUsers(call.actor)) throw notFound("User");
  return { status: 200, body: showUser(user) };
}

function updateUser(call: Call): Reply {
  const { actor } = call;
  const body = call.body as { readonly name?: string; readonly is_developer?: boolean };
  const user = findReadable(call);
  if (body.is_developer !== undefined && !isAccountAdmin(actor)) throw forbidden();
  if (body.name !== undefined && !holdsAnywhere(actor, "USER_UPDATE")) throw forbidden();
  const name = (body.name ?? user.name).trim();
  if (name === "" || name.length > 255) throw invalid('"name" must have 1 to 255 characters and not be blank.');
  const updated = { ...user, name, is_developer: body.is_developer ?? user.is_developer };
  return { status: 200, body: showUser(actor.account.store.put("users", updated)) };
}

function deleteUser(call: Call): Reply {
  const { actor } = call;
  const { store, switches } = actor.account;
  const user = store.tables.users.get(canonicalId(readPathParameter(call, "user_id"), "User"));
  if (user === undefined || (user.id !== actor.user.id && !readsUsers(actor))) throw notFound("User");
  if (!holdsAnywhere(actor, "USER_DELETE")) throw forbidden();
  if (user.id === actor.user.id) throw new Refusal(switches().selfDeletionStatus, "You cannot delete yourself.");
  // Repeating a deletion is answered like the first one (documented).
  if (user.status !== "INACTIVE") deactivateUser(actor.account, user);
  return { status: 204 };
}

function resendInvitation(call: Call): Reply {
  const { actor } = call;
  const user = findReadable(call);
  if (!holdsAnywhere(actor, "USER_CREATE")) throw forbidden();
  if (user.status === "ACTIVE") throw invalid("The user has been verified already.");
  if (actor.account.switches().samlEnforced) throw invalid("Invitations are not sent while SAML login is enforced.");
  actor.account.store.put("users", { ...user, status: "INVITED" });
  return { status: 204 };
}

function resetPassword(call: Call): Reply {
  const user = findReadable(call);
  if (!holdsAnywhere(call.actor, "USER_UPDATE")) throw forbidden();
  if (user.sso || user.kind === "bot") throw invalid("The user does not log in with a password.");
  if (user.status !== "ACTIVE") throw invalid("The user has not been verified yet.");
  return { status: 204 };
}

function findReadable(call: Call): UserRow {
  const user = findUser(call.actor.account, readPathParameter(call, "user_id"));
  if (!readsUsers(call.actor)) throw notFound("User");
  return user;
}

function readsUsers(actor: Actor): boolean {
  return actor.user.role !== "ANNOTATOR" || holdsAnywhere(actor, "USER_READ");
}

function showUser(user: UserRow) {
  return {
    id: user.id,
    name: user.name,
    email: user.email,
    created_at: user.created_at,
    status: user.status,
    role: { type: "PREDEFINED", name: user.role },
    is_developer: user.is_developer,
  };
}
