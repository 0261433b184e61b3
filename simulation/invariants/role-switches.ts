import { pairKey } from "../../src/sandbox/store.ts";
import type { Moment } from "./invariant.ts";
import { findIntents } from "./which-intent.ts";

/** Who is between the two halves of a switch of roles. */
export interface RoleSwitches {
  /** Looks at a write right after it took effect, and gives everybody whose old role is gone and whose new one is not there yet, as `user:3 1/2`. */
  readonly follow: (moment: Moment, method: string, target: string) => ReadonlySet<string>;
}

/** A switch from a predefined to a custom role in a space is a removal and a grant: there is no call for both. */
export function watchSwitches(): RoleSwitches {
  const open = new Map<string, { readonly space: string; readonly user: string }>();
  return {
    follow: (moment, method, target) => {
      const { tables } = moment.store;
      const updates = method === "DELETE" ? findIntents(moment.open, target).filter(({ op }) => op === "update") : [];
      for (const { remote = {} } of updates) {
        const { space = "", user = "" } = remote;
        const row = tables.spaces.get(space);
        const organization = tables.organizations.get(row?.organization_id ?? "");
        open.set(`user:${tables.users.get(user)?.n} ${organization?.n}/${row?.n}`, { space, user });
      }
      for (const [name, { space, user }] of open) {
        const pair = pairKey(space, user);
        const isBack = [tables.space_members, tables.role_bindings].some(
          (table) => table.one("pair", pair) !== undefined,
        );
        if (isBack) open.delete(name);
      }
      return new Set(open.keys());
    },
  };
}
