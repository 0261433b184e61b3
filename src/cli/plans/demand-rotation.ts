import type { Address } from "../../model/address.ts";
import { UsageError } from "../../model/errors.ts";
import type { Plan } from "../../model/plan.ts";
import { harmless } from "../render/harmless.ts";
import type { Sight } from "./plan-account.ts";

/** What was seen, with a new secret wanted for one key. One that is due by the clock counts as the same one. */
export function demandRotation(sight: Sight, address: Address, now: Date): Sight {
  const wanted = sight.desired.world.get(address);
  if (wanted === undefined)
    throw new UsageError(`${harmless(address)} has come to its end.`, "Write a later `expires`.");
  const rotation = wanted.spec["rotation"] ?? now.toISOString().replace(/\.\d+Z$/u, "Z");
  const world = new Map(sight.desired.world).set(address, { ...wanted, spec: { ...wanted.spec, rotation } });
  return { ...sight, desired: { ...sight.desired, world } };
}

/** Refuses a plan that does not give the key a new secret. Throws UsageError. */
export function requireRotation({ steps }: Plan, address: Address): void {
  const step = steps.find((each) => each.address === address);
  if (step?.op === "update") return;
  const because = step === undefined ? "is done already, by the ledger" : "is not there yet";
  throw new UsageError(`${harmless(address)} ${because}; there is nothing to rotate.`, "See: axcess plan");
}
