import type { Address } from "../model/address.ts";
import { UsageError } from "../model/errors.ts";
import { harmless } from "../model/harmless.ts";
import type { Desired, Plan, Rotated } from "../model/plan.ts";

/** The key that is to get a new secret; `at` is given where a saved plan fixed the instant that stands for the renewal. */
export type RotationDemand = Pick<Rotated, "address"> & Partial<Rotated>;

/** What is wanted, with a new secret for one key. One that is due by the clock counts as the same one, unless the instant is fixed. */
export function demandRotation(desired: Desired, { address, at }: RotationDemand, now: Date): Desired {
  const wanted = desired.world.get(address);
  if (wanted === undefined) return desired;
  const due = wanted.spec["rotation"];
  const rotation = at ?? (typeof due === "string" ? due : now.toISOString().replace(/\.\d+Z$/u, "Z"));
  const world = new Map(desired.world).set(address, { ...wanted, spec: { ...wanted.spec, rotation } });
  return { ...desired, world, rotates: { address, at: rotation } };
}

/** Refuses a plan that does not give the key a new secret. Throws UsageError. */
export function requireRotation({ steps, basis }: Plan, address: Address): void {
  if (basis.rotate === undefined)
    throw new UsageError(`${harmless(address)} has come to its end.`, "Write a later `expires`.");
  const step = steps.find((each) => each.address === address);
  if (step?.op === "update") return;
  const because = step === undefined ? "is done already, by the ledger" : "is not there yet";
  throw new UsageError(`${harmless(address)} ${because}; there is nothing to rotate.`, "See: axcess plan");
}
