import { listNeeded } from "../access/access-delta.ts";
import { type Address, type ClassKey, classKey, parseClassKey } from "../model/address.ts";
import type { World } from "../model/resource.ts";
import { moveAddress } from "./align-renames.ts";
import { draftPlan, type PlanInput } from "./draft-plan.ts";
import type { KindsByName } from "./kinds-by-name.ts";
import type { Draft } from "./match.ts";

/**
 * The classes that were not read and that a plan needs to say whom it hits: what else is in the places it touches, and who. Empty
 * where nothing changes, and where all that counts was read, or could not be. What they turn out to hold may need more.
 */
export function findMissingReads(input: PlanInput): ReadonlySet<ClassKey> {
  const { kinds, observation, renamed, drafts, cascades, worlds } = draftPlan(input);
  const goneWith = new Map([...cascades].map(([address, { certain }]) => [address, certain] as const));
  const formerly = (address: Address): Address => moveAddress(address, renamed, kinds);
  const deleted = drafts.filter(({ op }) => op === "delete");
  const needed = [...listNeeded({ worlds, changes: drafts, goneWith }), ...listUsers(deleted, worlds.live, kinds)];
  const missing = needed.filter((key) => {
    const { kind } = parseClassKey(key);
    return !observation.coverage.has(key) && !observation.coverage.has(kind as never);
  });
  return new Set(
    missing.map((key) => {
      const { kind, parent } = parseClassKey(key);
      return classKey(kind, parent && formerly(parent));
    }),
  );
}

/** The classes of what may use something that goes; those inside others as far as these are known. */
function listUsers(deleted: readonly Draft[], live: World, kinds: KindsByName): readonly ClassKey[] {
  const names = new Set(deleted.flatMap(({ address }) => kinds.of(address).usedBy ?? []));
  const users = kinds.all.filter(({ name }) => names.has(name));
  return users.flatMap(({ name, parentKind }) => {
    if (parentKind === undefined) return [classKey(name, undefined)];
    return [...live.values()].flatMap(({ kind, address }) => (kind === parentKind ? [classKey(name, address)] : []));
  });
}
