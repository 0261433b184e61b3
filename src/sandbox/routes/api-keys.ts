import { holdsOnSpace, isAccountAdmin, isSpaceAdmin } from "../access.ts";
import type { Account, Actor } from "../account.ts";
import { deactivateUser, revokeKey } from "../cascades.ts";
import { putApiKey, requireKeyCreation, requireLaterExpiry } from "../key-records.ts";
import { findSpace, findUser } from "../lookups.ts";
import { answerPage } from "../paging.ts";
import { forbidden, invalid, notFound, unprocessable } from "../problems.ts";
import { canonicalId, readChoice, readIdParameter } from "../query-parameters.ts";
import type { Call, Reply, Route } from "../routing.ts";
import { readPathParameter } from "../routing.ts";
import type { ApiKeyRow } from "../rows.ts";
import { createApiKey, showBotUser, showKey } from "./create-api-key.ts";

/** The operations on API keys (documented: /v2/api-keys). */
export const apiKeyRoutes: readonly Route[] = [
  { operation: "list_api_keys", method: "GET", path: "/v2/api-keys", run: listKeys },
  { operation: "create_api_key", method: "POST", path: "/v2/api-keys", body: "CreateApiKeyRequest", run: createApiKey },
  {
    operation: "refresh_api_key",
    method: "POST",
    path: "/v2/api-keys/:api_key_id/refresh",
    body: "RefreshApiKeyRequest",
    bodyMayBeAbsent: true,
    run: refreshKey,
  },
  { operation: "revoke_api_key", method: "PUT", path: "/v2/api-keys/:api_key_id/revoke", run: runRevoke },
];

function listKeys(call: Call): Reply {
  const type = readChoice(call.query, "key_type", ["USER", "SERVICE"]);
  const status = readChoice(call.query, "status", ["ACTIVE", "REVOKED"]) ?? "ACTIVE";
  const spaceId = readIdParameter(call.query, "space_id", "Space");
  const rows = spaceId === undefined ? listOwnKeys(call, type) : listSpaceKeys(call, spaceId, type);
  const { account } = call.actor;
  const showsBot = account.switches().botUserOnListedKeys;
  return answerPage(call, {
    collection: "api_keys",
    rows,
    keep: (row) => row.status === status,
    show: (row) => (showsBot && row.key_type === "SERVICE" ? withBotUser(account, row) : showKey(row)),
    order: "open",
  });
}

function listOwnKeys(call: Call, type: "USER" | "SERVICE" | undefined): readonly ApiKeyRow[] {
  const { actor } = call;
  const userId = readIdParameter(call.query, "user_id", "User");
  if (userId !== undefined && !isAccountAdmin(actor)) throw forbidden();
  if (userId !== undefined) findUser(actor.account, userId);
  // There is no account-wide list of service keys (documented by absence).
  if (type === "SERVICE") return [];
  return actor.account.store.tables.api_keys
    .find("actor", userId ?? actor.user.id)
    .filter((row) => row.key_type === "USER");
}

function listSpaceKeys(call: Call, spaceId: string, type: "USER" | "SERVICE" | undefined): readonly ApiKeyRow[] {
  const { actor } = call;
  if (type === "USER") throw invalid('"space_id" can only be used with service keys.');
  const space = findSpace(actor, spaceId);
  if (!holdsOnSpace(actor, space, "SERVICE_KEY_READ")) throw forbidden();
  const creator = readIdParameter(call.query, "user_id", "User");
  return actor.account.store.tables.api_keys
    .find("space", space.id)
    .filter((row) => creator === undefined || row.created_by_user_id === creator);
}

function withBotUser(account: Account, row: ApiKeyRow): unknown {
  const bot = account.store.tables.users.get(row.acts_as_user_id);
  return bot === undefined ? showKey(row) : { ...showKey(row), bot_user: showBotUser(account, bot) };
}

