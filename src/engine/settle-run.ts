import { settleDoubts } from "../apply/settle.ts";
import { KINDS } from "../kinds/registry.ts";
import type { Memory, Observation } from "../model/plan.ts";
import { coverageOfClass } from "../plan/coverage.ts";
import { indexKinds } from "../plan/kinds-by-name.ts";
import { recallMemory } from "../state/memory.ts";
import type { Hear } from "./engine-event.ts";
import type { Run } from "./open-run.ts";
import { type IsOurs, recallOwn } from "./own-doubts.ts";

/** Settles in the ledger what a run that broke off left in doubt, as far as it can now be seen, and recalls what the ledger remembers then. */
export async function settleRun(
  run: Run,
  { observation, isOurs }: { readonly observation: Observation; readonly isOurs: IsOurs },
  hear: Hear,
): Promise<Memory> {
  const kinds = indexKinds(KINDS);
  const { inDoubt, ...memory } = recallOwn(run.ledger.lines(), isOurs);
  const outcomes = settleDoubts({
    inDoubt,
    observed: observation.world,
    wasRead: (address) => coverageOfClass(kinds.classOf(address), observation, kinds) === "complete",
    run: run.id,
  });
  if (outcomes.length === 0) return memory;
  await run.ledger.append(outcomes);
  for (const { address, result } of outcomes) hear({ type: "cleared", address, result });
  return recallMemory(run.ledger.lines());
}
