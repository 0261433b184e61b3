import type { Clock, Host, Random } from "../model/ports.ts";
import { type Ledger, openLedger } from "../state/ledger.ts";
import { type LedgerPlace, openStore } from "../state/open-store.ts";
import type { Hear } from "./engine-event.ts";

/** One apply: its name, and the ledger under its lock. */
export interface Run {
  readonly id: string;
  readonly ledger: Ledger;
  /** Where it is, as people may see it. */
  readonly ledgerFile: string;
}

/** What a run needs of the machine, and where its ledger is. */
export interface RunPlace extends LedgerPlace {
  readonly clock: Clock;
  readonly host: Host;
  readonly random: Random;
}

/** Works with the ledger open for writing and locked; gives the lock back however the work ends. */
export async function openRun<T>(place: RunPlace, hear: Hear, work: (run: Run) => Promise<T>): Promise<T> {
  const { clock, host, random } = place;
  const id = `run_${random.id()}`;
  const store = await openStore(place);
  try {
    const lock = await store.takeLock({ host, clock, run: id });
    try {
      lock.keep();
      const ledger = await openLedger({ store, clock, lock });
      hear({ type: "noted", diagnostics: [...lock.notes, ...ledger.notes] });
      try {
        return await work({ id, ledger, ledgerFile: store.shown });
      } finally {
        await ledger.close();
      }
    } finally {
      await lock.release();
    }
  } finally {
    await store.close();
  }
}
