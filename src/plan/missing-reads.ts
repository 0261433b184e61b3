import { listNeeded } from "../access/access-delta.ts";
import { type Address, type ClassKey, classKey, parseClassKey } from "../model/address.ts";
import { moveAddress } from "./align-renames.ts";
import { draftPlan, type PlanInput } from "./draft-plan.ts";

/**
 * The classes that were not read and that a plan needs to say whom it hits: what else is in the places it touches, and who. Empty
 * where nothing changes, and where all that counts was read, or could not be. What they turn out to hold may need more.
 */
export function findMissingReads(input: PlanInput): ReadonlySet<ClassKey> {
  const { kinds, observation, renamed, drafts, cascades, worlds } = draftPlan(input);
  const goneWith = new Map([...cascades].map(([address, { certain }]) => [address, certain] as const));
  const formerly = (address: Address): Address => moveAddress(address, renamed, kinds);
  const missing = [...listNeeded({ worlds, changes: drafts, goneWith })].filter((key) => {
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
