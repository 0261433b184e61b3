import type { UserRow } from "./rows.ts";
import type { Store } from "./store.ts";
import type { SandboxSwitches } from "./switches.ts";

/** The simulated account as all rules see it: its rows, the switches in force and the clock. */
export interface Account {
  readonly store: Store;
  readonly switches: () => SandboxSwitches;
  readonly now: () => Date;
}

/** Somebody who acts on the account: the user, human or bot, whose key was presented. */
export interface Actor {
  readonly account: Account;
  readonly user: UserRow;
}

/** Gives the present moment as the platform writes it: RFC 3339 in UTC, to the second. */
export function stampNow(account: Account): string {
  return account
    .now()
    .toISOString()
    .replace(/\.\d+Z$/, "Z");
}
