import { holdsOnSpace, isAccountAdmin, isOrgAdmin, isSpaceAdmin, orgRoleOf } from "../access.ts";
import type { Account, Actor } from "../account.ts";
import { stampNow } from "../account.ts";
import { putApiKey, requireKeyCreation, requireLaterExpiry } from "../key-records.ts";
import { findOrganization, findSpace } from "../lookups.ts";
import type { WantedRole } from "../memberships.ts";
import { putCustom, putPredefined } from "../memberships.ts";
import { forbidden, notFound, unprocessable } from "../problems.ts";
import { canonicalId } from "../query-parameters.ts";
import type { Call, Reply } from "../routing.ts";
import type { AccountRole, ApiKeyRow, MemberRole, OrganizationRow, RoleRow, SpaceRow, UserRow } from "../rows.ts";
import { pairKey } from "../store.ts";

interface KeyBody {
  readonly key_type: "USER" | "SERVICE";
  readonly name: string;
  readonly description?: string;
  readonly expires_at?: string;
  readonly account_role?: WantedRole;
  readonly organizations?: readonly OrganizationWish[];
}

interface OrganizationWish {
  readonly org_id: string;
  readonly role?: WantedRole;
  readonly spaces: readonly { readonly space_id: string; readonly role?: WantedRole }[];
}

interface SpaceGrant {
  readonly space: SpaceRow;
  readonly role: MemberRole | RoleRow;
}

interface OrganizationGrant {
  readonly organization: OrganizationRow;
  readonly role: MemberRole;
  readonly spaces: readonly SpaceGrant[];
}

const RANK: Readonly<Record<MemberRole, number>> = { ANNOTATOR: 0, READ_ONLY: 1, MEMBER: 2, ADMIN: 3 };

/** Creates a key of the caller, or a service key with its own bot user (POST /v2/api-keys). */
export function createApiKey(call: Call): Reply {
  const { actor } = call;
  const body = call.body as KeyBody;
  requireKeyCreation(actor);
  requireLaterExpiry(actor.account, body.expires_at);
  const shared = {
    name: body.name,
    description: body.description,
    expires_at: body.expires_at,
    created_by_user_id: actor.user.id,
  };
  if (body.key_type === "USER") {
    const wish = { ...shared, key_type: "USER", acts_as_user_id: actor.user.id, space_ids: [] } as const;
    const { key, secret } = putApiKey(actor.account, wish);
    return { status: 201, body: { ...showKey(key), key: secret } };
  }
  const role = readAccountRole(actor, body.account_role);
  const grants = (body.organizations ?? []).map((wish) => readOrganization(actor, wish));
  requireOnce(grants.map((grant) => grant.organization.id));
  const bot = putBotUser(actor.account, { name: body.name, role, grants });
  const space_ids = grants.flatMap((grant) => grant.spaces.map((each) => each.space.id));
  const wish = { ...shared, key_type: "SERVICE", acts_as_user_id: bot.id, space_ids } as const;
  const { key, secret } = putApiKey(actor.account, wish);
  return { status: 201, body: { ...showKey(key), key: secret, bot_user: showBotUser(actor.account, bot) } };
}

/** Writes a key as the contract shows it, without its secret. */
export function showKey(row: ApiKeyRow): Readonly<Record<string, unknown>> {
  return {
    id: row.id,
    name: row.name,
    ...(row.description === undefined ? {} : { description: row.description }),
    key_type: row.key_type,
    status: row.status,
    redacted_key: row.redacted_key,
    created_at: row.created_at,
    ...(row.expires_at === undefined ? {} : { expires_at: row.expires_at }),
    created_by_user_id: row.created_by_user_id,
    ...(row.last_used_at === undefined ? {} : { last_used_at: row.last_used_at }),
  };
}

/** Writes a bot user with all its present roles, as the answer to creating a service key shows it. */
export function showBotUser(account: Account, bot: UserRow): unknown {
  const { tables } = account.store;
  const organizations = tables.org_members.find("user", bot.id).map((member) => ({
    org_id: member.organization_id,
    role: { type: "PREDEFINED", name: member.role },
    spaces: tables.spaces
      .find("organization", member.organization_id)
      .flatMap((space) => showBotSpace(account, space, bot)),
  }));
  return { id: bot.id, name: bot.name, account_role: { type: "PREDEFINED", name: bot.role }, organizations };
}

