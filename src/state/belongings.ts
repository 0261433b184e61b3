import type { Address } from "../model/address.ts";
import { canonicalJson, compareText } from "../model/json.ts";
import type { KindLogic, KindReads } from "../model/kind.ts";
import type { Belongings, Observation } from "../model/plan.ts";
import type { PlatformReader } from "../model/platform.ts";
import type { Resource } from "../model/resource.ts";
import { requirePassing } from "./passing-failure.ts";

/**
 * Adds to what was seen what some of it leaves behind when it goes. What cannot be listed is told as such; only a refused key and
 * an interruption end the reading.
 */
export async function readBelongings(options: {
  readonly reader: PlatformReader;
  readonly kinds: readonly (KindLogic & KindReads)[];
  readonly observation: Observation;
  readonly owners: readonly Address[];
}): Promise<Observation> {
  const { observation, owners } = options;
  const found = await Promise.all(
    owners.map(async (address): Promise<readonly [Address, Belongings]> => {
      const owner = observation.world.get(address);
      const kind = options.kinds.find(({ name }) => name === owner?.kind);
      if (owner === undefined || kind?.readBelongings === undefined) return [address, NOT_THERE];
      return [address, await listOf(owner, kind.readBelongings, options.reader)];
    }),
  );
  return { ...observation, belongings: new Map([...observation.belongings, ...found]) };
}

const NOT_THERE: Belongings = { state: "unreadable", because: "It is not there." };

async function listOf(
  owner: Resource,
  read: NonNullable<KindReads["readBelongings"]>,
  reader: PlatformReader,
): Promise<Belongings> {
  try {
    const items = [...(await read(reader, owner))];
    return { state: "complete", items: items.sort((a, b) => compareText(canonicalJson(a), canonicalJson(b))) };
  } catch (error) {
    return { state: "unreadable", because: requirePassing(error).message };
  }
}
