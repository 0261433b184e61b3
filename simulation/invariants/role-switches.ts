import { pairKey, type Store } from "../../src/sandbox/store.ts";
import type { Moment } from "./invariant.ts";
import { findIntents } from "./which-intent.ts";

/** Who is between the two halves of a switch of roles. */
export interface RoleSwitches {
  /** Looks at a write right after it took effect, and gives everybody whose old role is gone and whose new one is not there yet, as `user:3 1/2`. */
  readonly follow: (moment: Moment, method: string, target: string) => ReadonlySet<string>;
}

/**
 * A switch from a predefined to a custom role in a space is a removal and a grant: there is no call for both. Where the platform
 * drops the roles on projects with a membership of their space, which no plan can know, those are missed until the next round.
 */
export function watchSwitches(dropsBindings: boolean): RoleSwitches {
  const dropped = new Set<string>();
  const open = new Map<string, { readonly space: string; readonly user: string }>();
  return {
    follow: (moment, method, target) => {
      const { tables } = moment.store;
      const updates = method === "DELETE" ? findIntents(moment.open, target).filter(({ op }) => op === "update") : [];
      for (const { remote = {} } of updates) {
        const { space = "", user = "" } = remote;
        open.set(nameCell(tables, space, user), { space, user });
      }
      const [, space, user] = (dropsBindings && method === "DELETE" && MEMBERSHIP.exec(target)) || [];
      if (space !== undefined && user !== undefined)
        dropped.add(nameCell(tables, decodeURIComponent(space), decodeURIComponent(user)));
      for (const [name, { space, user }] of open) {
        const pair = pairKey(space, user);
        const isBack = [tables.space_members, tables.role_bindings].some(
          (table) => table.one("pair", pair) !== undefined,
        );
        if (isBack) open.delete(name);
      }
      return new Set([...open.keys(), ...dropped]);
    },
  };
}

const MEMBERSHIP = /^\/v2\/spaces\/([^/]+)\/users\/([^/]+)$/u;

function nameCell(tables: Store["tables"], space: string, user: string): string {
  const row = tables.spaces.get(space);
  const organization = tables.organizations.get(row?.organization_id ?? "");
  return `user:${tables.users.get(user)?.n} ${organization?.n}/${row?.n}`;
}
