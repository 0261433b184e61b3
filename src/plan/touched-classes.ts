import { type Address, type ClassKey, kindOf, parseClassKey, pathText } from "../model/address.ts";
import type { Step } from "../model/change.ts";
import type { Observation } from "../model/plan.ts";
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
    step.renamedFrom !== undefined || kinds.of(step.address).governs !== undefined || makesAccountAdmin(step, kinds);
  if (steps.some(isFarReaching)) return undefined;
  const touched = new Set<ClassKey>();
  for (const { address } of steps) {
    const { certain, possible } = kinds.of(address).cascadeOf(address, world);
    for (const gone of [address, ...certain, ...possible]) touched.add(kinds.classOf(gone));
  }
  const ground = new Set(steps.flatMap((step) => groundOf(step, kinds) ?? []));
  for (const key of coverage.keys()) {
    const { parent } = parseClassKey(key as ClassKey);
    if (parent !== undefined && listPaths(parent).some((path) => ground.has(path))) touched.add(key as ClassKey);
  }
  const reaches = groupReaches(steps, kinds);
  for (const addresses of reaches.size === 0 ? [] : [world.keys(), covered])
    for (const address of addresses) if (isReached(address, reaches)) touched.add(kinds.classOf(address));
  return touched;
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

/** The one person that something is, or is given to. */
function findHolder(address: Address, kinds: KindsByName): Address | undefined {
  return [address, ...kinds.of(address).attachedTo(address)].find((other) => kinds.of(other).isHeldAnywhere);
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

function isReached(address: Address, reaches: Reaches): boolean {
  const places = reaches.get(address.slice(address.lastIndexOf("/") + 1));
  return places !== undefined && (places.has("") || listPaths(address).some((path) => places.has(path)));
}
