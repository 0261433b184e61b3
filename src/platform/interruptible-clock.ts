import type { Clock } from "../model/ports.ts";

/**
 * A clock whose sleeps all end when the signal fires. It listens to the signal once for all of them: many requests wait at a time,
 * and Node takes more than ten listeners on one signal for a leak and says so on stderr.
 */
export function makeInterruptibleClock(clock: Clock, signal: AbortSignal | undefined): Clock {
  if (signal === undefined) return clock;
  const asleep = new Set<AbortController>();
  signal.addEventListener("abort", () => {
    for (const sleeper of asleep) sleeper.abort();
  });
  return {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    sleep: async (milliseconds) => {
      if (signal.aborted) return;
      const sleeper = new AbortController();
      asleep.add(sleeper);
      try {
        await clock.sleep(milliseconds, sleeper.signal);
      } finally {
        asleep.delete(sleeper);
      }
    },
  };
}
