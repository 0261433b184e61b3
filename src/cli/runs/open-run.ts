import { openRun, type Run } from "../../engine/open-run.ts";
import { systemHost } from "../../host/system-host.ts";
import { systemRandom } from "../../host/system-random.ts";
import type { Shard } from "../../model/shard.ts";
import { hearIn } from "../hear-in.ts";
import { findLedgerPlace } from "../manifest-home.ts";
import type { Session } from "../session.ts";

export type { Run } from "../../engine/open-run.ts";

/** Works with the ledger, or that of one part, open for writing and locked; gives the lock back however the work ends. */
export async function withRun<T>(session: Session, work: (run: Run) => Promise<T>, shard?: Shard): Promise<T> {
  const machine = { clock: session.clock, host: systemHost, random: systemRandom };
  return openRun({ ...(await findLedgerPlace(session)), ...machine, shard }, hearIn(session), work);
}
