import { type Address, type ClassKey, kindOf, parseClassKey, pathText } from "../model/address.ts";
import type { Step } from "../model/change.ts";
import type { Observation } from "../model/plan.ts";
import type { World } from "../model/resource.ts";
import { findHolder } from "./attachment.ts";
import type { KindsByName } from "./kinds-by-name.ts";

/**
 * The classes of what was read that may be otherwise after some steps were tried, whatever became of them: those of the steps, all
 * that is in what they change, what goes along, and what else its holder has there, seen or hidden. undefined where it could be
 * anything: addresses move, or the platform overwrites by itself.
 */
export function selectTouched(
  steps: readonly Step[],
  { world, covered, coverage }: Pick<Observation, "world" | "covered" | "coverage">,
  kinds: KindsByName,
): ReadonlySet<ClassKey> | undefined {
  const isFarReaching = (step: Step): boolean =>
    step.renamedFrom !== undefined || isOfGoverning(step, kinds) || makesAccountAdmin(step, kinds);
  if (steps.some(isFarReaching)) return undefined;
  return new Set([
    ...steps.flatMap((step) => listGoing(step, world, kinds)).map(kinds.classOf),
    ...listOnGround(steps, coverage, kinds),
    ...[...listReached(steps, [world.keys(), covered], kinds)].map(kinds.classOf),
  ]);
}

/** What a step is about, and all that may go along. */
function listGoing({ address }: Step, world: World, kinds: KindsByName): readonly Address[] {
  const { certain, possible } = kinds.of(address).cascadeOf(address, world);
  return [address, ...certain, ...possible];
}

/** The classes that were read of all that stands on the ground of some steps. */
function listOnGround(
  steps: readonly Step[],
  coverage: Observation["coverage"],
  kinds: KindsByName,
): readonly ClassKey[] {
  const ground = new Set(steps.flatMap((step) => groundOf(step, kinds) ?? []));
  return [...coverage.keys()].filter((key): key is ClassKey => {
    const parent = key.includes("@") ? parseClassKey(key as ClassKey).parent : undefined;
    return parent !== undefined && listPaths(parent).some((path) => ground.has(path));
  });
}

function isOfGoverning({ address }: Step, kinds: KindsByName): boolean {
  const parent = kinds.of(address).parentOf(address);
  return [address, ...(parent === undefined ? [] : [parent])].some((one) => kinds.of(one).governs !== undefined);
}

/** An admin of the account is shown in every place of it. */
function makesAccountAdmin(step: Step, kinds: KindsByName): boolean {
  return kinds.of(step.address).isHeldAnywhere && makesAdmin(step);
}

function makesAdmin({ to }: Step): boolean {
  return to?.["role"] === "admin" || to?.["also"] === "admin";
}

/** The path of all that may be otherwise beside what its holder has: in a container, and around what nobody holds; undefined for nothing. */
function groundOf(step: Step, kinds: KindsByName): string | undefined {
  const { address } = step;
  // Who becomes an admin is shown in all that the place contains.
  if (findHolder(address, kinds) !== undefined && !makesAdmin(step)) return undefined;
  const isContainer = kinds.all.some(({ parentKind }) => parentKind === kindOf(address));
  const ground = isContainer ? address : kinds.of(address).parentOf(address);
  return ground && pathText(ground);
}

/** An address's own path and those of all that contains it. */
function listPaths(address: Address): readonly string[] {
  const path = pathText(address);
  const paths = [path];
  for (let end = path.lastIndexOf("/"); end >= 0; end = path.lastIndexOf("/", end - 1)) paths.push(path.slice(0, end));
  return paths;
}

/** By person, as grants end: the paths of the places in which the person's other grants may look otherwise; the empty one is the account. */
type Reaches = ReadonlyMap<string, ReadonlySet<string>>;

function groupReaches(steps: readonly Step[], kinds: KindsByName): Reaches {
  const reaches = new Map<string, Set<string>>();
  for (const { address } of steps) {
    const holder = findHolder(address, kinds);
    if (holder === undefined) continue;
    const place = kinds.of(address).parentOf(address);
    const person = pathText(holder);
    const places = reaches.get(person) ?? new Set();
    reaches.set(person, places.add(place === undefined ? "" : pathText(place)));
  }
  return reaches;
}

/** Grants of those whom some steps concern, where these may look otherwise. */
function* listReached(
  steps: readonly Step[],
  known: readonly Iterable<Address>[],
  kinds: KindsByName,
): Generator<Address> {
  const reaches = groupReaches(steps, kinds);
  for (const addresses of reaches.size === 0 ? [] : known)
    for (const address of addresses) if (isReached(address, reaches)) yield address;
}

function isReached(address: Address, reaches: Reaches): boolean {
  const places = reaches.get(address.slice(address.lastIndexOf("/") + 1));
  return places !== undefined && (places.has("") || listPaths(address).some((path) => places.has(path)));
}
