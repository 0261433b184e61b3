import { type Address, formatAddress, pathOf } from "../model/address.ts";

/** The address of a project's restriction: the path of the project itself. */
export function restrictionAddress(project: Address): Address<"restriction"> {
  return formatAddress("restriction", pathOf(project));
}
