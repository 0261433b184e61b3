import { listNeeded } from "../access/access-delta.ts";
import { type Address, type ClassKey, classKey, compareAddresses, parseClassKey } from "../model/address.ts";
import { resourcesOfKind } from "../model/classed-world.ts";
import type { World } from "../model/resource.ts";
import { moveAddress } from "./align-renames.ts";
import { type Drafted, draftPlan, type PlanInput } from "./draft-plan.ts";
import type { KindsByName } from "./kinds-by-name.ts";
import type { Draft } from "./match.ts";
import { aimAtPart } from "./shard-plan.ts";

/** What was not read and is needed to say what a plan means. */
export interface MissingReads {
  /** What else is in the places it touches, and who. */
  readonly classes: ReadonlySet<ClassKey>;
  /** What it deletes and of which is not known yet what it leaves behind; sorted. */
  readonly owners: readonly Address[];
}

/**
 * What was not read and what a plan needs to say whom it hits, and what stays behind. Empty where nothing changes, and where all
 * that counts was read, or could not be. What the classes turn out to hold may need more.
 */
export function findMissingReads(given: PlanInput): MissingReads {
  const aimed = given.shard === undefined ? undefined : aimAtPart(given, given.shard);
  const drafted = draftPlan(aimed?.input ?? given);
  const { kinds, observation, renamed, drafts, cascades, worlds } = drafted;
  const goneWith = new Map([...cascades].map(([address, { certain }]) => [address, certain] as const));
  const formerly = (address: Address): Address => {
    const former = moveAddress(address, renamed, kinds);
    return aimed?.formerly(former) ?? former;
  };
  const deleted = drafts.filter(({ op }) => op === "delete");
  const needed = [
    ...listNeeded({ worlds, changes: drafts, goneWith }),
    ...listUsers(deleted, worlds.live, kinds),
    ...listUnproven(drafted),
  ];
  const missing = needed.filter((key) => {
    const { kind } = parseClassKey(key);
    const isRead = observation.coverage.has(key) || observation.coverage.has(kind as never);
    return !isRead || observation.glimpse?.loose.has(key) === true;
  });
  const classes = missing.map((key) => {
    const { kind, parent } = parseClassKey(key);
    return classKey(kind, parent && formerly(parent));
  });
  return { classes: new Set(classes), owners: findOwners(drafted) };
}

/** The classes of what was taken from the ledger and with which nothing that was seen would go: it may be gone itself. */
function listUnproven({ observation, kinds, worlds: { live } }: Drafted): readonly ClassKey[] {
  const isProven = (address: Address): boolean =>
    kinds
      .of(address)
      .cascadeOf(address, live)
      .certain.some((other) => live.get(other)?.builtin !== true);
  return [...(observation.glimpse?.assumed ?? [])]
    .filter((address) => !isProven(address))
    .map((address) => kinds.classOf(address));
}

function findOwners({ drafts, kinds, observation }: Drafted): readonly Address[] {
  return drafts
    .filter(({ op, address }) => op === "delete" && kinds.of(address).tellBelongings !== undefined)
    .map(({ address }) => address)
    .filter((address) => !observation.belongings.has(address))
    .sort(compareAddresses);
}

/** The classes of what may use something that goes; those inside others as far as these are known. */
function listUsers(deleted: readonly Draft[], live: World, kinds: KindsByName): readonly ClassKey[] {
  const names = new Set(deleted.flatMap(({ address }) => kinds.of(address).usedBy ?? []));
  const users = kinds.all.filter(({ name }) => names.has(name));
  return users.flatMap(({ name, parentKind }) => {
    if (parentKind === undefined) return [classKey(name, undefined)];
    return [...resourcesOfKind(live, parentKind)].map(({ address }) => classKey(name, address));
  });
}
