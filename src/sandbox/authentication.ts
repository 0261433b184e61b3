import type { Account } from "./account.ts";
import { digestSecret } from "./ids.ts";
import { forbidden, Refusal } from "./problems.ts";
import type { ApiKeyRow, UserRow } from "./rows.ts";

/** Who presented which key. */
export interface Caller {
  readonly user: UserRow;
  readonly key: ApiKeyRow;
}

/** Finds the caller of a REST request by its Bearer header; 401 for a missing, unknown, expired or revoked key. */
export function recogniseBearer(account: Account, header: string | undefined): Caller {
  const [, secret] = /^Bearer\s+(\S+)$/i.exec(header ?? "") ?? [];
  return recogniseSecret(account, secret);
}

/** Finds the caller that a secret belongs to. */
export function recogniseSecret(account: Account, secret: string | undefined): Caller {
  const { tables } = account.store;
  const key = secret === undefined ? undefined : tables.api_keys.one("digest", digestSecret(secret));
  const user = key === undefined ? undefined : tables.users.get(key.acts_as_user_id);
  if (key === undefined || user === undefined || !isUsable(account, key, user)) {
    throw new Refusal(401, "A valid API key is required.");
  }
  return { user, key };
}

/** Refuses callers without developer access, and user keys under the account-wide lock (documented that both block). */
export function requireDeveloperAccess(account: Account, caller: Caller): void {
  const { developerAccessEnforced, developerAccessLock } = account.switches();
  if (developerAccessEnforced && !caller.user.is_developer) throw forbidden();
  if (developerAccessLock && caller.key.key_type === "USER") throw forbidden();
}

function isUsable(account: Account, key: ApiKeyRow, user: UserRow): boolean {
  const isOver = key.expires_at !== undefined && Date.parse(key.expires_at) <= account.now().getTime();
  return key.status === "ACTIVE" && !isOver && user.status === "ACTIVE";
}
