import { type Address, addressIn } from "../model/address.ts";

/** The address of a person's membership of a space. */
export function spaceMemberAddress(space: Address, email: string): Address<"space-member"> {
  return addressIn("space-member", space, email.toLowerCase());
}
