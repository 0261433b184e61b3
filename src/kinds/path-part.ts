import { type Address, pathOf } from "../model/address.ts";

/** One plain name of an address, counted from 0, or from -1 backwards; empty where the address is not that long. */
export function pathPart(address: Address, at: number): string {
  return pathOf(address).at(at) ?? "";
}
