import { retractUndelivered } from "../apply/retract-undelivered.ts";
import { KINDS } from "../kinds/registry.ts";
import type { KindName } from "../model/address.ts";
import type { Kind } from "../model/kind.ts";
import type { AccountWriting } from "./account-reading.ts";
import type { Hear } from "./engine-event.ts";
import type { Run } from "./open-run.ts";
import { type IsOurs, recallOwn } from "./own-doubts.ts";
import { writeWhileHeld } from "./while-held.ts";

/** Revokes what a run that broke off left behind without anybody having its secret, before anything is read or planned. */
export async function retractDoubts(
  { run, isOurs }: { readonly run: Run; readonly isOurs: IsOurs },
  { reader, writer }: AccountWriting,
  hear: Hear,
): Promise<void> {
  const outcomes = await retractUndelivered({
    inDoubt: recallOwn(run.ledger, isOurs).inDoubt,
    history: run.ledger.history,
    kinds: new Map<KindName, Kind>(KINDS.map((kind) => [kind.name, kind])),
    reader,
    writer: writeWhileHeld(writer, run.ledger),
    run: run.id,
  });
  if (outcomes.length === 0) return;
  await run.ledger.append(outcomes);
  for (const { address } of outcomes) hear({ type: "retracted", address });
}
