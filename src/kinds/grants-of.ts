import type { Address } from "../model/address.ts";
import type { World } from "../model/resource.ts";
import { indexWorld } from "./world-index.ts";

/** The roles of whoever an address ends with, everywhere: a person's own address will do, or that of a grant. */
export function grantsOf(person: Address, live: World): readonly Address[] {
  return indexWorld(live).grants.get(person.slice(Math.max(person.indexOf(":"), person.lastIndexOf("/")) + 1)) ?? [];
}
