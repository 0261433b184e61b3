import type { Lock } from "../model/ledger-store.ts";
import type { Clock } from "../model/ports.ts";

/** Whether a lock is held, for whoever asks often. Both throw as the lock does. */
export interface LockWatch {
  ensureHeld(): Promise<void>;
  /** What was found a moment ago counts. */
  ensureHeldLately(): Promise<void>;
}

/** Calls go out by the hundred in a second, and asking the disk before each takes a good part of what sending it does. */
const MOMENT_MILLISECONDS = 100;

/** Watches a lock. A moment is over by either clock: the one that only counts stands still while a machine sleeps. */
export function watchLock(lock: Pick<Lock, "ensureHeld">, clock: Clock): LockWatch {
  let elapsed = Number.NEGATIVE_INFINITY;
  let at = Number.NEGATIVE_INFINITY;
  const wasHeldLately = (): boolean =>
    clock.monotonic() - elapsed <= MOMENT_MILLISECONDS && Math.abs(clock.now().getTime() - at) <= MOMENT_MILLISECONDS;
  const ensureHeld = async (): Promise<void> => {
    const began = { elapsed: clock.monotonic(), at: clock.now().getTime() };
    await lock.ensureHeld();
    ({ elapsed, at } = began);
  };
  return {
    ensureHeld,
    ensureHeldLately: async () => {
      if (!wasHeldLately()) await ensureHeld();
    },
  };
}
