import { type Address, formatAddress, pathPart } from "../model/address.ts";
import type { Resource } from "../model/resource.ts";

/** Who a row of a member list is. */
export interface PersonOfRow {
  readonly address: Address;
  readonly email: string;
  /** False for bots and for whoever the account's list of people does not have: axcess never removes those. */
  readonly isOurs: boolean;
}

/** Finds out who a row of a member list is: by the id in the list of people, else by the e-mail it carries, else only by its id. */
export function identifyPerson(
  row: { readonly userId: string; readonly email?: string | undefined; readonly userType?: string | undefined },
  byId: (id: string) => Address | undefined,
): PersonOfRow {
  const listed = byId(row.userId);
  if (listed !== undefined) {
    return { address: listed, email: pathPart(listed, 0), isOurs: row.userType !== "bot" };
  }
  // A control character keeps an id from ever being taken for an e-mail.
  const email = row.email?.toLowerCase() ?? `\u0000${row.userId}`;
  return { address: formatAddress("user", [email]), email, isOurs: false };
}

/** What a membership knows of its holder beside the role: that it is the bot of a service key. */
export function botFacts(row: { readonly userType?: string | undefined } | undefined): Pick<Resource, "facts"> {
  return row?.userType === "bot" ? { facts: { bot: true } } : {};
}
