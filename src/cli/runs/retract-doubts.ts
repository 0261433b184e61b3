import { retractUndelivered } from "../../apply/retract-undelivered.ts";
import { KINDS } from "../../kinds/registry.ts";
import type { KindName } from "../../model/address.ts";
import type { Kind } from "../../model/kind.ts";
import { recallMemory } from "../../state/memory.ts";
import type { Writing } from "../context.ts";
import { harmless } from "../render/harmless.ts";
import type { Session } from "../session.ts";
import type { Run } from "./open-run.ts";

/** Revokes what a run that broke off left behind without anybody having its secret, before anything is read or planned. */
export async function retractDoubts(session: Session, run: Run, writing: Writing): Promise<void> {
  const lines = run.ledger.lines();
  const outcomes = await retractUndelivered({
    inDoubt: recallMemory(lines).inDoubt,
    lines,
    kinds: new Map<KindName, Kind>(KINDS.map((kind) => [kind.name, kind])),
    reader: writing.reader,
    writer: writing.writer,
    run: run.id,
  });
  if (outcomes.length === 0) return;
  await run.ledger.append(outcomes);
  for (const { address } of outcomes) {
    const text = `An earlier run broke off at ${harmless(address)} before its secret reached its place; what it made is revoked.`;
    session.tell(`${text}\n`);
    session.events?.emit("log", "warn", text, {});
  }
}
