import { type Address, formatAddress, pathOf } from "../model/address.ts";

/** The address of a person's membership of a space. */
export function spaceMemberAddress(space: Address, email: string): Address<"space-member"> {
  return formatAddress("space-member", [...pathOf(space), email.toLowerCase()]);
}
