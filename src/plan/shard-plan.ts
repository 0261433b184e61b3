import { type Address, type ClassKey, classKey, kindOf, parseClassKey } from "../model/address.ts";
import type { Assertion } from "../model/assertion.ts";
import type { Coverage, Desired, Observation } from "../model/plan.ts";
import type { Resource, World } from "../model/resource.ts";
import type { Shard } from "../model/shard.ts";
import { moveAddress } from "./align-renames.ts";
import { coverageOfClass } from "./coverage.ts";
import { type Drafted, draftPlan, type PlanInput } from "./draft-plan.ts";
import { indexKinds, type KindsByName } from "./kinds-by-name.ts";
import { type Division, divide } from "./shards.ts";

/** What one part is planned from. */
export interface Aimed {
  readonly input: PlanInput;
  /** Units that were seen and are of other parts. */
  readonly elsewhere: number;
  isElsewhere(address: Address): boolean;
  /** The account as it is, everything that is to be renamed already under its new name. */
  readonly before: World;
  /** The address that something has on the platform, where the account part is to rename what contains it. */
  formerly(address: Address): Address;
}

/** What of a manifest has to be read for one part. */
export interface PartReads {
  readonly desired: Desired;
  /** True for containers that may be looked into. */
  within(container: Address): boolean;
}

/** Confines what is wanted to what one part has, and to what that stands on: this is what has to be read for it. */
export function selectPart(desired: Desired, shard: Shard, kinds: KindsByName): PartReads {
  const division = divide(shard, desired.renames, kinds);
  const isOurs = (address: Address): boolean => division.partOf(address) === shard.part;
  if (shard.part === "account")
    return { desired: readLess(accountOnly(desired, { division, kinds, by: shard.by }), division), within: () => true };
  const near = findNear(desired.world.keys(), { shard, division, kinds });
  const isWanted = (address: Address): boolean => isOurs(address) || near.has(address);
  const own = confine(desired, { keeps: isWanted, keepsClass: (key) => isOwnClass(key) || near.hasClass(key) });
  function isOwnClass(key: ClassKey): boolean {
    return division.partOfClass(key) === shard.part;
  }
  return {
    // What the account part removes is no reason to read what else is in the places of this one.
    desired: {
      ...own,
      managed: new Map([...own.managed].map(([key, mode]) => [key, isOwnClass(key) ? mode : "additive"])),
      absent: filterKeys(desired.absent, isOurs),
      assertions: narrowAssertions(desired.assertions, shard, { division, kinds }),
    },
    within: (container) => [shard.part, "account"].includes(division.partOfContent(container)),
  };
}

/**
 * Makes of the input of a plan that of one part: other parts are not there, what the account part changes is done, and only what is
 * the part's own is wanted.
 */
export function aimAtPart(input: PlanInput, shard: Shard): Aimed {
  const kinds = indexKinds(input.kinds);
  const division = divide(shard, input.desired.renames, kinds);
  const isElsewhere = (address: Address): boolean => division.partOf(address) !== shard.part;
  if (shard.part === "account") {
    const desired = accountOnly(input.desired, { division, kinds, by: shard.by });
    const aimed = { ...input, desired, isElsewhere };
    return { input: aimed, isElsewhere, elsewhere: 0, before: input.observation.world, formerly: (address) => address };
  }
  const { desired, observation } = input;
  const near = findNear([...desired.world.keys(), ...observation.world.keys()], { shard, division, kinds });
  const isSeen = (address: Address): boolean => !isElsewhere(address) || near.has(address);
  const seen: Observation = {
    ...observation,
    world: filterKeys(observation.world, isSeen),
    covered: new Set([...observation.covered].filter(isSeen)),
  };
  const around = draftPlan({
    ...input,
    observation: seen,
    desired: confine(desired, { keeps: (address) => near.has(address), keepsClass: near.hasClass }),
    limits: { ...input.limits, targets: [] },
  });
  const own = confine(desired, {
    keeps: (address) => !isElsewhere(address),
    keepsClass: (key) => division.partOfClass(key) === shard.part,
  });
  const assertions = narrowAssertions(desired.assertions, shard, { division, kinds });
  const elsewhere = [...observation.world.keys()].filter((address) => kindOf(address) === shard.by && !isSeen(address));
  return {
    input: {
      ...input,
      desired: { ...own, assertions },
      observation: input.asItIs === true ? seen : predictAround(around),
      isElsewhere,
    },
    isElsewhere,
    elsewhere: elsewhere.length,
    before: around.observation.world,
    formerly: (address) => moveAddress(address, around.renamed, kinds),
  };
}

