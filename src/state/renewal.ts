import type { Clock } from "../model/ports.ts";

/** Something that is done from time to time. */
export interface Renewal {
  start(): void;
  /** Ends it, and waits for what is under way. */
  stop(): Promise<void>;
}

/**
 * Renews a lock each so many milliseconds, once started, for as long as `renew` comes to true: false says that it is lost. What
 * fails is tried again at the next time.
 */
export function makeRenewal(clock: Clock, every: number, renew: () => Promise<boolean>): Renewal {
  const ending = new AbortController();
  let going: Promise<void> | undefined;
  const go = async (): Promise<void> => {
    for (;;) {
      await clock.sleep(every, ending.signal);
      if (ending.signal.aborted) return;
      if (!(await renew().catch(() => true))) return;
    }
  };
  return {
    start: () => {
      going ??= go();
    },
    stop: async () => {
      ending.abort();
      await going;
    },
  };
}
