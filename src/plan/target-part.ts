import { type Address, type ClassKey, kindOf, parseClassKey, pathText } from "../model/address.ts";
import type { ManageMode } from "../model/manifest.ts";
import type { Desired, Focus, Memory, TargetPart } from "../model/plan.ts";
import type { RemoteRef, Resource } from "../model/resource.ts";
import { findHolder, makeAttachmentTest } from "./attachment.ts";
import { compareResources } from "./compare.ts";
import type { KindsByName } from "./kinds-by-name.ts";

/** Of more people than that at once whole lists are read: for each of them it takes some calls. */
const MOST_PEOPLE = 5;

interface Aiming {
  readonly desired: Desired;
  readonly memory: Pick<Memory, "owned" | "lastWritten">;
  readonly kinds: KindsByName;
}

/**
 * What of a manifest has to be read for the targets of a plan, where that is less than all of it: some people, with what they are
 * to hold, held by the ledger, or must not hold; or some containers and single things. undefined where nothing less will do, such
 * as for a pattern, for what goes with all that is in it, and for what is to be renamed.
 */
export function selectTargets(targets: readonly string[], aiming: Aiming): TargetPart | undefined {
  const { desired, kinds } = aiming;
  const named = listNamed(targets, kinds);
  if (named === undefined || isTakenWhole(desired, kinds)) return undefined;
  const isTargeted = makeAttachmentTest(named, kinds);
  const people = listHolders(named, kinds);
  const things = named.filter((address) => !kinds.of(address).isHeldAnywhere);
  const byThings = things.length < named.length ? undefined : aimAtThings(things, isTargeted, aiming);
  const part =
    people === undefined ? byThings : aimAtPeople({ people, targets: named, isTargeted, wider: byThings }, aiming);
  return part === undefined || isMoving(part, desired, kinds) ? undefined : part;
}

/** The people that targets are, or are grants of, where a plan may be made by looking for them alone, whatever the manifest says. */
export function listTargetPeople(targets: readonly string[], kinds: KindsByName): readonly Address[] | undefined {
  const named = listNamed(targets, kinds);
  return named && listHolders(named, kinds);
}

/** The targets, where there are any and each is written out. */
function listNamed(targets: readonly string[], kinds: KindsByName): readonly Address[] | undefined {
  const named = targets.filter((target): target is Address => isExact(target, kinds));
  return named.length === 0 || named.length < targets.length ? undefined : named;
}

/** The few people that all of these are, or are given to. */
function listHolders(named: readonly Address[], kinds: KindsByName): readonly Address[] | undefined {
  const holders = named.map((address) => findHolder(address, kinds));
  const people = [...new Set(holders.flatMap((holder) => holder ?? []))];
  return people.length <= MOST_PEOPLE && !holders.includes(undefined) ? people : undefined;
}

function isExact(target: string, { all }: KindsByName): boolean {
  return !target.includes("*") && all.some(({ name }) => name === kindOf(target as Address));
}

/** True where what is wanted is not the manifest, and where something in it decides on what may be anywhere. */
function isTakenWhole({ undoes, rotates, managed }: Desired, { all }: KindsByName): boolean {
  const governing = new Set<string>(all.flatMap(({ name, governs }) => (governs === undefined ? [] : [name])));
  return undoes !== undefined || rotates !== undefined || [...managed.keys()].some((key) => governing.has(kindIn(key)));
}

/** True where something is or was called otherwise, or goes with what is in it or held by it. */
function isMoving({ desired: { world, absent } }: TargetPart, { renames }: Desired, kinds: KindsByName): boolean {
  const former = new Set([...renames.values()].flat());
  const isRenamed = (address: Address): boolean => renames.has(address) || former.has(address);
  const isOwner = (address: Address): boolean =>
    kinds.of(address).isHeldAnywhere || kinds.all.some(({ parentKind }) => parentKind === kindOf(address));
  return (
    [...world.keys()].some(isRenamed) || [...absent.keys()].some((address) => isRenamed(address) || isOwner(address))
  );
}

interface Targeting {
  readonly people: readonly Address[];
  readonly targets: readonly Address[];
  isTargeted(address: Address): boolean;
  readonly wider: TargetPart | undefined;
}

/** The people, what they hold by the manifest or the ledger, and where; or only some of their grants. */
function aimAtPeople({ people, targets, isTargeted, wider }: Targeting, aiming: Aiming): TargetPart {
  const { desired, memory, kinds } = aiming;
  const sought = new Set<Address>();
  const paths = people.map(pathText);
  const seek = (address: Address): void => {
    // Cheap first: of very many addresses only a handful ends with the name.
    if (!paths.some((path) => address.endsWith(path)) || !isTargeted(address)) return;
    if (desired.managed.has(kinds.classOf(address))) sought.add(address);
  };
  for (const known of [desired.world, desired.absent, memory.owned, memory.lastWritten])
    for (const address of known.keys()) seek(address);
  const named = collectGround([...people, ...sought], desired, kinds);
  // Whoever asks for one grant by its name wants it looked at.
  const focus: Focus = {
    people,
    named,
    trusted: findTrusted(
      [...named].filter((address) => !targets.includes(address)),
      aiming,
    ),
  };
  const managed = new Map<ClassKey, ManageMode>();
  for (const address of named) manage(kinds.classOf(address), isTargeted(address), { managed, desired });
  return {
    desired: confine(desired, { managed, keeps: (address) => named.has(address), isTargeted, kinds }),
    focus,
    ...(wider !== undefined && { wider }),
  };
}

