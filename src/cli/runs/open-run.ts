import { openRun, type Run } from "../../engine/open-run.ts";
import { systemHost } from "../../host/system-host.ts";
import { systemRandom } from "../../host/system-random.ts";
import { hearIn } from "../hear-in.ts";
import { findLedger } from "../manifest-home.ts";
import type { Session } from "../session.ts";

export type { Run } from "../../engine/open-run.ts";

/** Works with the ledger open for writing and locked; gives the lock back however the work ends. */
export async function withRun<T>(session: Session, work: (run: Run) => Promise<T>): Promise<T> {
  const { files, clock } = session;
  const location = await findLedger(session);
  return openRun({ location, files, clock, host: systemHost, random: systemRandom }, hearIn(session), work);
}