/** The account as the account part leaves it. */
function predictAround({ observation, worlds, drafts, kinds }: Drafted): Observation {
  const world = new Map<Address, Resource>(worlds.planned);
  const coverage = new Map<string, Coverage>(observation.coverage);
  for (const { op, address, after } of drafts) {
    const live = observation.world.get(address);
    // What is changed stays the very object of the platform.
    if (after !== undefined && live !== undefined) world.set(address, { ...live, spec: after.spec });
    if (op !== "create") continue;
    // Nothing is in what is not there yet, as far as it surely is not there.
    for (const { name, parentKind } of kinds.all) {
      const key = classKey(name, address);
      if (parentKind === kindOf(address)) coverage.set(key, coverageOfClass(key, observation, kinds));
    }
  }
  return { ...observation, world, coverage: coverage as Observation["coverage"] };
}

/** What a shard stands on and does not have: what is of the whole account, and the containers that its own are in. */
interface Near {
  has(address: Address): boolean;
  hasClass(key: ClassKey): boolean;
}

interface Dealt {
  readonly shard: Shard;
  readonly division: Division;
  readonly kinds: KindsByName;
}

function findNear(addresses: Iterable<Address>, { shard, division, kinds }: Dealt): Near {
  const containers = new Set<Address>();
  for (const address of addresses) {
    if (kindOf(address) !== shard.by || division.partOfContent(address) !== shard.part) continue;
    for (let at: Address | undefined = address; at !== undefined; at = kinds.of(at).parentOf(at)) containers.add(at);
  }
  const isIn = (parent: Address | undefined): boolean =>
    parent === undefined || !division.chain.includes(kindOf(parent)) || containers.has(parent);
  return {
    has: (address) => {
      if (division.partOf(address) !== "account") return false;
      return division.chain.includes(kindOf(address))
        ? containers.has(address)
        : isIn(kinds.of(address).parentOf(address));
    },
    hasClass: (key) => division.partOfClass(key) === "account" && isIn(parseClassKey(key).parent),
  };
}

interface Confines {
  keeps(address: Address): boolean;
  keepsClass(key: ClassKey): boolean;
}

function confine(desired: Desired, { keeps, keepsClass }: Confines): Desired {
  return {
    ...desired,
    world: filterKeys(desired.world, keeps),
    managed: filterKeys(desired.managed, keepsClass),
    absent: filterKeys(desired.absent, keeps),
    renames: filterKeys(desired.renames, keeps),
    lapses: desired.lapses.filter(({ address }) => keeps(address)),
    assertions: [],
  };
}

/** What is of the account itself; what that speaks of elsewhere is known by name only where it is read. */
function accountOnly(desired: Desired, { division, kinds, by }: Omit<Dealt, "shard"> & Pick<Shard, "by">): Desired {
  const own = confine(desired, {
    keeps: (address) => division.partOf(address) === "account",
    keepsClass: (key) => division.partOfClass(key) === "account",
  });
  const managed = new Map(own.managed);
  for (const resource of own.world.values()) {
    for (const used of kinds.referencesOf(resource)) {
      const key = kinds.classOf(used);
      if (!managed.has(key)) managed.set(key, "additive");
    }
  }
  const judging = { part: "account", by } as const;
  return { ...own, managed, assertions: narrowAssertions(desired.assertions, judging, { division, kinds }) };
}

/** What is in containers that stay is of other parts; in those that go it is read once it is known that they do. */
function readLess(desired: Desired, { chain }: Division): Desired {
  const isChain = (key: ClassKey): boolean => chain.includes(parseClassKey(key).kind);
  return {
    ...desired,
    managed: new Map([...desired.managed].map(([key, mode]) => [key, isChain(key) ? "additive" : mode])),
  };
}

/** Each place is judged by the part that has what stands in it. */
function narrowAssertions(
  assertions: readonly Assertion[],
  { part, by }: Pick<Shard, "part" | "by">,
  { division, kinds }: Pick<Dealt, "division" | "kinds">,
): readonly Assertion[] {
  const above = division.chain.filter((name) => name !== by);
  if (part !== "account" && above.length === 0) return assertions;
  const judged = part === "account" ? above : listPlaceKinds(by, kinds);
  return assertions.flatMap((assertion) => {
    const on = assertion.on.flatMap((pattern) => narrowPattern(pattern, judged));
    return on.length === 0 ? [] : [{ ...assertion, on }];
  });
}

/** What is dealt out, and the kinds of containers in it. */
function listPlaceKinds(by: string, { all }: KindsByName): readonly string[] {
  const names = [by];
  for (const { name, parentKind } of all) {
    const isContainer = all.some((other) => other.parentKind === name);
    if (parentKind !== undefined && names.includes(parentKind) && isContainer) names.push(name);
  }
  return names;
}

function narrowPattern(pattern: string, judged: readonly string[]): readonly string[] {
  const colon = pattern.indexOf(":");
  const kind = colon < 0 ? "*" : pattern.slice(0, colon);
  if (kind === "*") return judged.map((name) => `${name}:${pattern.slice(colon + 1)}`);
  return judged.includes(kind) ? [pattern] : [];
}

function filterKeys<K, V>(map: ReadonlyMap<K, V>, keeps: (key: K) => boolean): ReadonlyMap<K, V> {
  return new Map([...map].filter(([key]) => keeps(key)));
}
