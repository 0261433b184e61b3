import { settleDoubts } from "../../apply/settle.ts";
import { KINDS } from "../../kinds/registry.ts";
import type { Memory, Observation } from "../../model/plan.ts";
import { coverageOfClass } from "../../plan/coverage.ts";
import { indexKinds } from "../../plan/kinds-by-name.ts";
import { recallMemory } from "../../state/memory.ts";
import { harmless } from "../render/harmless.ts";
import type { Session } from "../session.ts";
import type { Run } from "./open-run.ts";

/** Settles in the ledger what a run that broke off left in doubt, as far as it can now be seen, and recalls what the ledger remembers then. */
export async function settleRun(session: Session, run: Run, observation: Observation): Promise<Memory> {
  const kinds = indexKinds(KINDS);
  const { inDoubt, ...memory } = recallMemory(run.ledger.lines());
  const outcomes = settleDoubts({
    inDoubt,
    observed: observation.world,
    wasRead: (address) => coverageOfClass(kinds.classOf(address), observation, kinds) === "complete",
    run: run.id,
  });
  if (outcomes.length === 0) return memory;
  await run.ledger.append(outcomes);
  for (const { address, result } of outcomes) {
    const text = `An earlier run broke off at ${harmless(address)}: ${result}.`;
    session.tell(`${text}\n`);
    session.events?.emit("log", "warn", text, {});
  }
  return recallMemory(run.ledger.lines());
}
