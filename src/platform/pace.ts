import type { Clock } from "../model/ports.ts";
import type { Limiter } from "./limiter.ts";

/** When the next request of one kind may be sent. */
export interface Pace {
  readonly name: string;
  /** Waits for this request's turn and answers when it was let go (monotonic), or undefined when the signal fired first. */
  admit(): Promise<number | undefined>;
  /** Notes that a request let go at `admittedAt` was answered, with anything but 429. */
  succeed(admittedAt: number): void;
  /**
   * Notes a 429 for a request let go at `admittedAt`: everybody on this pace waits. undefined means that nothing succeeded for
   * so long, or the platform asks for so long a wait, that it is time to give up.
   */
  limit(admittedAt: number, retryAfter: number | undefined): number | undefined;
  /** The learned or fixed rate; undefined where there is none. */
  perMinute(): number | undefined;
}

interface PaceOptions {
  readonly name: string;
  /** Its sleeps end when the signal fires. */
  readonly clock: Clock;
  readonly signal: AbortSignal | undefined;
  /** What holds its requests, by what is known at that moment. */
  readonly limiter: () => Limiter;
  /** Told when a request is let go. */
  readonly onAdmitted?: (now: number) => void;
  /** Told when such a request was answered, with anything but 429. */
  readonly onSucceeded?: (now: number, admittedAt: number) => void;
  /** Told of a 429, before the limiter hears of it. */
  readonly onLimited?: () => void;
}

/** Makes a pace that keeps to a limiter. */
export function makePace(options: PaceOptions): Pace {
  const { clock, limiter } = options;
  // Whoever comes waits for the one before: first come, first served, and only one sleeps.
  let queue: Promise<unknown> = Promise.resolve();
  return {
    name: options.name,
    admit: () => {
      const turn = queue.then(() => waitForTurn(options));
      queue = turn;
      return turn;
    },
    succeed: (admittedAt) => {
      const now = clock.monotonic();
      limiter().succeed(now, admittedAt);
      options.onSucceeded?.(now, admittedAt);
    },
    limit: (admittedAt, retryAfter) => {
      options.onLimited?.();
      return limiter().limit({ now: clock.monotonic(), admittedAt, retryAfter });
    },
    perMinute: () => limiter().perMinute(),
  };
}

async function waitForTurn({ clock, signal, limiter, onAdmitted }: PaceOptions): Promise<number | undefined> {
  for (;;) {
    if (signal?.aborted === true) return undefined;
    const now = clock.monotonic();
    const wait = limiter().waitFor(now);
    if (wait > 0) {
      await clock.sleep(Math.ceil(wait));
      continue;
    }
    limiter().letGo(now);
    onAdmitted?.(now);
    return now;
  }
}