/** Whole classes: those of the targets and of what stands in them, and what these rest on. */
function aimAtThings(
  targets: readonly Address[],
  isTargeted: (address: Address) => boolean,
  { desired, kinds }: Aiming,
): TargetPart {
  const own = new Set<ClassKey>(targets.map((target) => kinds.classOf(target)));
  for (const key of desired.managed.keys()) {
    const { parent } = parseClassKey(key);
    if (parent !== undefined && isTargeted(parent)) own.add(key);
  }
  const isOwn = (address: Address): boolean => own.has(kinds.classOf(address));
  const ground = collectGround([...targets, ...[...desired.world.keys()].filter(isTargeted)], desired, kinds);
  const managed = new Map<ClassKey, ManageMode>();
  for (const key of own) manage(key, true, { managed, desired });
  for (const address of ground) manage(kinds.classOf(address), isOwn(address), { managed, desired });
  for (const key of desired.managed.keys()) {
    const { kind, parent } = parseClassKey(key);
    const isContainer = kinds.all.some(({ parentKind }) => parentKind === kind);
    // Who is who in a place that something rests on.
    if (parent !== undefined && ground.has(parent) && !isContainer) manage(key, own.has(key), { managed, desired });
  }
  // What else is in an own class is wanted there as well: what is not wanted would have to go.
  const keeps = (address: Address): boolean => ground.has(address) || isOwn(address);
  return { desired: confine(desired, { managed, keeps, isTargeted, kinds }) };
}

/** Manages a class in the part as the manifest does where it is the target's own, and else only has it read. */
function manage(
  key: ClassKey,
  isOwn: boolean,
  { managed, desired }: { readonly managed: Map<ClassKey, ManageMode>; readonly desired: Desired },
): void {
  const mode = desired.managed.get(key);
  if (mode !== undefined && managed.get(key) !== "authoritative") managed.set(key, isOwn ? mode : "additive");
}

/** What some addresses rest on, as the manifest has them: what contains them, who holds them, what they refer to; with themselves. */
function collectGround(addresses: readonly Address[], desired: Desired, kinds: KindsByName): ReadonlySet<Address> {
  const ground = new Set<Address>();
  const open = [...addresses];
  for (let address = open.pop(); address !== undefined; address = open.pop()) {
    if (ground.has(address)) continue;
    ground.add(address);
    open.push(...kinds.of(address).attachedTo(address));
    open.push(...kinds.prerequisitesOf(desired.world.get(address), desired.world));
  }
  return ground;
}

/** Grants that the ledger says axcess wrote as they are wanted now. */
function findTrusted(
  addresses: readonly Address[],
  { desired, memory, kinds }: Aiming,
): ReadonlyMap<Address, RemoteRef> {
  const trusted = new Map<Address, RemoteRef>();
  for (const address of addresses) {
    const declared = desired.world.get(address);
    const written = memory.lastWritten.get(address);
    if (declared === undefined || written === undefined) continue;
    const live: Resource = { ...declared, spec: written.spec };
    const { fields, fixed } = compareResources({ declared, live, remembered: undefined }, kinds.of(address).fixed);
    if (fields.length + fixed.length === 0) trusted.set(address, written.remote);
  }
  return trusted;
}

interface Confines {
  readonly managed: ReadonlyMap<ClassKey, ManageMode>;
  keeps(address: Address): boolean;
  isTargeted(address: Address): boolean;
  readonly kinds: KindsByName;
}

/** What is wanted of the part. People and roles are read with every place: names of those who hold something, and of what they hold. */
function confine(desired: Desired, { managed, keeps, isTargeted, kinds }: Confines): Desired {
  const named = kinds.all.filter(({ parentKind, governs }) => parentKind === undefined && governs === undefined);
  const isPlace = [...managed.keys()].some((key) => parseClassKey(key).parent !== undefined);
  const whole = new Map(managed);
  for (const { name } of isPlace ? named : []) manage(`${name}@`, false, { managed: whole, desired });
  return {
    ...desired,
    managed: whole,
    world: filterKeys(desired.world, keeps),
    absent: filterKeys(desired.absent, isTargeted),
    renames: new Map(),
    assertions: [],
  };
}

/** By keys first: of a large world, a value is made where it is asked for. */
function filterKeys<K, V>(map: ReadonlyMap<K, V>, keeps: (key: K) => boolean): ReadonlyMap<K, V> {
  const kept = new Map<K, V>();
  for (const key of map.keys()) if (keeps(key)) kept.set(key, map.get(key) as V);
  return kept;
}

function kindIn(key: ClassKey): string {
  return parseClassKey(key).kind;
}
