import type { LearnedPace } from "../model/platform.ts";
import { guessRate, type RateGuess } from "./rate-guess.ts";
import type { Refusal } from "./rate-measure.ts";
import { guessWindow, type WindowGuess } from "./window-guess.ts";

/** A limit of the platform, as far as it is known. Times are monotonic milliseconds. */
export interface Limiter {
  /** Milliseconds until one more request may go. */
  waitFor(now: number): number;
  letGo(now: number): void;
  /** Notes that a request was let go which this limiter does not hold, but which the platform may count with those that it holds. */
  passBy(now: number): void;
  /** Notes that such a request was answered, with anything but 429. */
  succeedBeside(now: number, admittedAt: number): void;
  /** Notes that a request let go at `admittedAt` was answered, with anything but 429. */
  succeed(now: number, admittedAt: number): void;
  /**
   * Notes a 429 for a request let go at `admittedAt`: everybody waits, so many milliseconds from now. undefined means that nothing
   * succeeded for so long, or the platform asks for so long a wait, that it is time to give up.
   */
  limit(seen: SeenLimit): number | undefined;
  /** Whether there is anything to learn here, and a 429 or an earlier run has begun it. */
  isKnown(): boolean;
  /** The learned or fixed rate; undefined where there is none. */
  perMinute(): number | undefined;
  /** What was learned, for a later run; undefined where nothing was. */
  learned(): LearnedPace | undefined;
  /** Begins a little below what an earlier run learned. Of no effect where nothing is to be learned. Nonsense is brought within bounds. */
  recall(pace: LearnedPace, now: number): void;
}

/** A 429. */
export interface SeenLimit {
  readonly now: number;
  readonly admittedAt: number;
  /** Milliseconds; undefined where it names none. */
  readonly retryAfter: number | undefined;
}

export interface LimiterOptions {
  readonly start: number;
  /** At most so many requests within any such span, sent as fast as they come. */
  readonly window?: { readonly requests: number; readonly milliseconds: number };
  /** A rate set by people: even spacing, with a second's worth of burst. Nothing is learned then. */
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
/** More requests than that which went where nothing was left tell that another limiter, if any, let them through. */
const MOST_BEYOND = 16;
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

interface LimiterState {
  gateUntil: number;
  lastActive: number;
  wasLimited: boolean;
  /** Requests of others that went where there was nothing left. */
  beyond: number;
  /** The time of the first 429 since the last success, and how many episodes of 429 there were since. */
  droughtFrom: number | undefined;
  episodes: number;
  episodeAt: number;
  readonly limits: readonly Known[];
  readonly learning: Learning | undefined;
}

/** Makes a limiter that knows no limit but those given, until a 429 teaches one. */
export function makeLimiter(options: LimiterOptions): Limiter {
  const { start, window, fixedPerMinute } = options;
  const learning =
    options.learns && fixedPerMinute === undefined ? { rate: guessRate(start), window: guessWindow() } : undefined;
  const state: LimiterState = {
    gateUntil: Number.NEGATIVE_INFINITY,
    lastActive: Number.NEGATIVE_INFINITY,
    wasLimited: false,
    beyond: 0,
    droughtFrom: undefined,
    episodes: 0,
    episodeAt: Number.NEGATIVE_INFINITY,
    limits: [
      ...(window === undefined ? [] : [keepWindow(window)]),
      ...(fixedPerMinute === undefined ? [] : [keepRate(fixedPerMinute / 60_000, start)]),
      ...(learning === undefined ? [] : [keepLearned(learning)]),
    ],
    learning,
  };
  const perMinute = (): number | undefined =>
    fixedPerMinute ?? (learning && (perMinuteOf(learning.window) ?? learning.rate.perMinute()));
  return {
    waitFor: (now) => Math.max(state.gateUntil - now, ...state.limits.map((limit) => limit.waitFor(now))),
    letGo: (now) => {
      for (const limit of state.limits) limit.letGo(now);
      noteActive(state, now);
    },
    passBy: (now) => {
      if (learning !== undefined) notePassing(state, learning, now);
    },
    succeedBeside: (now, admittedAt) => {
      if (state.beyond <= MOST_BEYOND) countSuccess(state, now, admittedAt);
    },
    succeed: (now, admittedAt) => {
      countSuccess(state, now, admittedAt);
      state.lastActive = now;
      state.droughtFrom = undefined;
      state.episodes = 0;
    },
    limit: (seen) => noteLimit(state, seen),
    isKnown: () => state.wasLimited || perMinute() !== undefined,
    perMinute,
    learned: () => learning && tellLearned(learning),
    recall: (pace, now) => {
      if (learning !== undefined) recallPace(learning, pace, now);
    },
  };
}

/** So many requests within any such span. */
function keepWindow({ requests, milliseconds }: NonNullable<LimiterOptions["window"]>): Known {
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
      rate.letGo(now);
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

function noteActive(state: LimiterState, now: number): void {
  if (now - state.lastActive > IDLE_MILLISECONDS && now > state.gateUntil + IDLE_MILLISECONDS) {
    state.learning?.rate.restart(now);
    state.learning?.window.restart();
  }
  state.lastActive = now;
}

function countSuccess({ learning }: LimiterState, now: number, admittedAt: number): void {
  learning?.rate.succeed(admittedAt);
  learning?.window.succeed(now);
}

/** What goes where this limiter has nothing left is let through by another one; a little of that is only a guess that is not exact. */
function notePassing(state: LimiterState, learning: Learning, now: number): void {
  if (state.beyond > MOST_BEYOND) return;
  noteActive(state, now);
  if (learning.window.drain(now) ?? learning.rate.drain(now)) return;
  state.beyond += 1;
  if (state.beyond <= MOST_BEYOND) return;
  learning.window.giveBack();
  learning.rate.giveBack();
}

function noteLimit(state: LimiterState, { now, admittedAt, retryAfter }: SeenLimit): number | undefined {
  state.wasLimited = true;
  state.droughtFrom ??= now;
  // Requests that were already on their way when the first 429 of an episode came teach nothing new; nor do those that were not held.
  if (admittedAt > state.episodeAt && admittedAt >= state.gateUntil)
    startEpisode(state, { now, admittedAt, wait: retryAfter ?? 0 });
  const wait = retryAfter === undefined || retryAfter === 0 ? guessWait(state, retryAfter) : retryAfter;
  if (now + wait - state.droughtFrom > PATIENCE_MILLISECONDS) return undefined;
  state.gateUntil = Math.max(state.gateUntil, now + wait);
  state.learning?.rate.rest(state.gateUntil);
  return state.gateUntil - now;
}

function startEpisode(state: LimiterState, refusal: Refusal): void {
  const { learning } = state;
  state.episodes += 1;
  state.episodeAt = refusal.now;
  learning?.window.refuse(refusal);
  learning?.rate.refuse(refusal);
}

/**
 * A wait where the platform names none: a second, or a tenth of one where it says that none is needed; doubled with each 429
 * that follows without a success between, up to 30 seconds.
 */
function guessWait(state: LimiterState, retryAfter: 0 | undefined): number {
  return Math.min(30_000, (retryAfter === 0 ? 100 : 1000) * 2 ** (state.episodes - 1));
}