function showBotSpace(account: Account, space: SpaceRow, bot: UserRow): readonly unknown[] {
  const { tables } = account.store;
  const key = pairKey(space.id, bot.id);
  const member = tables.space_members.one("pair", key);
  const binding = tables.role_bindings.one("pair", key);
  const role = binding === undefined ? undefined : tables.roles.get(binding.role_id);
  return [
    ...(member === undefined ? [] : [{ space_id: space.id, role: { type: "PREDEFINED", name: member.role } }]),
    ...(role === undefined ? [] : [{ space_id: space.id, role: { type: "CUSTOM", id: role.id, name: role.name } }]),
  ];
}

function readAccountRole(actor: Actor, wanted: WantedRole | undefined): AccountRole {
  if (wanted?.type === "CUSTOM") throw unprocessable("Custom account roles are not supported.");
  const name = wanted?.name ?? "MEMBER";
  if (name === "ADMIN" && !isAccountAdmin(actor)) throw aboveOwn();
  if (name === "ADMIN" || name === "MEMBER") return name;
  throw unprocessable("A service key cannot be ANNOTATOR.");
}

function readOrganization(actor: Actor, wish: OrganizationWish): OrganizationGrant {
  const organization = findOrganization(actor, wish.org_id);
  if (wish.role?.type === "CUSTOM") throw unprocessable("Custom organization roles are not supported.");
  const role = wish.role?.name ?? "READ_ONLY";
  if (role === "ANNOTATOR") throw unprocessable("A service key cannot be ANNOTATOR.");
  const own = isOrgAdmin(actor, organization.id) ? "ADMIN" : orgRoleOf(actor, organization.id);
  if (own === undefined || RANK[role] > RANK[own]) throw aboveOwn();
  const spaces = wish.spaces.map((each) => readSpace(actor, organization, each));
  requireOnce(spaces.map((grant) => grant.space.id));
  return { organization, role, spaces };
}

function readSpace(actor: Actor, organization: OrganizationRow, wish: OrganizationWish["spaces"][number]): SpaceGrant {
  const space = findSpace(actor, wish.space_id);
  if (space.organization_id !== organization.id) {
    throw unprocessable("A space must lie in the organization it is listed under.");
  }
  if (!holdsOnSpace(actor, space, "SERVICE_KEY_CREATE")) throw forbidden();
  const wanted = wish.role ?? ({ type: "PREDEFINED", name: "MEMBER" } as const);
  return {
    space,
    role: wanted.type === "CUSTOM" ? readCustom(actor, space, wanted.id) : readPredefined(actor, space, wanted.name),
  };
}

function readCustom(actor: Actor, space: SpaceRow, id: string): RoleRow {
  const role = actor.account.store.tables.roles.get(canonicalId(id, "Role"));
  if (role === undefined || role.deleted) throw notFound("Role");
  if (role.level !== "custom") throw unprocessable("Only custom roles can be given by ID.");
  if (!holdsOnSpace(actor, space, "ROLE_BINDING_CREATE")) throw aboveOwn();
  return role;
}

function readPredefined(actor: Actor, space: SpaceRow, role: MemberRole): MemberRole {
  if (role === "ANNOTATOR") throw unprocessable("A service key cannot be ANNOTATOR.");
  const { tables } = actor.account.store;
  const row = tables.space_members.one("pair", pairKey(space.id, actor.user.id))?.role;
  const own = isSpaceAdmin(actor, space) ? "ADMIN" : (row ?? orgRoleOf(actor, space.organization_id) ?? "ANNOTATOR");
  if (RANK[role] > RANK[own]) throw aboveOwn();
  return role;
}

function putBotUser(
  account: Account,
  wish: { readonly name: string; readonly role: AccountRole; readonly grants: readonly OrganizationGrant[] },
): UserRow {
  const { store } = account;
  const numbered = store.next("User");
  const bot = store.put("users", {
    ...numbered,
    name: wish.name,
    email: `bot-${numbered.n}@bots.sandbox.example`,
    created_at: stampNow(account),
    status: "ACTIVE",
    role: wish.role,
    is_developer: true,
    kind: "bot",
    sso: false,
  });
  for (const { organization, role, spaces } of wish.grants) {
    const numberedMember = store.next("AccountOrganizationMember");
    store.put("org_members", { ...numberedMember, organization_id: organization.id, user_id: bot.id, role });
    for (const grant of spaces) putSpaceGrant(account, bot, grant);
  }
  return bot;
}

function putSpaceGrant(account: Account, user: UserRow, grant: SpaceGrant): void {
  const { space, role } = grant;
  if (typeof role === "string") putPredefined(account, { space, user, role });
  else putCustom(account, { space, user, role });
}

function requireOnce(ids: readonly string[]): void {
  if (new Set(ids).size !== ids.length) throw unprocessable("An organization or space is listed twice.");
}

function aboveOwn() {
  return unprocessable("A role must not be above your own.");
}
