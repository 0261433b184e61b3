import { settleDoubts } from "../apply/settle.ts";
import { KINDS } from "../kinds/registry.ts";
import type { Address } from "../model/address.ts";
import type { Desired, Memory, Observation } from "../model/plan.ts";
import { alignRenames } from "../plan/align-renames.ts";
import { coverageOfClass } from "../plan/coverage.ts";
import { indexKinds } from "../plan/kinds-by-name.ts";
import type { Hear } from "./engine-event.ts";
import type { Run } from "./open-run.ts";
import { type IsOurs, recallOwn } from "./own-doubts.ts";

/** Settles in the ledger what a run that broke off left in doubt, as far as it can now be seen, and recalls what the ledger remembers then. */
export async function settleRun(
  run: Run,
  {
    observation,
    desired,
    isOurs,
  }: {
    readonly observation: Observation;
    readonly desired: Pick<Desired, "renames">;
    readonly isOurs: IsOurs;
  },
  hear: Hear,
): Promise<Memory> {
  const kinds = indexKinds(KINDS);
  const { inDoubt, ...memory } = recallOwn(run.ledger, isOurs);
  if (inDoubt.length === 0) return memory;
  const aligned = alignRenames(desired, observation, kinds);
  const isComplete = (address: Address, seen: Observation): boolean =>
    coverageOfClass(kinds.classOf(address), seen, kinds) === "complete";
  const outcomes = settleDoubts({
    inDoubt,
    observed: observation.world,
    // What is to get a new name itself is another thing than one of that name that was to be made.
    inRenamed: (address) => (aligned.renamed.has(address) ? undefined : aligned.observation.world.get(address)),
    wasRead: (address) => isComplete(address, observation) && isComplete(address, aligned.observation),
    run: run.id,
  });
  if (outcomes.length === 0) return memory;
  await run.ledger.append(outcomes);
  for (const { address, result } of outcomes) hear({ type: "cleared", address, result });
  return run.ledger.memory();
}
