import type { Account, Actor } from "./account.ts";
import { stampNow } from "./account.ts";
import { digestSecret, makeSecret } from "./ids.ts";
import { forbidden, unprocessable } from "./problems.ts";
import type { ApiKeyRow } from "./rows.ts";

/** What a new key is made of. */
interface KeyWish {
  readonly name: string;
  readonly description: string | undefined;
  readonly key_type: "USER" | "SERVICE";
  readonly expires_at: string | undefined;
  readonly created_by_user_id: string;
  readonly acts_as_user_id: string;
  readonly space_ids: readonly string[];
}

/** Stores a new key and gives its secret, which nothing keeps. */
export function putApiKey(account: Account, wish: KeyWish): { readonly key: ApiKeyRow; readonly secret: string } {
  const { store } = account;
  const numbered = store.next("ApiKey");
  const secret = `ak-${makeSecret(store.settings().seed, numbered.id)}`;
  const key = store.put("api_keys", {
    ...numbered,
    name: wish.name,
    description: wish.description,
    key_type: wish.key_type,
    status: "ACTIVE",
    redacted_key: `${secret.slice(0, 5)}...${secret.slice(-4)}`,
    digest: digestSecret(secret),
    created_at: stampNow(account),
    expires_at: wish.expires_at,
    created_by_user_id: wish.created_by_user_id,
    acts_as_user_id: wish.acts_as_user_id,
    last_used_at: undefined,
    space_ids: wish.space_ids,
  });
  return { key, secret };
}

/** Refuses key creation and refresh without developer access or under the account-wide lock (documented). */
export function requireKeyCreation(actor: Actor): void {
  if (!actor.user.is_developer || actor.account.switches().developerAccessLock) throw forbidden();
}

/** Refuses an expiry that has passed already (assumed: 422). */
export function requireLaterExpiry(account: Account, expires: string | undefined): void {
  if (expires !== undefined && Date.parse(expires) <= account.now().getTime()) {
    throw unprocessable('"expires_at" must lie in the future.');
  }
}
