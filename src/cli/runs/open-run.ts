import { systemHost } from "../../host/system-host.ts";
import { systemRandom } from "../../host/system-random.ts";
import { type Ledger, openLedger } from "../../state/ledger.ts";
import { ledgerPath } from "../../state/ledger-location.ts";
import { type Lock, takeLock } from "../../state/lock.ts";
import { findLedger } from "../manifest-home.ts";
import { renderDiagnostics } from "../render/diagnostics-text.ts";
import type { Session } from "../session.ts";

/** One apply: its name, and the ledger under its lock. */
export interface Run {
  readonly id: string;
  readonly ledger: Ledger;
  readonly ledgerFile: string;
}

/** Works with the ledger open for writing and locked; gives the lock back however the work ends. */
export async function withRun<T>(session: Session, work: (run: Run) => Promise<T>): Promise<T> {
  const { files, clock } = session;
  const location = await findLedger(session);
  const id = `run_${systemRandom.id()}`;
  const lock = await takeLock({ path: ledgerPath(location), files, host: systemHost, clock, run: id });
  try {
    lock.keep();
    const ledger = guardLedger(await openLedger({ location, files, clock }), lock);
    session.tell(renderDiagnostics([...lock.notes, ...ledger.notes], session.errorPaint));
    try {
      return await work({ id, ledger, ledgerFile: ledgerPath(location) });
    } finally {
      await ledger.close();
    }
  } finally {
    await lock.release();
  }
}

/** A ledger that is only written to while its lock is held. */
function guardLedger(ledger: Ledger, lock: Lock): Ledger {
  return {
    ...ledger,
    append: async (entries) => {
      await lock.ensureHeld();
      await ledger.append(entries);
    },
  };
}
