import type { Clock } from "../../src/model/ports.ts";

/** A clock that jumps to the next wake-up as soon as everybody sleeps, so that hours pass in no time and always alike. */
export interface VirtualClock extends Clock {
  /** Milliseconds since the start. */
  elapsed(): number;
}

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** Makes a virtual clock. Everything that is waited for must be waited for through it: it cannot see sockets. */
export function makeVirtualClock(start: Date = new Date("2026-01-01T00:00:00Z")): VirtualClock {
  let time = 0;
  let isWatching = false;
  const sleepers = new Set<Sleeper>();

  function watch(): void {
    if (isWatching) return;
    isWatching = true;
    // A turn of the event loop without a new sleeper means that whoever runs has run as far as it can.
    setImmediate(() => {
      isWatching = false;
      advance();
    });
  }

  function advance(): void {
    let next: Sleeper | undefined;
    for (const sleeper of sleepers) if (next === undefined || sleeper.at < next.at) next = sleeper;
    if (next === undefined) return;
    time = Math.max(time, next.at);
    sleepers.delete(next);
    next.wake();
    watch();
  }

  return {
    now: () => new Date(start.getTime() + time),
    monotonic: () => time,
    elapsed: () => time,
    sleep: (milliseconds, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted === true) return resolve();
        const finish = (): void => {
          sleepers.delete(sleeper);
          signal?.removeEventListener("abort", finish);
          resolve();
        };
        const sleeper: Sleeper = { at: time + milliseconds, wake: finish };
        sleepers.add(sleeper);
        signal?.addEventListener("abort", finish, { once: true });
        watch();
      }),
  };
}
