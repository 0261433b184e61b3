import type { Clock } from "../model/ports.ts";

/** When the next request of one kind may be sent. One pace for each limit that the platform keeps separately. */
export interface Pace {
  readonly name: string;
  /** Waits for this request's turn and answers when it was let go (monotonic), or undefined when the signal fired first. */
  admit(): Promise<number | undefined>;
  /** Notes that a request was answered, with anything but 429. */
  succeed(): void;
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
  /** At most so many requests within any such span, sent as fast as they come. */
  readonly window?: { readonly requests: number; readonly milliseconds: number };
  /** A rate set by people: even spacing, with a second's worth of burst. */
  readonly fixedPerMinute?: number | undefined;
  /** Whether a 429 teaches a rate. */
  readonly learns: boolean;
}

/** Waiting this long for 429 without a single success is enough. */
const PATIENCE_MILLISECONDS = 600_000;
/** A pause after which what was measured before says nothing about the limit. */
const IDLE_MILLISECONDS = 2_000;
const RISE_MILLISECONDS = 500;
/** From so many requests on, the span between two 429 tells the rate of a limiter. */
const SUCCESSES_TO_LEARN = 8;

interface PaceState {
  gateUntil: number;
  /** Requests per millisecond. */
  rate: number | undefined;
  /** The last rate that proved too high. */
  badRate: number;
  risenAt: number;
  /** Requests that may go at once under `rate`, and when that was true. */
  credit: number;
  creditAt: number;
  /** Start of the measurement that the next 429 ends, and successes since. */
  measuredFrom: number;
  successes: number;
  lastActive: number;
  /** The time of the first 429 since the last success, and how many episodes of 429 there were since. */
  droughtFrom: number | undefined;
  episodes: number;
  episodeAt: number;
  readonly sent: number[];
}

/** Makes a pace that knows no limit but those given, until a 429 teaches one. */
export function makePace(options: PaceOptions): Pace {
  const { clock } = options;
  const state: PaceState = {
    gateUntil: Number.NEGATIVE_INFINITY,
    rate: options.fixedPerMinute === undefined ? undefined : options.fixedPerMinute / 60_000,
    badRate: Number.POSITIVE_INFINITY,
    risenAt: clock.monotonic(),
    credit: 1,
    creditAt: clock.monotonic(),
    measuredFrom: clock.monotonic(),
    successes: 0,
    lastActive: Number.NEGATIVE_INFINITY,
    droughtFrom: undefined,
    episodes: 0,
    episodeAt: Number.NEGATIVE_INFINITY,
    sent: [],
  };
  // Whoever comes waits for the one before: first come, first served, and only one sleeps.
  let queue: Promise<unknown> = Promise.resolve();
  return {
    name: options.name,
    admit: () => {
      const turn = queue.then(() => waitForTurn(options, state));
      queue = turn;
      return turn;
    },
    succeed: () => {
      state.successes += 1;
      state.lastActive = clock.monotonic();
      state.droughtFrom = undefined;
      state.episodes = 0;
    },
    limit: (admittedAt, retryAfter) => noteLimit(options, state, { admittedAt, retryAfter }),
    perMinute: () => (state.rate === undefined ? undefined : state.rate * 60_000),
  };
}

async function waitForTurn(options: PaceOptions, state: PaceState): Promise<number | undefined> {
  const { clock, signal } = options;
  for (;;) {
    if (signal?.aborted === true) return undefined;
    const now = clock.monotonic();
    const wait = Math.max(state.gateUntil - now, measureWindow(options, state, now), spendCredit(options, state, now));
    if (wait <= 0) return letGo(options, state, now);
    await clock.sleep(Math.ceil(wait));
  }
}

function letGo(options: PaceOptions, state: PaceState, now: number): number {
  state.credit -= 1;
  if (options.window !== undefined) state.sent.push(now);
  if (now - state.lastActive > IDLE_MILLISECONDS && now > state.gateUntil + IDLE_MILLISECONDS) {
    state.measuredFrom = now;
    state.successes = 0;
  }
  state.lastActive = now;
  return now;
}

/** Milliseconds until the window has room again. */
function measureWindow(options: PaceOptions, state: PaceState, now: number): number {
  const { window } = options;
  if (window === undefined) return 0;
  while (state.sent[0] !== undefined && state.sent[0] + window.milliseconds <= now) state.sent.shift();
  const oldest = state.sent[state.sent.length - window.requests];
  return oldest === undefined ? 0 : oldest + window.milliseconds - now;
}

/** Milliseconds until the rate allows one more request. */
function spendCredit(options: PaceOptions, state: PaceState, now: number): number {
  if (state.rate === undefined) return 0;
  if (options.fixedPerMinute === undefined) riseSlowly(state, now);
  const burst = options.fixedPerMinute === undefined ? 1 : Math.max(1, state.rate * 1000);
  state.credit = Math.min(burst, state.credit + (now - state.creditAt) * state.rate);
  state.creditAt = now;
  // Less than a thousandth short is rounding, not a debt.
  return state.credit >= 0.999 ? 0 : (1 - state.credit) / state.rate;
}

/** Creeps up by 5 % each half second, ten times more slowly near the rate that last proved too high. */
function riseSlowly(state: PaceState, now: number): void {
  if (state.rate === undefined || now - state.risenAt < RISE_MILLISECONDS || now < state.gateUntil) return;
  state.risenAt = now;
  state.rate *= state.rate < state.badRate * 0.95 ? 1.05 : 1.005;
}

function noteLimit(
  options: PaceOptions,
  state: PaceState,
  seen: { readonly admittedAt: number; readonly retryAfter: number | undefined },
): number | undefined {
  const now = options.clock.monotonic();
  state.droughtFrom ??= now;
  // Requests that were already on their way when the first 429 of an episode came teach nothing new.
  if (seen.admittedAt >= state.episodeAt) startEpisode(options, state, now);
  const wait =
    seen.retryAfter === undefined || seen.retryAfter === 0 ? guessWait(state, seen.retryAfter) : seen.retryAfter;
  if (now + wait - state.droughtFrom > PATIENCE_MILLISECONDS) return undefined;
  state.gateUntil = Math.max(state.gateUntil, now + wait);
  return state.gateUntil - now;
}

function startEpisode(options: PaceOptions, state: PaceState, now: number): void {
  state.episodes += 1;
  state.episodeAt = now;
  if (!options.learns || options.fixedPerMinute !== undefined) return;
  // From one 429 to the next, waiting included: just what the limiter let through.
  const measured = state.successes / Math.max(1, now - state.measuredFrom);
  // A 429 after a handful of requests tells of no rate: it is somebody else's doing, or chance. It is waited out, no more.
  if (state.successes >= SUCCESSES_TO_LEARN) {
    state.badRate = measured;
    // A pause in our own work must not look like a slow limiter: never less than half of what was known.
    state.rate = Math.max(measured * 0.9, (state.rate ?? 0) / 2);
  }
  state.measuredFrom = now;
  state.successes = 0;
  state.credit = 0;
  state.creditAt = now;
  state.risenAt = now;
}

/**
 * A wait where the platform names none: a second, or a tenth of one where it says that none is needed; doubled with each 429
 * that follows without a success between, up to 30 seconds.
 */
function guessWait(state: PaceState, retryAfter: 0 | undefined): number {
  return Math.min(30_000, (retryAfter === 0 ? 100 : 1000) * 2 ** (state.episodes - 1));
}
