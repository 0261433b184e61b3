import type { Clock } from "../../src/model/ports.ts";

/** A clock that moves only when it is told to. */
export interface HandClock extends Clock {
  advance(milliseconds: number): void;
}

/** Makes a clock that stands at an instant. */
export function makeHandClock(start: string = "2026-06-01T12:00:00.000Z"): HandClock {
  let elapsed = 0;
  return {
    now: () => new Date(Date.parse(start) + elapsed),
    monotonic: () => elapsed,
    sleep: async (milliseconds) => {
      elapsed += milliseconds;
    },
    advance: (milliseconds) => {
      elapsed += milliseconds;
    },
  };
}
