import { listPeople } from "../access/questions.ts";
import { KINDS } from "../kinds/registry.ts";
import type { Address, ClassKey } from "../model/address.ts";
import type { Observation, ReadSelection } from "../model/plan.ts";
import type { World } from "../model/resource.ts";
import { observeAccount } from "../state/observe.ts";
import { ACCESS_KINDS, listClassesAround } from "../state/place-reads.ts";
import type { AccountReading } from "./account-reading.ts";
import type { Hear } from "./engine-event.ts";

/** What is to be told of an account. */
export interface Scope {
  /** What access is told of; left out: everywhere. */
  readonly places?: readonly Address[] | undefined;
  /** Whose access alone is told; left out: everybody's. What others hold is not read where the platform has a filter for it. */
  readonly person?: Address | undefined;
}

/** Reads the account as far as a scope needs, to tell of it and not to plan. */
export async function readAround(
  account: Pick<AccountReading, "reader">,
  scope: Scope,
  hear: Hear,
): Promise<Observation> {
  const narrow = await readScope(account, scope);
  const observation = isUnlisted(scope.person, narrow.world)
    ? await readScope(account, { places: scope.places })
    : narrow;
  hear({ type: "noted", diagnostics: observation.notes });
  return observation;
}

async function readScope({ reader }: Pick<AccountReading, "reader">, { places, person }: Scope): Promise<Observation> {
  const part =
    places === undefined
      ? { classes: new Set<ClassKey>(), under: ["" as const] }
      : { classes: new Set(places.flatMap(listClassesAround)), under: [] };
  const selection: ReadSelection = { ...part, ...(person !== undefined && { focus: { people: [person] } }) };
  const kinds = person === undefined ? KINDS : KINDS.filter(({ name }) => ACCESS_KINDS.has(name));
  return observeAccount({ reader, kinds, selection, onlyToTell: true });
}

/** True for somebody whom only lists of members tell of, as they may of the bot of a key: role bindings cannot be asked for by an id then. */
function isUnlisted(person: Address | undefined, world: World): boolean {
  return person !== undefined && !world.has(person) && listPeople(world).includes(person);
}

/** Classes and kinds that were not read whole, sorted. */
export function listUnread({ coverage }: Observation): readonly string[] {
  return [...coverage].flatMap(([key, state]) => (state === "complete" ? [] : [key])).sort();
}
