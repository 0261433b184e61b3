import type { LearnedPace } from "../model/platform.ts";
import type { Clock } from "../model/ports.ts";
import { guessRate, type RateGuess } from "./rate-guess.ts";
import { guessWindow, type WindowGuess } from "./window-guess.ts";

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
  /** What was learned of the limit, for a later run; undefined where nothing was. */
  learned(): LearnedPace | undefined;
  /**
   * Begins a little below what an earlier run learned, and answers with how many requests a minute that is; undefined where
   * something is known already. Nonsense is brought within bounds.
   */
  recall(pace: LearnedPace): number | undefined;
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
/** Slowest and fastest that is believed of an earlier run, in requests a minute, and the most at once. */
const [LEAST_PER_MINUTE, MOST_PER_MINUTE, MOST_AT_ONCE] = [6, 600_000, 100_000];
/** Shortest and longest window that is believed. */
const [LEAST_WINDOW, MOST_WINDOW] = [1_000, 600_000];

/** What is known of the limit. */
interface Known {
  /** Milliseconds until one more request may go, if nothing but this counted. */
  waitFor(now: number): number;
  letGo(now: number): void;
}

/** What refusals teach. */
interface Learning {
  readonly rate: RateGuess;
  readonly window: WindowGuess;
}

interface PaceState {
  gateUntil: number;
  /** Requests that were let through since the last 429, or since the last long pause. */
  successes: number;
  lastActive: number;
  /** The time of the first 429 since the last success, and how many episodes of 429 there were since. */
  droughtFrom: number | undefined;
  episodes: number;
  episodeAt: number;
  readonly limits: readonly Known[];
  readonly learning: Learning | undefined;
}

/** Makes a pace that knows no limit but those given, until a 429 teaches one. */
export function makePace(options: PaceOptions): Pace {
  const { clock, fixedPerMinute } = options;
  const learning =
    options.learns && fixedPerMinute === undefined
      ? { rate: guessRate(clock.monotonic()), window: guessWindow() }
      : undefined;
  const state: PaceState = {
    gateUntil: Number.NEGATIVE_INFINITY,
    successes: 0,
    lastActive: Number.NEGATIVE_INFINITY,
    droughtFrom: undefined,
    episodes: 0,
    episodeAt: Number.NEGATIVE_INFINITY,
    limits: [
      ...(options.window === undefined ? [] : [keepWindow(options.window)]),
      ...(fixedPerMinute === undefined ? [] : [keepRate(fixedPerMinute / 60_000, clock.monotonic())]),
      ...(learning === undefined ? [] : [keepLearned(learning)]),
    ],
    learning,
  };
  const perMinute = (): number | undefined =>
    fixedPerMinute ?? (learning && (perMinuteOf(learning.window) ?? learning.rate.perMinute()));
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
      learning?.window.succeed();
      state.lastActive = clock.monotonic();
      state.droughtFrom = undefined;
      state.episodes = 0;
    },
    limit: (admittedAt, retryAfter) => noteLimit(options, state, { admittedAt, retryAfter }),
    perMinute,
    learned: () => learning && tellLearned(learning),
    recall: (pace) => {
      if (learning === undefined || perMinute() !== undefined) return undefined;
      recallPace(learning, pace, clock.monotonic());
      return perMinute();
    },
  };
}

/** So many requests within any such span. */
function keepWindow({ requests, milliseconds }: NonNullable<PaceOptions["window"]>): Known {
  const sent: number[] = [];
  return {
    waitFor: (now) => {
      while (sent[0] !== undefined && sent[0] + milliseconds <= now) sent.shift();
      const oldest = sent[sent.length - requests];
      return oldest === undefined ? 0 : oldest + milliseconds - now;
    },
    letGo: (now) => {
      sent.push(now);
    },
  };
}