function refreshKey(call: Call): Reply {
  const { actor } = call;
  const { account } = actor;
  const body = call.body as { readonly expires_at?: string; readonly grace_period_seconds?: number };
  const old = findKey(call);
  requireKeyCreation(actor);
  if (!mayRefresh(actor, old)) throw forbidden();
  if (old.status === "REVOKED") throw unprocessable("A revoked key cannot be refreshed.");
  requireLaterExpiry(account, body.expires_at);
  if (old.expires_at !== undefined) requireNoExtension(old.expires_at, body.expires_at);
  const grace = body.grace_period_seconds ?? 0;
  if (account.switches().refreshKeepsId) return replaceSecret(account, old, body.expires_at);
  if (grace === 0) revokeKey(account, old);
  else account.store.put("api_keys", { ...old, expires_at: addSeconds(account, grace) });
  const { key, secret } = putApiKey(account, {
    ...old,
    created_by_user_id: old.created_by_user_id,
    expires_at: body.expires_at,
  });
  return { status: 200, body: { ...showKey(key), key: secret } };
}

function replaceSecret(account: Account, old: ApiKeyRow, expires: string | undefined): Reply {
  const { key, secret } = putApiKey(account, { ...old, expires_at: expires });
  account.store.drop("api_keys", key.id);
  const kept = account.store.put("api_keys", { ...key, id: old.id, n: old.n, created_at: old.created_at });
  return { status: 200, body: { ...showKey(kept), key: secret } };
}

function requireNoExtension(old: string, wanted: string | undefined): void {
  if (wanted === undefined) throw unprocessable('"expires_at" is required because the key expires.');
  if (Date.parse(wanted) > Date.parse(old)) throw unprocessable('"expires_at" must not be later than before.');
}

function addSeconds(account: Account, seconds: number): string {
  return new Date(account.now().getTime() + seconds * 1000).toISOString().replace(/\.\d+Z$/, "Z");
}

function runRevoke(call: Call): Reply {
  const { actor } = call;
  const { store, switches } = actor.account;
  const key = findKey(call);
  if (!mayRevoke(actor, key)) throw forbidden();
  revokeKey(actor.account, key);
  if (key.key_type === "SERVICE" && switches().revokeRemovesBotUser) {
    const bot = store.tables.users.get(key.acts_as_user_id);
    const lives = store.tables.api_keys.find("actor", key.acts_as_user_id).some((row) => row.status === "ACTIVE");
    if (bot !== undefined && !lives) deactivateUser(actor.account, bot);
  }
  return { status: 204 };
}

function findKey(call: Call): ApiKeyRow {
  const { actor } = call;
  const id = canonicalId(readPathParameter(call, "api_key_id"), "ApiKey");
  const key = actor.account.store.tables.api_keys.get(id);
  if (key === undefined || !readsKey(actor, key)) throw notFound("API key");
  return key;
}

function readsKey(actor: Actor, key: ApiKeyRow): boolean {
  if (isAccountAdmin(actor) || key.created_by_user_id === actor.user.id) return true;
  return (
    key.key_type === "SERVICE" && spacesOf(actor, key).some((each) => holdsOnSpace(actor, each, "SERVICE_KEY_READ"))
  );
}

function mayRefresh(actor: Actor, key: ApiKeyRow): boolean {
  const isCreator = key.created_by_user_id === actor.user.id;
  if (isAccountAdmin(actor)) return true;
  if (key.key_type === "USER") return isCreator;
  const spaces = spacesOf(actor, key);
  return (
    holdsOnAll(actor, key, "admin") ||
    (isCreator && spaces.every((each) => holdsOnSpace(actor, each, "SERVICE_KEY_CREATE")))
  );
}

function mayRevoke(actor: Actor, key: ApiKeyRow): boolean {
  const isCreator = key.created_by_user_id === actor.user.id;
  if (isAccountAdmin(actor)) return true;
  if (key.key_type === "USER") return isCreator;
  return holdsOnAll(actor, key, "admin") || (isCreator && holdsOnAll(actor, key, "SERVICE_KEY_REVOKE"));
}

function holdsOnAll(actor: Actor, key: ApiKeyRow, right: string): boolean {
  const spaces = spacesOf(actor, key);
  const holds = (space: (typeof spaces)[number]): boolean =>
    right === "admin" ? isSpaceAdmin(actor, space) : holdsOnSpace(actor, space, right);
  return spaces.length > 0 && spaces.every(holds);
}

function spacesOf(actor: Actor, key: ApiKeyRow) {
  return key.space_ids.flatMap((id) => actor.account.store.tables.spaces.get(id) ?? []);
}
