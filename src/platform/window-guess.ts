import type { LearnedWindow } from "../model/platform.ts";

/**
 * A limiter that counts in windows: so many requests from one instant to the next, as fast as they come, and then a `Retry-After`
 * that points to the next instant. Guessed from two such answers, since nobody tells.
 */
export interface WindowGuess {
  /** Milliseconds until one more request may go; undefined where no window is known. */
  waitFor(now: number): number | undefined;
  /** Notes that a request goes. */
  letGo(now: number): void;
  /** Notes that a request was answered, with anything but a refusal. */
  succeed(): void;
  /** Notes the first refusal of several: it asks to wait so many milliseconds, and so many requests went through since the last one. */
  refuse(now: number, wait: number, successes: number): void;
  learned(): LearnedWindow | undefined;
  recall(window: LearnedWindow): void;
}

/** Buckets ask for a second at most, which is the smallest that is asked for at all. */
const LEAST_WAIT = 2_000;
/** `Retry-After` has whole seconds, so that the instant is told too late by up to one. */
const ROUNDING = 1_000;
/** Fewer requests than that in a window tell of somebody else, or of chance; so do two windows that differ by more than a quarter. */
const [LEAST_REQUESTS, MOST_DIFFERENCE] = [8, 0.25];

interface Known {
  requests: number;
  period: number;
  /** An end that was told, from which the period is measured: the further away, the less the rounding matters. */
  measuredFrom: number | undefined;
  /** When the present window ends; undefined until its first request. */
  end: number | undefined;
  used: number;
  passed: number;
  /** By how much the next window is tried to be larger, where this one is used up without a refusal. */
  rise: number;
}

/** Makes a guess that knows of no window yet. */
export function guessWindow(): WindowGuess {
  let known: Known | undefined;
  /** What an earlier refusal pointed to. */
  let told: { readonly end: number; readonly requests: number } | undefined;
  return {
    waitFor: (now) => {
      if (known === undefined) return undefined;
      turnOver(known, now);
      return known.used < known.requests || known.end === undefined ? 0 : known.end - now;
    },
    letGo: (now) => {
      if (known === undefined) return;
      known.end ??= now + known.period;
      known.used += 1;
    },
    succeed: () => {
      if (known !== undefined) known.passed += 1;
    },
    refuse: (now, wait, successes) => {
      const end = now + wait;
      if (known !== undefined) return closeWindow(known, end);
      if (wait < LEAST_WAIT || successes < LEAST_REQUESTS) {
        told = undefined;
        return;
      }
      const period = told === undefined ? 0 : Math.round((end - told.end) / ROUNDING) * ROUNDING;
      const difference = told === undefined ? 1 : Math.abs(successes - told.requests) / successes;
      if (period >= LEAST_WAIT && difference <= MOST_DIFFERENCE)
        known = begin({ requests: successes, milliseconds: period }, { end, used: successes, measuredFrom: end });
      told = { end, requests: successes };
    },
    learned: () => known && { requests: known.requests, milliseconds: Math.round(known.period) },
    recall: ({ requests, milliseconds }) => {
      known = begin({ requests, milliseconds }, { end: undefined, used: 0, measuredFrom: undefined });
    },
  };
}

function begin(
  { requests, milliseconds }: LearnedWindow,
  at: { readonly end: number | undefined; readonly used: number; readonly measuredFrom: number | undefined },
): Known {
  return { requests, period: milliseconds, passed: 0, rise: 1, ...at };
}

/**
 * Begins the next window where the present one is over. One that was used up without a refusal may have had room for more: one
 * request is tried, then two, then four, so that a window that was none, or is larger by now, does not hold for long.
 */
function turnOver(known: Known, now: number): void {
  if (known.end === undefined || now < known.end) return;
  if (known.passed >= known.requests) {
    known.requests += known.rise;
    known.rise *= 2;
  }
  known.end += known.period * (1 + Math.floor((now - known.end) / known.period));
  known.used = 0;
  known.passed = 0;
}

/**
 * The window is full: its end is what was told, or what was known before where that is the same but for the rounding. How much
 * fits into a window is learned from one that was seen from its beginning.
 */
function closeWindow(known: Known, end: number): void {
  const isSame = known.end !== undefined && Math.abs(end - known.end) <= ROUNDING;
  known.end = isSame ? Math.min(end, known.end ?? end) : end;
  if (known.measuredFrom !== undefined) {
    const windows = Math.max(1, Math.round((end - known.measuredFrom) / known.period));
    const period = (end - known.measuredFrom) / windows;
    if (Math.abs(period - known.period) <= ROUNDING) known.period = Math.max(LEAST_WAIT / 2, period);
  }
  known.measuredFrom ??= end;
  if (isSame && known.passed >= LEAST_REQUESTS) known.requests = known.passed;
  known.used = known.requests;
  known.rise = 1;
}