/** Requests per millisecond, evenly spaced, with a second's worth at once. */
function keepRate(rate: number, start: number): Known {
  const most = Math.max(1, rate * 1000);
  let [credit, at] = [1, start];
  return {
    waitFor: (now) => {
      credit = Math.min(most, credit + (now - at) * rate);
      at = now;
      // Less than a thousandth short is rounding, not a debt.
      return credit >= 0.999 ? 0 : (1 - credit) / rate;
    },
    letGo: () => {
      credit -= 1;
    },
  };
}

/** A limiter that counts in windows has no rate besides. */
function keepLearned({ rate, window }: Learning): Known {
  return {
    waitFor: (now) => window.waitFor(now) ?? rate.waitFor(now),
    letGo: (now) => {
      window.letGo(now);
      rate.letGo();
    },
  };
}

function perMinuteOf(window: WindowGuess): number | undefined {
  const learned = window.learned();
  return learned && (60_000 * learned.requests) / learned.milliseconds;
}

function tellLearned({ rate, window }: Learning): LearnedPace | undefined {
  const learned = window.learned();
  const perMinute = perMinuteOf(window);
  return learned === undefined || perMinute === undefined ? rate.learned() : { perMinute, window: learned };
}

function recallPace({ rate, window }: Learning, pace: LearnedPace, now: number): void {
  const { perMinute, burst, window: learned } = pace;
  if (learned !== undefined) {
    const requests = clamp(learned.requests, 1, MOST_AT_ONCE);
    window.recall({ requests, milliseconds: clamp(learned.milliseconds, LEAST_WINDOW, MOST_WINDOW) });
    return;
  }
  const believed = { perMinute: clamp(perMinute, LEAST_PER_MINUTE, MOST_PER_MINUTE) };
  rate.recall(burst === undefined ? believed : { ...believed, burst: clamp(burst, 1, MOST_AT_ONCE) }, now);
}

function clamp(number: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, number));
}

async function waitForTurn(options: PaceOptions, state: PaceState): Promise<number | undefined> {
  const { clock, signal } = options;
  for (;;) {
    if (signal?.aborted === true) return undefined;
    const now = clock.monotonic();
    const wait = Math.max(state.gateUntil - now, ...state.limits.map((limit) => limit.waitFor(now)));
    if (wait <= 0) return letGo(state, now);
    await clock.sleep(Math.ceil(wait));
  }
}

function letGo(state: PaceState, now: number): number {
  for (const limit of state.limits) limit.letGo(now);
  if (now - state.lastActive > IDLE_MILLISECONDS && now > state.gateUntil + IDLE_MILLISECONDS) {
    state.learning?.rate.restart(now);
    state.successes = 0;
  }
  state.lastActive = now;
  return now;
}

function noteLimit(
  options: PaceOptions,
  state: PaceState,
  seen: { readonly admittedAt: number; readonly retryAfter: number | undefined },
): number | undefined {
  const now = options.clock.monotonic();
  state.droughtFrom ??= now;
  // Requests that were already on their way when the first 429 of an episode came teach nothing new.
  if (seen.admittedAt > state.episodeAt) startEpisode(state, now, seen.retryAfter);
  const wait =
    seen.retryAfter === undefined || seen.retryAfter === 0 ? guessWait(state, seen.retryAfter) : seen.retryAfter;
  if (now + wait - state.droughtFrom > PATIENCE_MILLISECONDS) return undefined;
  state.gateUntil = Math.max(state.gateUntil, now + wait);
  state.learning?.rate.rest(now, state.gateUntil);
  return state.gateUntil - now;
}

function startEpisode(state: PaceState, now: number, retryAfter: number | undefined): void {
  const { learning, successes } = state;
  state.episodes += 1;
  state.episodeAt = now;
  state.successes = 0;
  learning?.window.refuse(now, retryAfter ?? 0, successes);
  learning?.rate.refuse(now, successes);
}

/**
 * A wait where the platform names none: a second, or a tenth of one where it says that none is needed; doubled with each 429
 * that follows without a success between, up to 30 seconds.
 */
function guessWait(state: PaceState, retryAfter: 0 | undefined): number {
  return Math.min(30_000, (retryAfter === 0 ? 100 : 1000) * 2 ** (state.episodes - 1));
}
