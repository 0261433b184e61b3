import type { UndoSource } from "../../engine/aim-undo.ts";
import type { RotationDemand } from "../../engine/demand-rotation.ts";
import { completeSight as completeSeen, readSight, type Sight } from "../../engine/read-sight.ts";
import { recallPart } from "../../engine/recall-part.ts";
import type { Manifest } from "../../model/manifest.ts";
import type { Memory } from "../../model/plan.ts";
import type { Limits } from "../../model/policy.ts";
import type { Shard } from "../../model/shard.ts";
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
    readonly targets?: readonly string[];
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

/** What the ledger remembers for a part of the account; without a shard, for all of it. It is only read: where there is none, none is made. */
export async function recallReading(
  session: Session,
  { manifest, shard }: { readonly manifest: Manifest; readonly shard?: Shard | undefined },
): Promise<Memory> {
  return recallPart(await findLedgerPlace(session), { manifest, shard, now: session.clock.now() }, hearIn(session));
}
