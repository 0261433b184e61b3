import type { LearnedPace, Pacing } from "../model/platform.ts";
import type { Clock } from "../model/ports.ts";
import { makeLimiter } from "./limiter.ts";
import { makePace, type Pace } from "./pace.ts";
import type { PlatformEvent } from "./platform-event.ts";

/** The paces of reads and writes by REST. */
export interface RestPaces extends Pacing {
  readonly reads: Pace;
  readonly writes: Pace;
}

interface RestPacesOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal | undefined;
  /** A rate set by people, for all of REST together. */
  readonly fixedPerMinute: number | undefined;
  readonly onEvent: (event: PlatformEvent) => void;
}

/**
 * Makes the paces of REST. Nobody tells whether the platform counts reads and writes together. As long as only one of them was ever
 * refused, the other is not held; but it counts, for it may take what there is. Once both were refused, one limiter holds both.
 */
export function makeRestPaces(options: RestPacesOptions): RestPaces {
  const { clock, signal, fixedPerMinute } = options;
  const start = clock.monotonic();
  const make = () => makeLimiter({ start, fixedPerMinute, learns: true });
  const limiters = { reads: make(), writes: make() };
  const join = (sort: "reads" | "writes", other: "reads" | "writes"): void => {
    if (!limiters[sort].isKnown() && limiters[other].isKnown()) limiters[sort] = limiters[other];
  };
  const pace = (name: string, sort: "reads" | "writes", other: "reads" | "writes"): Pace =>
    makePace({
      ...{ name, clock, signal },
      limiter: () => limiters[sort],
      onAdmitted: (now) => {
        if (limiters[sort] !== limiters[other]) limiters[other].passBy(now);
      },
      onSucceeded: (now, admittedAt) => {
        if (limiters[sort] !== limiters[other]) limiters[other].succeedBeside(now, admittedAt);
      },
      onLimited: () => join(sort, other),
    });
  const reads = pace("REST reads", "reads", "writes");
  const writes = fixedPerMinute === undefined ? pace("REST writes", "writes", "reads") : reads;
  return {
    reads,
    writes,
    writesPerMinute: writes.perMinute,
    learned: () => {
      const [read, write] = [limiters.reads.learned(), limiters.writes.learned()];
      return { ...(read !== undefined && { reads: read }), ...(write !== undefined && { writes: write }) };
    },
    recall: (paces) => {
      if (fixedPerMinute !== undefined || limiters.reads.isKnown() || limiters.writes.isKnown()) return;
      const now = clock.monotonic();
      // Both were refused: it is one limiter, of which whoever saw more of it knows more.
      if (paces.reads !== undefined && paces.writes !== undefined) {
        limiters.writes.recall(chooseFaster(paces.reads, paces.writes), now);
        limiters.reads = limiters.writes;
      } else if (paces.writes !== undefined) limiters.writes.recall(paces.writes, now);
      else if (paces.reads !== undefined) limiters.reads.recall(paces.reads, now);
      for (const { name, perMinute } of [reads, writes]) {
        const rate = perMinute();
        if (rate !== undefined) options.onEvent({ event: "recalled", pace: name, perMinute: rate });
      }
    },
  };
}

function chooseFaster(one: LearnedPace, other: LearnedPace): LearnedPace {
  return one.perMinute > other.perMinute ? one : other;
}
