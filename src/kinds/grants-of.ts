import type { Address } from "../model/address.ts";
import type { World } from "../model/resource.ts";
import { groupWorld } from "./group-world.ts";

/** The roles of whoever an address ends with, everywhere: a person's own address will do, or that of a grant. */
export function grantsOf(person: Address, live: World): readonly Address[] {
  return groupWorld(live).grants.get(person.slice(Math.max(person.indexOf(":"), person.lastIndexOf("/")) + 1)) ?? [];
}
