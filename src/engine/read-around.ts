import { KINDS } from "../kinds/registry.ts";
import type { Address } from "../model/address.ts";
import type { Observation, ReadSelection } from "../model/plan.ts";
import { observeAccount } from "../state/observe.ts";
import { listClassesAround } from "../state/place-reads.ts";
import type { AccountReading } from "./account-reading.ts";
import type { Hear } from "./engine-event.ts";

/** Reads the account as far as some places need, or the whole of it, to tell of it and not to plan. */
export async function readAround(
  { reader }: Pick<AccountReading, "reader">,
  places: readonly Address[] | undefined,
  hear: Hear,
): Promise<Observation> {
  const selection: ReadSelection =
    places === undefined
      ? { classes: new Set(), under: [""] }
      : { classes: new Set(places.flatMap(listClassesAround)), under: [] };
  const observation = await observeAccount({ reader, kinds: KINDS, selection, onlyToTell: true });
  hear({ type: "noted", diagnostics: observation.notes });
  return observation;
}

/** Classes and kinds that were not read whole, sorted. */
export function listUnread({ coverage }: Observation): readonly string[] {
  return [...coverage].flatMap(([key, state]) => (state === "complete" ? [] : [key])).sort();
}
