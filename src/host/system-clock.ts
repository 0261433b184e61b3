import type { Clock } from "../model/ports.ts";

/** The machine's clock and timer; `now` stands still at `fixed` where one is given, so that `--now` answers as of that moment. */
export function makeSystemClock(fixed: Date | undefined): Clock {
  return {
    now: () => fixed ?? new Date(),
    monotonic: () => Number(process.hrtime.bigint()) / 1e6,
    sleep: (milliseconds, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted === true) return resolve();
        const finish = (): void => {
          clearTimeout(timer);
          signal?.removeEventListener("abort", finish);
          resolve();
        };
        const timer = setTimeout(finish, milliseconds);
        signal?.addEventListener("abort", finish, { once: true });
      }),
  };
}
