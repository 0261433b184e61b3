import type { Clock, Files, Host, Random } from "../model/ports.ts";
import { type Ledger, openLedger } from "../state/ledger.ts";
import { ledgerPath } from "../state/ledger-location.ts";
import { type Lock, takeLock } from "../state/lock.ts";
import type { Hear } from "./engine-event.ts";

/** One apply: its name, and the ledger under its lock. */
export interface Run {
  readonly id: string;
  readonly ledger: Ledger;
  readonly ledgerFile: string;
}

/** What a run needs of the machine, and where its ledger is. */
export interface RunPlace {
  readonly location: string;
  readonly files: Files;
  readonly clock: Clock;
  readonly host: Host;
  readonly random: Random;
}

/** Works with the ledger open for writing and locked; gives the lock back however the work ends. */
export async function openRun<T>(place: RunPlace, hear: Hear, work: (run: Run) => Promise<T>): Promise<T> {
  const { location, files, clock, host, random } = place;
  const id = `run_${random.id()}`;
  const lock = await takeLock({ path: ledgerPath(location), files, host, clock, run: id });
  try {
    lock.keep();
    const ledger = guardLedger(await openLedger({ location, files, clock }), lock);
    hear({ type: "noted", diagnostics: [...lock.notes, ...ledger.notes] });
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
