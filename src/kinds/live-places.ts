import type { Address } from "../model/address.ts";
import type { ReadContext } from "../model/kind.ts";
import { remoteOf } from "../model/resource.ts";

/** A container that is there, under both of its names. */
export interface LivePlace {
  readonly address: Address;
  readonly id: string;
}

/** The containers to be read that are there. */
export function livePlaces({ parents, world }: Pick<ReadContext, "parents" | "world">): readonly LivePlace[] {
  return parents.flatMap((address) => {
    const id = remoteOf(address === undefined ? undefined : world.get(address))?.["id"];
    return address === undefined || id === undefined ? [] : [{ address, id }];
  });
}
