import { evaluateAccess } from "../access/effective-access.ts";
import { type AccessEntry, listAccess, listHolders } from "../access/questions.ts";
import { listPlannedPlaces, predictPlanned, requirePlansAccount } from "../engine/predict-planned.ts";
import { readAround } from "../engine/read-around.ts";
import { readPermission, readPerson, readPlace, requireInWorld, type Topic } from "../engine/read-question.ts";
import { KINDS } from "../kinds/registry.ts";
import { type AccessSettings, ASSUMED } from "../model/access.ts";
import type { Address } from "../model/address.ts";
import { UsageError } from "../model/errors.ts";
import type { Plan } from "../model/plan.ts";
import type { World } from "../model/resource.ts";
import { makeDesired } from "../state/desired.ts";
import { withReading } from "./open-account.ts";
import { openWorkplace, requireManifest, type Workplace } from "./open-workplace.ts";
import type { AccessOptions, ExplainOptions, QuestionOptions, WhoCanOptions } from "./options.ts";

/** What a person may do in a place, and by which grants. */
export async function explainAccess(options: ExplainOptions): Promise<AccessEntry> {
  const person = readPerson(options.person);
  const place = readPlace(options.place);
  const { world, settings } = await seeFor(options, { person, place });
  return { person, place, access: evaluateAccess(world, person, place, settings) };
}

/** Who has a permission in a place, by address. */
export async function findHolders(options: WhoCanOptions): Promise<readonly AccessEntry[]> {
  const place = readPlace(options.place);
  const { world, settings } = await seeFor(options, { place });
  return listHolders(world, readPermission(options.permission, world), place, settings);
}

/** Everything a person has access to, in the order of the places. */
export async function findAccess(options: AccessOptions): Promise<readonly AccessEntry[]> {
  const person = readPerson(options.person);
  const { world, settings } = await seeFor(options, { person });
  return listAccess(world, person, settings);
}

interface Seen {
  readonly world: World;
  readonly settings: AccessSettings;
}

async function seeFor(options: QuestionOptions, topic: Topic): Promise<Seen> {
  const { place } = topic;
  const { of = "live", manifest: source } = options;
  const workplace = openWorkplace(options);
  const manifest = source && (await requireManifest(workplace, source));
  const settings = manifest?.policy.assume ?? ASSUMED;
  if (of === "declared") {
    if (manifest === undefined) throw new UsageError("There is no manifest to ask.", "Hand in the `manifest`.");
    const { world } = makeDesired({ manifest, kinds: KINDS, now: workplace.clock.now() });
    requirePlace(place, [world]);
    return { world, settings };
  }
  const worlds = await seeAccount(workplace, options, { ...topic, plan: of === "live" ? undefined : of });
  requirePlace(place, [worlds.world, ...(worlds.before === undefined ? [] : [worlds.before])]);
  return { world: worlds.world, settings };
}

async function seeAccount(
  workplace: Workplace,
  options: QuestionOptions,
  { plan, person, place }: Topic & { readonly plan: Plan | undefined },
): Promise<{ readonly world: World; readonly before: World | undefined }> {
  const { connection } = options;
  if (connection === undefined) throw new UsageError("There is no account to ask.", "Hand in the `connection`.");
  return withReading(workplace, { ...options, connection }, async (account) => {
    if (plan === undefined) {
      const { world } = await readAround(account, { person, places: place && [place] }, workplace.hear);
      return { world, before: undefined };
    }
    requirePlansAccount(plan, account.accountUrl);
    const observation = await readAround(account, { places: place && listPlannedPlaces(place, plan) }, workplace.hear);
    const { world, before, movement } = predictPlanned(observation, plan);
    workplace.hear({ type: "noted", diagnostics: movement });
    return { world, before };
  });
}

/** A place that a plan deletes may still be asked about: nobody has anything there afterwards. */
function requirePlace(place: Address | undefined, worlds: readonly [World, ...World[]]): void {
  if (place !== undefined && !worlds.some((world) => world.has(place))) requireInWorld(place, worlds[0]);
}
