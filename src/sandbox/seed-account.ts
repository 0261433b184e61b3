import type { Account } from "./account.ts";
import { stampNow } from "./account.ts";
import { putApiKey } from "./key-records.ts";
import { PREDEFINED_ROLES } from "./permissions.ts";
import { SETTINGS_ID } from "./store.ts";

/** The e-mail address of the first account admin. */
const ADMIN_EMAIL = "admin@sandbox.example";

/** Fills an empty store with what every account has: the predefined roles and a first admin with a key. */
export function seedAccount(account: Account, seed: string): void {
  const { store } = account;
  store.transact(() => {
    const stamp = stampNow(account);
    const settings = store.put("settings", {
      id: SETTINGS_ID,
      n: 1,
      account_name: account.switches().accountName,
      created_at: stamp,
      seed,
      admin_key: "",
    });
    for (const role of PREDEFINED_ROLES) {
      const stamps = { created_at: stamp, updated_at: stamp };
      store.put("roles", { ...store.next("Role"), ...role, ...stamps, description: "", deleted: false });
    }
    const admin = store.put("users", {
      ...store.next("User"),
      name: "Sandbox Admin",
      email: ADMIN_EMAIL,
      created_at: stamp,
      status: "ACTIVE",
      role: "ADMIN",
      is_developer: true,
      kind: "human",
      sso: false,
    });
    const { secret } = putApiKey(account, {
      name: "sandbox admin",
      description: undefined,
      key_type: "USER",
      expires_at: undefined,
      created_by_user_id: admin.id,
      acts_as_user_id: admin.id,
      space_ids: [],
    });
    store.put("settings", { ...settings, admin_key: secret });
  });
}
