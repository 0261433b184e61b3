import type { UndoSource } from "../../engine/aim-undo.ts";
import type { RotationDemand } from "../../engine/demand-rotation.ts";
import type { IsOurs } from "../../engine/own-doubts.ts";
import { completeSight as completeSeen, readSight, recallOnly, type Sight } from "../../engine/read-sight.ts";
import type { Manifest } from "../../model/manifest.ts";
import type { Memory } from "../../model/plan.ts";
import type { Limits } from "../../model/policy.ts";
import type { Shard } from "../../model/shard.ts";
import { readHead, readMemory } from "../../state/ledger.ts";
import type { Reading } from "../context.ts";
import { hearIn } from "../hear-in.ts";
import { findLedgerPlace } from "../manifest-home.ts";
import type { Session } from "../session.ts";

export { checkAccount, planFrom, type Sight } from "../../engine/read-sight.ts";

/** Reads of the account what the manifest needs, after making sure that it is the manifest's account. Throws DiagnosedError when it is not. */
export async function readAccount(
  session: Session,
  options: {
    readonly manifest: Manifest;
    readonly reading: Reading;
    readonly undo?: UndoSource | undefined;
    readonly rotate?: RotationDemand | undefined;
    readonly memory?: Memory;
    readonly shard?: Shard | undefined;
  },
): Promise<Sight> {
  const { reading, ...query } = options;
  return readSight(reading, { ...query, now: session.clock.now() }, hearIn(session));
}

/** Reads what a plan of what was seen needs beside, to say whom it hits and what stays behind. Nothing is read where nothing would change. */
export async function completeSight(
  session: Session,
  sight: Sight,
  options: { readonly reading: Reading; readonly memory: Memory; readonly limits: Limits },
): Promise<Sight> {
  return completeSeen(options.reading, { ...options, sight }, hearIn(session));
}

/** The part of the account that is planned, and what is its own. */
interface OwnPart {
  readonly shard?: Shard | undefined;
  readonly isOurs?: IsOurs;
}

/** What the ledger remembers. It is only read: where there is none, nothing is remembered and none is made. */
export async function recallReading(session: Session, part: OwnPart = {}): Promise<Memory> {
  const place = await findLedgerPlace(session);
  const { memory: recollection, notes, exists } = await readMemory(place);
  const hear = hearIn(session);
  hear({ type: "noted", diagnostics: notes });
  const memory = recallOnly(recollection, hear, { exists, ...part });
  if (part.shard === undefined || !exists) return memory;
  // What was used up of approvals of a part stands in the part itself.
  return { ...memory, head: await readHead(place, part.shard.part) };
}
